/** Owns recording: a model that does what another does and writes every answer down for the provider `replay`. The file holds what the model said, so it is the user's alone. */
import { appendFile } from 'node:fs/promises';
import { ModelFailure, type LanguageModel, type ModelEvent } from '../language-model.ts';

/** `model`, with each of its answers appended as one line of JSON to `file` (created 0600), failures included. */
export function recordModel(model: LanguageModel, file: string): LanguageModel {
  return {
    provider: model.provider,
    model: model.model,
    async *stream(request) {
      const events: ModelEvent[] = [];
      let failure: object | undefined;
      try {
        for await (const event of model.stream(request)) {
          events.push(event);
          yield event;
        }
      } catch (error) {
        if (error instanceof ModelFailure) failure = toJson(error);
        throw error;
      } finally {
        const line = JSON.stringify(failure === undefined ? { events } : { events, failure });
        await appendFile(file, `${line}\n`, { mode: 0o600 });
      }
    },
  };
}

function toJson({ kind, message, status, retryAfterMs }: ModelFailure): object {
  return { kind, message, status, retry_after_ms: retryAfterMs };
}
