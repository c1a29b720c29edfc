/** Owns a stand-in of Slack on 127.0.0.1: Web API and Socket Mode of one made-up workspace, with faults. What it shows is what people would see. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  answerJson,
  readBody,
  refusal,
  type SlackCall,
  type SlackFault,
  type SlackPost,
  timeStamps,
} from './slack-wire.ts';
import { type Delivered, SocketSide } from './socket-side.ts';
import { BOT, callMethod, describeFile, type StoredFile, type Workspace } from './web-side.ts';

export const BOT_TOKEN = 'bot-token-of-the-stand-in';
export const APP_TOKEN = 'app-token-of-the-stand-in';

export interface Said {
  readonly ts: string;
  /** One for each event: `message`, and `app_mention` when the assistant is mentioned in a channel. */
  readonly deliveries: readonly Delivered[];
  /** Resolves when each of them is acknowledged. */
  readonly acknowledged: Promise<unknown>;
}

interface StandInOptions {
  /** Milliseconds after which an envelope is sent again. */
  readonly ackMs?: number;
  readonly pingMs?: number;
  readonly port?: number;
}

/** Starts it with the people U0001 (Ada) and U0002 (Bob), the channels C0001 and C0002, and the direct chat D0001. */
export async function startSlackStandIn(options: StandInOptions = {}): Promise<SlackStandIn> {
  const standIn = new SlackStandIn(options);
  await standIn.listen(options.port ?? 0);
  return standIn;
}

export class SlackStandIn {
  readonly calls: SlackCall[] = [];
  readonly socket: SocketSide;
  readonly space: Workspace = {
    users: new Map([
      ['U0001', 'Ada'],
      ['U0002', 'Bob'],
    ]),
    channels: new Map([
      ['C0001', []],
      ['C0002', []],
      ['D0001', []],
    ]),
    files: new Map(),
    whispers: [],
    nextTs: timeStamps(),
    origin: '',
  };
  /** Slack's answer to every token, while set: `invalid_auth`, `token_revoked`. */
  refused: string | undefined;
  /** Where `/files-pri/redirect` leads. */
  redirect = '';
  readonly #faults = new Map<string, SlackFault[]>();
  readonly #http = createServer((request, response) => void this.#handle(request, response));

  constructor({ ackMs = 3000, pingMs = 5000 }: StandInOptions) {
    this.socket = new SocketSide({ ackMs, pingMs });
    this.socket.attach(this.#http);
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#http.listen(port, '127.0.0.1', resolve);
    });
    this.space.origin = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get origin(): string {
    return this.space.origin;
  }

