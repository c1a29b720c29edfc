/** Owns the shapes that the stand-in of Slack speaks, and the faults it can be told to have. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface SlackPost {
  ts: string;
  text: string;
  user?: string;
  bot_id?: string;
  thread_ts?: string;
  blocks?: unknown;
  metadata?: unknown;
  files?: unknown;
  edited?: boolean;
}

/** One call of the Web API, as it came in. */
export interface SlackCall {
  readonly method: string;
  readonly args: Readonly<Record<string, string>>;
  /** `bot`, `app`, or what else was in the header. */
  readonly token: string;
  readonly at: number;
}

/** `isDone`: the call has its effect before the fault shows. */
export type SlackFault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfter?: number;
      readonly body?: string;
      readonly location?: string;
    }
  | { readonly kind: 'error'; readonly error: string }
  | { readonly kind: 'hang'; readonly isDone: boolean }
  | { readonly kind: 'reset'; readonly isDone: boolean }
  | { readonly kind: 'slow'; readonly ms: number };

export type SlackAnswer = Readonly<Record<string, unknown>>;

export function refusal(error: string): SlackAnswer {
  return { ok: false, error };
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** Slack's time stamps: seconds and a counter; never the same twice. */
export function timeStamps(): () => string {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now() * 1000);
    return `${Math.floor(last / 1_000_000)}.${String(last % 1_000_000).padStart(6, '0')}`;
  };
}
