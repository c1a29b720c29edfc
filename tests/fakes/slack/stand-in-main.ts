/** The stand-in of Slack as a process of its own. It prints `{"origin":…,"control":…}` on one line; control is HTTP with JSON: POST say, unheard, event, envelope, fail, disconnect, drop, refuse, stop; GET posts?channel=, calls, state. Arguments: port of the stand-in, port of control (0: any). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSlackStandIn } from './slack-stand-in.ts';
import { answerJson, readBody, type SlackFault } from './slack-wire.ts';

interface Order {
  readonly channel?: string;
  readonly user?: string;
  readonly text?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly event?: Readonly<Record<string, unknown>>;
  readonly type?: string;
  readonly payload?: unknown;
  readonly method?: string;
  readonly fault?: SlackFault;
  readonly times?: number;
  readonly reason?: string;
  readonly code?: number;
  readonly error?: string;
}

const [port = '0', controlPort = '0'] = process.argv.slice(2);
const standIn = await startSlackStandIn({ port: Number(port) });
const { socket } = standIn;

const posts: Readonly<Record<string, (order: Order) => unknown>> = {
  say: ({ channel = 'C0001', user = 'U0001', text = '', extra }) => ({
    ts: standIn.say(channel, user, text, extra).ts,
  }),
  unheard: ({ channel = 'C0001', user = 'U0001', text = '' }) => ({ ts: standIn.sayUnheard(channel, user, text) }),
  event: ({ event = {} }) => ({ envelope_id: standIn.event(event).envelopeId }),
  envelope: ({ type = 'events_api', payload }) => ({ envelope_id: socket.deliver(type, payload).envelopeId }),
  fail: ({ method = '', fault, times }) => fault && standIn.fail(method, fault, times),
  disconnect: ({ reason = 'refresh_requested' }) => socket.disconnect(reason),
  drop: ({ code }) => socket.drop(code),
  refuse: ({ error }) => {
    standIn.refused = error;
  },
  stop: () => {
    control.close();
    void standIn.close();
  },
};

const gets: Readonly<Record<string, (query: URLSearchParams) => unknown>> = {
  posts: (query) => standIn.posts(query.get('channel') ?? 'C0001'),
  calls: () => standIn.calls,
  state: () => {
    const { connections, accepted, unacknowledged } = socket;
    return { connections, accepted, unacknowledged };
  },
};

const control = createServer((request, response) => {
  void readBody(request).then((body) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = url.pathname.replace('/control/', '');
    const act = request.method === 'POST' ? posts[name] : undefined;
    const look = request.method === 'GET' ? gets[name] : undefined;
    if (act !== undefined) answerJson(response, act(JSON.parse(body.toString('utf8') || '{}') as Order) ?? {});
    else if (look !== undefined) answerJson(response, look(url.searchParams));
    else answerJson(response, { error: 'unknown' }, 404);
  });
});
control.listen(Number(controlPort), '127.0.0.1', () => {
  const address = `http://127.0.0.1:${(control.address() as AddressInfo).port}/control`;
  process.stdout.write(`${JSON.stringify({ origin: standIn.origin, control: address })}\n`);
});
