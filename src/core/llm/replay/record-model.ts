/** Owns recording: a model that does what another does and writes every answer down for the provider `replay`. Secrets are masked before anything is written; the file is the user's alone. */
import { appendFile } from 'node:fs/promises';
import { ModelFailure, type LanguageModel, type ModelEvent } from '../language-model.ts';

export interface RecordOptions {
  /** Created with mode 0600. */
  readonly file: string;
  /** Masks every string of a JSON value. */
  readonly mask: <T>(value: T) => T;
}

/** `model`, with each of its answers appended as one line of JSON, failures included. Deltas that follow each other are written as one, so that a secret split over two of them is masked. */
export function recordModel(model: LanguageModel, { file, mask }: RecordOptions): LanguageModel {
  return {
    provider: model.provider,
    model: model.model,
    async *stream(request) {
      const events: ModelEvent[] = [];
      let failure: object | undefined;
      try {
        for await (const event of model.stream(request)) {
          keep(events, event);
          yield event;
        }
      } catch (error) {
        if (error instanceof ModelFailure) failure = toJson(error);
        throw error;
      } finally {
        const line = JSON.stringify(mask(failure === undefined ? { events } : { events, failure }));
        await appendFile(file, `${line}\n`, { mode: 0o600 });
      }
    },
  };
}

function keep(events: ModelEvent[], event: ModelEvent): void {
  const last = events.at(-1);
  if (event.type === 'waiting' || event.type === 'usage' || event.type === 'try-lost') return;
  if ((event.type === 'text-delta' || event.type === 'reasoning-delta') && last?.type === event.type) {
    events[events.length - 1] = { type: event.type, text: last.text + event.text };
  } else events.push(event);
}

function toJson({ kind, message, status, retryAfterMs }: ModelFailure): object {
  return { kind, message, status, retry_after_ms: retryAfterMs };
}
