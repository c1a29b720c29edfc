/** Owns the provider `replay`: it gives recorded answers in order, each once. No network, no key. */
import { readFile } from 'node:fs/promises';
import { ClawError } from '../../kernel/errors.ts';
import { lazy } from '../../kernel/lazy.ts';
import type { Message } from '../../kernel/messages.ts';
import { ModelFailure, type LanguageModel, type ModelRequest } from '../language-model.ts';
import { parseRecording, type RecordedAnswer } from './recording.ts';

/** A model that answers from the recording at `file`, which is read at the first call. Throws `data-invalid`, and `not-found` when there is no such file. */
export function createReplayModel(file: string): LanguageModel {
  const unused = lazy(async () => parseRecording(await read(file), file));
  return {
    provider: 'replay',
    model: 'recording',
    async *stream(request) {
      const answer = takeAnswer(await unused(), request);
      for (const event of answer.events) {
        throwIfCancelled(request);
        yield event;
      }
      throwIfCancelled(request);
      if (answer.failure !== undefined) throw answer.failure;
    },
  };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ClawError('not-found', `There is no recording ${file}.`, {
      hint: 'Set REPLAY_FILE to a file of recorded answers.',
    });
  }
}

/** The first answer left that is for this request. */
function takeAnswer(unused: RecordedAnswer[], { messages }: ModelRequest): RecordedAnswer {
  const words = newestUserText(messages);
  const at = unused.findIndex(({ when }) => when === undefined || words.includes(when));
  const [answer] = at === -1 ? [] : unused.splice(at, 1);
  if (answer !== undefined) return answer;
  throw new ModelFailure('invalid-request', 'The recording has no answer left for this call.', { provider: 'replay' });
}

function newestUserText(messages: readonly Message[]): string {
  const newest = messages.findLast(({ role }) => role === 'user');
  return (newest?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

function throwIfCancelled({ signal }: ModelRequest): void {
  if (signal.aborted) throw new ModelFailure('cancelled', 'Stopped.', { provider: 'replay', cause: signal.reason });
}
