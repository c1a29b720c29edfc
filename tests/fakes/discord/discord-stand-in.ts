/** Owns a stand-in of Discord on 127.0.0.1: HTTP API and gateway of one made-up server, with faults. What it shows is what people would see. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { APPLICATION, BOT, DiscordWorld, GUILD, TOKEN, type WireMessage, type WireUser } from './discord-world.ts';
import { GatewaySide } from './gateway-side.ts';

export interface DiscordCall {
  readonly method: string;
  /** Below `/api/v10`. */
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** What happens to a request: an answer instead, or silence or a reset after it was carried out. */
export type DiscordFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'accept-then-silence' }
  | { readonly kind: 'accept-then-reset' }
  | { readonly kind: 'slow'; readonly ms: number };

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Buffer;
}

export async function startDiscordStandIn(port = 0): Promise<DiscordStandIn> {
  const standIn = new DiscordStandIn();
  await standIn.listen(port);
  return standIn;
}

export class DiscordStandIn {
  readonly world = new DiscordWorld();
  readonly gateway = new GatewaySide();
  readonly calls: DiscordCall[] = [];
  readonly #faults: { readonly match: RegExp; readonly fault: DiscordFault; left: number }[] = [];
  readonly #http = createServer((request, response) => void this.#handle(request, response));
  origin = '';

  async listen(port: number): Promise<void> {
    this.gateway.attach(this.#http);
    await new Promise<void>((resolve) => this.#http.listen(port, '127.0.0.1', resolve));
    this.origin = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
    this.gateway.origin = this.origin;
  }

  async close(): Promise<void> {
    this.gateway.cut();
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  /** The next `times` requests whose `METHOD path` matches fail so. */
  fail(match: RegExp, fault: DiscordFault, times = 1): void {
    this.#faults.push({ match, fault, left: times });
  }

  /** A person says something: it is kept and sent to the bot. */
  say(channel: string, author: WireUser, content: string, more: Readonly<Record<string, unknown>> = {}): WireMessage {
    const message = this.world.message(channel, author, content, more);
    this.world.keep(message);
    this.gateway.dispatch('MESSAGE_CREATE', message);
    return message;
  }

  /** It is said while nobody hears it: only the history has it. */
  sayUnheard(channel: string, author: WireUser, content: string): WireMessage {
    const message = this.world.message(channel, author, content);
    this.world.keep(message);
    return message;
  }

  /** Calls of one kind: `POST /channels/600/messages`. */
  callsTo(match: RegExp): DiscordCall[] {
    return this.calls.filter(({ method, path }) => match.test(`${method} ${path}`));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const path = url.pathname.replace(/^\/api\/v10/, '');
    const { body, files } = await readRequest(request);
    const method = request.method ?? 'GET';
    this.calls.push({ method, path, body });
    const fault = this.#takeFault(`${method} ${path}`);
    if (fault?.kind === 'status')
      return send(response, { status: fault.status, body: fault.body ?? {} }, fault.headers);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const answer = this.#answer(request, { method, path, url, body, files });
    if (fault?.kind === 'accept-then-silence') return;
    if (fault?.kind === 'accept-then-reset') {
      request.socket.resetAndDestroy();
      return;
    }
    send(response, answer);
  }

  #takeFault(line: string): DiscordFault | undefined {
    const found = this.#faults.find(({ match, left }) => left > 0 && match.test(line));
    if (found !== undefined) found.left -= 1;
    return found?.fault;
  }

  #answer(request: IncomingMessage, call: Call): Answer {
    const { method, path, url } = call;
    if (path.startsWith('/attachments/')) {
      const bytes = this.world.files.get(path);
      return bytes === undefined ? { status: 404 } : { status: 200, bytes };
    }
    if (path.startsWith('/interactions/') && method === 'POST') return { status: 204 };
    if (path.startsWith('/webhooks/')) return { status: 200, body: { id: this.world.nextId() } };
    if (request.headers.authorization !== `Bot ${TOKEN}`) return refusal(401, 0, '401: Unauthorized');
    if (path === '/gateway/bot') {
      const limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
      return { status: 200, body: { url: this.origin.replace(/^http/, 'ws'), shards: 1, session_start_limit: limit } };
    }
    if (path === '/users/@me') return { status: 200, body: BOT };
    if (path === `/applications/${APPLICATION}/commands` && method === 'PUT') return { status: 200, body: call.body };
    const [, channel = '', rest = ''] = /^\/channels\/(\w+)(.*)$/.exec(path) ?? [];
    if (channel === '404') return refusal(404, 10_003, 'Unknown Channel');
    if (channel === '403') return refusal(403, 50_001, 'Missing Access');
    if (rest === '')
      return {
        status: 200,
        body: { id: channel, type: 0, ...(this.world.direct.has(channel) ? {} : { guild_id: GUILD }) },
      };
    if (rest === '/typing') return { status: 204 };
    if (rest === '/messages' && method === 'POST') return this.#create(channel, call);
    if (rest === '/messages') return this.#history(channel, url.searchParams);
    if (rest.startsWith('/messages/') && method === 'PATCH')
      return this.#edit(rest.slice('/messages/'.length), call.body);
    return refusal(404, 0, '404: Not Found');
  }

  #create(channel: string, { body, files }: Call): Answer {
    const content = typeof body['content'] === 'string' ? body['content'] : '';
    const nonce = typeof body['nonce'] === 'string' ? body['nonce'] : undefined;
    if (content.length > 2000 || (nonce?.length ?? 0) > 25) return refusal(400, 50_035, 'Invalid Form Body');
    if (content === '' && files.length === 0) return refusal(400, 50_006, 'Cannot send an empty message');
    const before = nonce !== undefined && body['enforce_nonce'] === true ? this.world.byNonce(nonce) : undefined;
    if (before !== undefined) return { status: 200, body: { ...before, nonce } };
    const reference = body['message_reference'];
    const message = this.world.message(
      channel,
      BOT,
      content,
      reference === undefined ? {} : { message_reference: reference },
    );
    this.world.keep(message);
    this.world.visible.push({ id: message.id, channel, content, nonce, body, files });
    if (nonce !== undefined) this.world.rememberNonce(nonce, message);
    // Only the event and this answer show the nonce.
    this.gateway.dispatch('MESSAGE_CREATE', { ...message, nonce });
    return { status: 200, body: { ...message, nonce } };
  }

