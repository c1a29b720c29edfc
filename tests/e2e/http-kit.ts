/** Owns talking to the HTTP API of a running `claw serve` in tests. */
import type { RunningServe } from './serve-kit.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
}

interface Ask {
  readonly method?: string;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export function urlOf(serve: RunningServe, path: string): string {
  return `http://127.0.0.1:${serve.state().ports.http}${path}`;
}

/** Asks the API and reads the answer whole. */
export async function ask(serve: RunningServe, path: string, { method, body, headers }: Ask = {}): Promise<HttpAnswer> {
  const response = await fetch(urlOf(serve, path), {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
