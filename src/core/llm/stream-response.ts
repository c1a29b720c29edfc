/** Owns one streaming call over HTTP, whatever the SDK: it watches the wire, ends the call when it is cancelled or falls silent, and turns everything that goes wrong into a ModelFailure. */
import { type Clock, systemClock } from '../kernel/clock.ts';
import { toError } from '../kernel/errors.ts';
import { ModelFailure, type ModelEvent, type ModelRequest } from './language-model.ts';
import { estimateUsage } from './estimate-usage.ts';
import { failureOfEvent, failureOfResponse } from './http-failure.ts';

/** How long a provider may send nothing at all. Below the 300 s after which Node's own fetch gives up. */
const DEFAULT_IDLE_MS = 240_000;

export interface CallOptions {
  readonly provider: string;
  readonly request: ModelRequest;
  readonly idleMs?: number;
  readonly fetch?: typeof fetch;
  readonly clock?: Clock;
  /** Another address to try when `url` is not found there; undefined for none. */
  readonly otherUrl?: (url: string) => string | undefined;
}

/** What an adapter hands to its SDK. */
export interface Connection {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
}

/** Streams what `open` makes of the connection. Throws `ModelFailure`; an error before the provider answered that is not the wire's is thrown as it is. */
export async function* streamResponse(
  options: CallOptions,
  open: (connection: Connection) => AsyncIterable<ModelEvent>,
): AsyncGenerator<ModelEvent> {
  const wire = new WatchedWire(options);
  const events = open({ fetch: wire.fetch, signal: wire.signal })[Symbol.asyncIterator]();
  let isComplete = false;
  try {
    for (;;) {
      const next = await Promise.race([events.next(), wire.failed]);
      if (next.done === true) break;
      isComplete = next.value.type === 'response-end';
      yield next.value.type === 'response-end' ? counted(next.value, options.request) : next.value;
    }
    if (!isComplete) throw wire.broken('its answer ended before its end mark');
  } catch (thrown) {
    isComplete = false;
    throw wire.failureOf(thrown);
  } finally {
    wire.close();
    // Not awaited: an SDK may wait for a connection that is already given up.
    if (!isComplete) events.return?.().catch(() => undefined);
  }
}

type ResponseEnd = Extract<ModelEvent, { type: 'response-end' }>;

/** No answer takes no tokens: a provider that says so, or says nothing, did not count. */
function counted(end: ResponseEnd, request: ModelRequest): ResponseEnd {
  if (end.usage.inputTokens + end.usage.outputTokens > 0) return end;
  return { ...end, usage: estimateUsage(request, end.parts), isEstimated: true };
}

class WatchedWire {
  readonly #options: CallOptions;
  readonly #stop = new AbortController();
  readonly #idle: NodeJS.Timeout;
  readonly #idleMs: number;
  readonly #onAbort = (): void => this.#cancel();
  readonly #reject: (failure: ModelFailure) => void;
  #failure: ModelFailure | undefined;
  #isAccepted = false;
  /** Rejects at the first failure of the wire; never resolves. */
  readonly failed: Promise<never>;

