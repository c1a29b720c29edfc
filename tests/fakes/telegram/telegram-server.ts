/** A stand-in for the Telegram Bot API on 127.0.0.1, written from its public documentation: long polling with its offsets, what a chat shows, and the ways it fails. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ShownMessage {
  readonly id: number;
  readonly chat: number;
  text: string;
  readonly replyTo: number | undefined;
  readonly thread: number | undefined;
  readonly buttons: readonly { readonly text: string; readonly callback_data: string }[];
  readonly file: string | undefined;
}

/** How the next request of a method fails. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly description?: string; readonly retryAfter?: number }
  /** The request is carried out and never answered. */
  | { readonly kind: 'swallow' }
  /** The request is carried out and its connection cut. */
  | { readonly kind: 'reset' }
  /** Nothing is carried out and the connection is cut. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'garbage' }
  /** A proxy in front answers, with a page. */
  | { readonly kind: 'page'; readonly status: number; readonly retryAfter?: number }
  /** The answer begins and never ends. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'slow'; readonly ms: number };

interface Update {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

const BOT = { id: 999, is_bot: true, first_name: 'Claw', username: 'claw_test_bot' };
export const TOKEN = '999:made-up-token-of-the-stand-in';

export class TelegramServer {
  readonly shown: ShownMessage[] = [];
  /** Every request, in order. */
  readonly calls: { readonly method: string; readonly body: Record<string, unknown>; readonly raw: string }[] = [];
  /** Updates not confirmed yet. */
  readonly #updates: Update[] = [];
  readonly #polls = new Set<() => void>();
  readonly #faults = new Map<string, Fault[]>();
  readonly #files = new Map<string, Buffer>();
  readonly #watchers = new Set<() => void>();
  readonly #readers = new Set<(message: ShownMessage) => void>();
  readonly #server: Server;
  #nextUpdate = 1;
  #nextMessage = 100;
  url = '';

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** The next requests of `method` fail so, one after the other. */
  fail(method: string, ...faults: Fault[]): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), ...faults]);
  }

  /** A person writes; returns the id of the message. */
  say(words: string, more: Record<string, unknown> = {}): number {
    const id = (this.#nextMessage += 1);
    this.update({ message: personMessage(id, words, more) });
    return id;
  }

  /** Any update; the same again with `times`. */
  update(content: Record<string, unknown>, times = 1): void {
    for (let time = 0; time < times; time += 1) {
      this.#updates.push({ update_id: this.#nextUpdate, ...content });
      this.#nextUpdate += 1;
    }
    for (const wake of this.#polls) wake();
  }

  /** Calls `watch` for every message that is shown, until the function it returns is called. */
  onShown(watch: (message: ShownMessage) => void): () => void {
    this.#readers.add(watch);
    return () => this.#readers.delete(watch);
  }

  addFile(id: string, bytes: Buffer): void {
    this.#files.set(id, bytes);
  }

  /** Updates that no later offset has confirmed. */
  get unconfirmed(): number {
    return this.#updates.length;
  }

  textsIn(chat: number): string[] {
    return this.shown.filter((message) => message.chat === chat).map((message) => message.text);
  }

  /** Resolves as soon as `isTrue` holds; looks again after each request. */
  async until(isTrue: () => boolean, limitMs = 10_000): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the stand-in waited in vain')), limitMs);
      const look = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url ?? '');
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    if (file !== null) return this.#sendFile(response, file[1] ?? '', file[2] ?? '');
    const [, token, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    const raw = await text(request);
    if (token !== TOKEN) return reply(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    const body = readBody(request.headers['content-type'] ?? '', raw);
    this.calls.push({ method, body, raw });
    const fault = this.#faults.get(method)?.shift();
    await this.#carryOut(response, method, body, fault);
    this.#look();
  }

  #look(): void {
    for (const look of this.#watchers) look();
  }

  async #carryOut(
    response: ServerResponse,
    method: string,
    body: Record<string, unknown>,
    fault: Fault | undefined,
  ): Promise<void> {
    switch (fault?.kind) {
      case 'status': {
        const { status, description = 'made to fail', retryAfter } = fault;
        const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
        return reply(response, status, { ok: false, error_code: status, description, ...parameters });
      }
      case 'drop':
        response.destroy();
        return;
      case 'garbage':
        response.end('<html>not JSON</html>');
        return;
      case 'page':
        if (fault.retryAfter !== undefined) response.setHeader('retry-after', fault.retryAfter);
        response.writeHead(fault.status, { 'content-type': 'text/html' });
        response.end('<html><h1>Bad Gateway</h1></html>');
        return;
      case 'stall':
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"ok":true,');
        return;
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, fault.ms));
        break;
      default:
    }
    const result = await this.#do(method, body, response);
    if (fault?.kind === 'swallow') return;
    if (fault?.kind === 'reset') {
      response.destroy();
      return;
    }
    reply(response, 'error_code' in result ? (result.error_code as number) : 200, result);
  }

  async #do(method: string, body: Record<string, unknown>, response: ServerResponse): Promise<Record<string, unknown>> {
    switch (method) {
      case 'getMe':
        return { ok: true, result: BOT };
      case 'getUpdates':
        return { ok: true, result: await this.#getUpdates(body, response) };
      case 'sendMessage':
      case 'sendPhoto':
      case 'sendDocument':
        return this.#show(body);
      case 'editMessageText':
        return this.#edit(body);
      case 'getFile': {
        const id = String(body['file_id']);
        const bytes = this.#files.get(id);
        if (bytes === undefined) return { ok: false, error_code: 400, description: 'Bad Request: invalid file_id' };
        return { ok: true, result: { file_id: id, file_size: bytes.length, file_path: `files/${id}` } };
      }
      default:
        return { ok: true, result: true };
    }
  }

  /** What is below the offset is confirmed and gone. Waits for something to come, at most `timeout` seconds. */
  async #getUpdates(body: Record<string, unknown>, response: ServerResponse): Promise<readonly Update[]> {
    const offset = Number(body['offset'] ?? 0);
    while ((this.#updates[0]?.update_id ?? Infinity) < offset) this.#updates.shift();
    this.#look();
    if (this.#updates.length === 0 && Number(body['timeout'] ?? 0) > 0) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#polls.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Number(body['timeout']) * 1000);
        response.once('close', wake);
        this.#polls.add(wake);
      });
    }
    return this.#updates.slice(0, 100);
  }

  #show(body: Record<string, unknown>): Record<string, unknown> {
    const chat = Number(body['chat_id']);
    const shownText = stripTags(wordsOf(body['text'] ?? body['caption']), body['parse_mode']);
    if (shownText === '' && body['text'] !== undefined)
      return { ok: false, error_code: 400, description: 'Bad Request: message text is empty' };
    if (shownText.length > 4096) return { ok: false, error_code: 400, description: 'Bad Request: message is too long' };
    const id = (this.#nextMessage += 1);
    const reply = parsed(body['reply_parameters']) as { message_id?: number } | undefined;
    const markup = parsed(body['reply_markup']) as { inline_keyboard?: ShownMessage['buttons'][] } | undefined;
    const message: ShownMessage = {
      id,
      chat,
      text: shownText,
      replyTo: reply?.message_id,
      thread: body['message_thread_id'] === undefined ? undefined : Number(body['message_thread_id']),
      buttons: markup?.inline_keyboard?.flat() ?? [],
      file: body['photo'] === undefined && body['document'] === undefined ? undefined : 'a file',
    };
    this.shown.push(message);
    for (const read of this.#readers) read(message);
    return { ok: true, result: { message_id: id, date: 1, chat: { id: chat, type: 'private' }, text: shownText } };
  }

  #edit(body: Record<string, unknown>): Record<string, unknown> {
    const target = this.shown.find(({ id }) => id === Number(body['message_id']));
    if (target === undefined)
      return { ok: false, error_code: 400, description: 'Bad Request: message to edit not found' };
    const next = stripTags(wordsOf(body['text']), body['parse_mode']);
    if (target.text === next)
      return { ok: false, error_code: 400, description: 'Bad Request: message is not modified' };
    target.text = next;
    return { ok: true, result: { message_id: target.id, date: 1, chat: { id: target.chat, type: 'private' } } };
  }

  #sendFile(response: ServerResponse, token: string, path: string): void {
    const bytes = token === TOKEN ? this.#files.get(path.replace(/^files\//, '')) : undefined;
    if (bytes === undefined) reply(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
    else response.end(bytes);
  }
}

function personMessage(id: number, words: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    message_id: id,
    date: 1_800_000_000,
    chat: { id: 42, type: 'private', first_name: 'Ann' },
    from: { id: 42, is_bot: false, first_name: 'Ann' },
    text: words,
    ...more,
  };
}

function readBody(type: string, raw: string): Record<string, unknown> {
  if (type.startsWith('application/json')) return JSON.parse(raw === '' ? '{}' : raw) as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  // Enough of multipart/form-data to see which fields there are.
  for (const [, name = '', value = ''] of raw.matchAll(/name="(\w+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n([^\r]*)\r\n/g))
    fields[name] = value;
  return fields;
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}

function stripTags(html: string, mode: unknown): string {
  if (mode !== 'HTML') return html;
  return html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
