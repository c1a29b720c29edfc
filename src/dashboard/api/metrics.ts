/** Owns reading the counts of the server. Source of the format: Prometheus, text exposition format 0.0.4. */
import { ApiError } from './client.ts';

export interface Sample {
  /** Name with its labels, as they are written. */
  readonly name: string;
  readonly value: number;
}

/** Asks for all of them. Throws `ApiError`. */
export async function readMetrics(signal: AbortSignal): Promise<readonly Sample[]> {
  const answer = await fetch('/metrics', { signal, cache: 'no-store', credentials: 'same-origin' }).catch(
    () => undefined,
  );
  signal.throwIfAborted();
  if (answer === undefined) throw new ApiError(0, { code: 'offline' });
  if (!answer.ok) throw new ApiError(answer.status, { detail: `HTTP ${answer.status}` });
  return parseMetrics(await answer.text());
}

/** Every sample of a text; comments and what is no sample are left out. */
function parseMetrics(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^([a-zA-Z_:][\w:]*(?:\{.*\})?) (\S+)(?: \d+)?$/.exec(line) ?? [];
    return name === undefined || Number.isNaN(Number(value)) ? [] : [{ name, value: Number(value) }];
  });
}