  constructor(options: CallOptions) {
    this.#options = options;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.failed = promise;
    this.#reject = reject;
    this.#idleMs = options.idleMs ?? DEFAULT_IDLE_MS;
    this.#idle = setTimeout(() => this.#fallSilent(), this.#idleMs);
    const { signal } = options.request;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#cancel();
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const response = await this.#send(input, init);
    this.#idle.refresh();
    const { provider, clock = systemClock } = this.#options;
    if (!response.ok) throw this.#fail(await failureOfResponse(provider, response, clock.now()));
    if (response.headers.get('content-type')?.includes('text/html') === true) {
      const message = `${provider} answered with a web page instead of an API response; check its base URL.`;
      throw this.#fail(this.#failureAs('invalid-request', message, { status: response.status }));
    }
    this.#isAccepted = true;
    const body = response.body === null ? null : ReadableStream.from(this.#chunks(response.body, init?.signal));
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };

  broken(what: string, cause?: unknown): ModelFailure {
    const message = `The connection to ${this.#options.provider} broke: ${what}.`;
    return this.#failureAs('broken-stream', message, cause === undefined ? {} : { cause });
  }

  /** What `thrown` stands for. The first failure of the wire comes before whatever an SDK made of it. */
  failureOf(thrown: unknown): unknown {
    if (this.#failure !== undefined) return this.#failure;
    if (thrown instanceof ModelFailure || !this.#isAccepted) return thrown;
    const { error, status } = thrown as { error?: unknown; status?: unknown };
    if (typeof error === 'object' && error !== null) return failureOfEvent(this.#options.provider, error, undefined);
    if (typeof status === 'number')
      return failureOfEvent(this.#options.provider, jsonIn(toError(thrown).message), status);
    return this.broken('an event could not be read', thrown);
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#options.request.signal.removeEventListener('abort', this.#onAbort);
    this.#stop.abort();
  }

  async #send(input: Parameters<typeof fetch>[0], init: RequestInit | undefined): Promise<Response> {
    const { fetch: send = fetch, otherUrl, provider } = this.#options;
    // A redirect would carry the key in its header to wherever it points.
    const safe: RequestInit = { ...init, redirect: 'manual' };
    const url = input instanceof Request ? input.url : String(input);
    try {
      const response = await send(input, safe);
      const other = response.status === 404 ? otherUrl?.(url) : undefined;
      if (other === undefined) return response;
      await response.body?.cancel();
      return await send(other, safe);
    } catch (error) {
      const message = `${provider} cannot be reached at ${new URL(url).host} (${codeOf(error)}).`;
      throw this.#fail(this.#failureAs('network', message, { cause: error }));
    }
  }

  async *#chunks(
    body: ReadableStream<Uint8Array>,
    sdkSignal: AbortSignal | null | undefined,
  ): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of body) {
        this.#idle.refresh();
        yield chunk;
      }
    } catch (error) {
      // An SDK that threw closes its connection: that is no failure of the wire.
      if (sdkSignal?.aborted === true) throw error;
      throw this.#fail(this.broken(`the answer broke off (${codeOf(error)})`, error));
    }
  }

  #cancel(): void {
    this.#fail(this.#failureAs('cancelled', 'Stopped.', { cause: this.#options.request.signal.reason as unknown }));
  }

  #fallSilent(): void {
    const seconds = Math.round(this.#idleMs / 1000);
    const kind = this.#isAccepted ? 'broken-stream' : 'timeout';
    this.#fail(this.#failureAs(kind, `${this.#options.provider} sent nothing for ${seconds} s.`, {}));
  }

  /** Keeps the first failure, ends the call and returns what it failed with. */
  #fail(failure: ModelFailure): ModelFailure {
    this.#failure ??= failure;
    this.#reject(this.#failure);
    this.#stop.abort(this.#failure);
    return this.#failure;
  }

  #failureAs(kind: ModelFailure['kind'], message: string, details: { status?: number; cause?: unknown }): ModelFailure {
    return new ModelFailure(kind, message, { provider: this.#options.provider, ...details });
  }
}

/** The system's code of a network error, such as ECONNREFUSED; else its name. */
function codeOf(error: unknown): string {
  for (let each = error; each instanceof Error; each = each.cause) {
    if ('code' in each && typeof each.code === 'string') return each.code;
    if (each instanceof AggregateError) return codeOf(each.errors[0]);
  }
  return toError(error).name;
}

/** The JSON that Google's SDK puts into the message of an error event, after a prefix of its own. */
function jsonIn(message: string): unknown {
  try {
    return JSON.parse(message.slice(Math.max(0, message.indexOf('{'))));
  } catch {
    return {};
  }
}