  #edit(id: string, { content }: Record<string, unknown>): Answer {
    const shown = this.world.visible.find((message) => message.id === id);
    if (shown === undefined) return refusal(404, 10_008, 'Unknown Message');
    if (typeof content === 'string') shown.content = content;
    return { status: 200, body: { id } };
  }

  /** Youngest first, as Discord does. */
  #history(channel: string, query: URLSearchParams): Answer {
    const after = BigInt(query.get('after') ?? '0');
    const limit = Number(query.get('limit') ?? '50');
    const said = (this.world.history.get(channel) ?? []).filter(({ id }) => BigInt(id) > after).slice(0, limit);
    return { status: 200, body: said.toReversed().map((message) => ({ ...message, guild_id: undefined })) };
  }
}

interface Call extends DiscordCall {
  readonly url: URL;
  readonly files: readonly { readonly name: string; readonly type: string; readonly bytes: number }[];
}

async function readRequest(request: IncomingMessage): Promise<Pick<Call, 'body' | 'files'>> {
  const bytes = await buffer(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    return { body: bytes.length === 0 ? {} : (JSON.parse(bytes.toString()) as Record<string, unknown>), files: [] };
  }
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData();
  const parts = [...form.values()].filter((part) => part instanceof File);
  const payload = form.get('payload_json');
  return {
    body: JSON.parse(typeof payload === 'string' ? payload : '{}') as Record<string, unknown>,
    files: parts.map((file) => ({ name: file.name, type: file.type, bytes: file.size })),
  };
}

function refusal(status: number, code: number, message: string): Answer {
  return { status, body: { message, code } };
}

function send(
  response: ServerResponse,
  { status, body, bytes }: Answer,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': bytes === undefined ? 'application/json' : 'application/octet-stream',
    ...headers,
  });
  response.end(bytes ?? (body === undefined ? '' : JSON.stringify(body)));
}