  async close(): Promise<void> {
    await this.socket.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => {
      this.#http.close(resolve);
    });
  }

  /** What people see in a channel, oldest first. */
  posts(channel: string): readonly SlackPost[] {
    return this.space.channels.get(channel) ?? [];
  }

  /** The next `times` calls of a method have this fault. */
  fail(method: string, fault: SlackFault, times = 1): void {
    const faults = this.#faults.get(method) ?? [];
    faults.push(...Array.from({ length: times }, () => fault));
    this.#faults.set(method, faults);
  }

  /** A person writes; Slack tells it by events. `extra` goes into the event. */
  say(channel: string, user: string, text: string, extra: Readonly<Record<string, unknown>> = {}): Said {
    const posts = this.space.channels.get(channel) ?? [];
    this.space.channels.set(channel, posts);
    const post: SlackPost = { ts: this.space.nextTs(), text, user, ...extra };
    posts.push(post);
    const event = { channel, team: BOT.teamId, ...post };
    const kind = channel.startsWith('D') ? 'im' : 'channel';
    const deliveries = [this.event({ type: 'message', channel_type: kind, ...event })];
    const isMention = text.includes(`<@${BOT.userId}>`) && kind !== 'im';
    if (isMention) deliveries.push(this.event({ ...event, type: 'app_mention', subtype: undefined }));
    const acknowledged = Promise.all(deliveries.map((delivery) => delivery.acknowledged));
    return { ts: post.ts, deliveries, acknowledged };
  }

  /** A person writes while Slack has given up telling the app: only the history has it. Returns its time stamp. */
  sayUnheard(channel: string, user: string, text: string): string {
    const ts = this.space.nextTs();
    this.space.channels.get(channel)?.push({ ts, text, user });
    return ts;
  }

  event(event: Readonly<Record<string, unknown>>, eventId: string = `Ev${randomUUID()}`): Delivered {
    const envelope = { team_id: BOT.teamId, api_app_id: 'A0001', event, type: 'event_callback', event_id: eventId };
    return this.socket.deliver('events_api', { ...envelope, event_time: Math.floor(Date.now() / 1000) });
  }

  addFile(name: string, mediaType: string, bytes: Buffer): ReturnType<typeof describeFile> {
    const file: StoredFile = { id: `F${9000 + this.space.files.size}`, name, mediaType, bytes, isShared: true };
    this.space.files.set(file.id, file);
    return describeFile(file, this.space.origin);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const body = await readBody(request).catch(() => Buffer.alloc(0));
    const [, place = '', id = ''] = pathname.split('/');
    if (place === 'upload') return this.#takeUpload(id, body, response);
    if (place === 'files-pri') return this.#giveFile(id.replace('T0001-', ''), request, response);
    if (place !== 'api') return answerJson(response, refusal('unknown_method'), 404);
    const call: SlackCall = {
      method: id,
      args: Object.fromEntries(new URLSearchParams(body.toString('utf8'))),
      token: tokenName(request.headers.authorization),
      at: Date.now(),
    };
    this.calls.push(call);
    const fault = this.#faults.get(call.method)?.shift();
    if (fault === undefined) return answerJson(response, this.#answer(call));
    await this.#beFaulty(fault, call, response);
  }

  #answer(call: SlackCall): Readonly<Record<string, unknown>> {
    if (this.refused !== undefined) return refusal(this.refused);
    if (call.method === 'apps.connections.open') {
      if (call.token !== 'app') return refusal(call.token === 'bot' ? 'not_allowed_token_type' : 'invalid_auth');
      return { ok: true, url: `${this.origin.replace('http', 'ws')}${this.socket.ticket()}` };
    }
    if (call.token !== 'bot') return refusal('invalid_auth');
    const answer = callMethod(call, this.space);
    // Slack tells an app of its own messages too.
    if (call.method === 'chat.postMessage' && answer['ok'] === true) {
      this.event({ type: 'message', channel: call.args['channel'], ...(answer['message'] as object) });
    }
    return answer;
  }

  async #beFaulty(fault: SlackFault, call: SlackCall, response: ServerResponse): Promise<void> {
    if (fault.kind === 'error') return answerJson(response, refusal(fault.error));
    if (fault.kind === 'status') {
      const wait = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
      const where = fault.location === undefined ? {} : { location: fault.location };
      response.writeHead(fault.status, { ...wait, ...where }).end(fault.body ?? '');
      return;
    }
    if (fault.kind === 'slow') {
      await new Promise((resolve) => {
        setTimeout(resolve, fault.ms);
      });
      return answerJson(response, this.#answer(call));
    }
    if (fault.isDone) this.#answer(call);
    if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  }

  #takeUpload(id: string, body: Buffer, response: ServerResponse): void {
    const file = this.space.files.get(id);
    if (file === undefined) return answerJson(response, refusal('not_found'), 404);
    file.bytes = body;
    response.end(`OK - ${body.length}`);
  }

  #giveFile(id: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.space.files.get(id);
    if (id === 'redirect') {
      response.writeHead(302, { location: this.redirect }).end();
    } else if (id === 'sign-in' || tokenName(request.headers.authorization) !== 'bot') {
      // What Slack does for a stranger: its sign-in page, with status 200.
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Sign in</html>');
    } else if (file === undefined) answerJson(response, refusal('file_not_found'), 404);
    else response.writeHead(200, { 'content-type': file.mediaType }).end(file.bytes);
  }
}

function tokenName(header: string | undefined): string {
  if (header === `Bearer ${BOT_TOKEN}`) return 'bot';
  return header === `Bearer ${APP_TOKEN}` ? 'app' : (header ?? 'none');
}
