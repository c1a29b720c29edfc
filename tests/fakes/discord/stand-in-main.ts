/** The stand-in of Discord as a process of its own. It prints `{"origin":…,"control":…}` on one line; control is HTTP with JSON: POST say, event, raw, fail, gateway, close, drop, stop; GET posts?channel=, calls, state. Arguments: port of the stand-in, port of control (0: any). */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type DiscordFault, startDiscordStandIn } from './discord-stand-in.ts';
import { ADA, ROOM, type WireUser } from './discord-world.ts';
import type { GatewayFaults } from './gateway-side.ts';

interface Order {
  readonly channel?: string;
  readonly user?: WireUser;
  readonly text?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly data?: unknown;
  readonly frame?: unknown;
  /** A regular expression over `POST /channels/600/messages`. */
  readonly match?: string;
  readonly fault?: DiscordFault;
  readonly times?: number;
  readonly code?: number;
  readonly faults?: Partial<GatewayFaults>;
}

const [port = '0', controlPort = '0'] = process.argv.slice(2);
const standIn = await startDiscordStandIn(Number(port));

const posts: Readonly<Record<string, (order: Order) => unknown>> = {
  say: ({ channel = ROOM, user = ADA, text: words = '', extra }) => ({
    id: standIn.say(channel, user, words, extra).id,
  }),
  event: ({ type = '', data, times }) => standIn.gateway.dispatch(type, data, times),
  raw: ({ frame }) => standIn.gateway.raw(frame),
  fail: ({ match = '.', fault, times }) => fault && standIn.fail(new RegExp(match), fault, times),
  gateway: ({ faults = {} }) => void Object.assign(standIn.gateway.faults, faults),
  close: ({ code = 4000 }) => standIn.gateway.close(code),
  drop: () => standIn.gateway.cut(),
  stop: () => {
    control.close();
    void standIn.close();
  },
};

const gets: Readonly<Record<string, (query: URLSearchParams) => unknown>> = {
  posts: (query) => standIn.world.visible.filter(({ channel }) => channel === (query.get('channel') ?? ROOM)),
  calls: () => standIn.calls,
  state: () => {
    const { open, identified, resumed } = standIn.gateway;
    return { connections: open, identified, resumed };
  },
};

async function obey(request: IncomingMessage): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const name = url.pathname.replace('/control/', '');
  const body = await text(request);
  if (request.method === 'POST') return posts[name]?.(JSON.parse(body || '{}') as Order) ?? {};
  return gets[name]?.(url.searchParams) ?? { error: 'unknown' };
}

const control = createServer((request, response) => {
  void obey(request).then((answer) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
});
control.listen(Number(controlPort), '127.0.0.1', () => {
  const address = `http://127.0.0.1:${(control.address() as AddressInfo).port}/control`;
  process.stdout.write(`${JSON.stringify({ origin: standIn.origin, control: address })}\n`);
});
