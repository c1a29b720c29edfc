/** A model that answers from a script, one entry per call, and keeps the requests it got. */
import { NO_USAGE, type Part, type Usage } from '../../src/core/kernel/messages.ts';
import {
  ModelFailure,
  type LanguageModel,
  type ModelEvent,
  type ModelRequest,
} from '../../src/core/llm/language-model.ts';

/** One step of a call: an event as it is, a part (its text is streamed, it joins the answer), or a failure to throw. */
export type ScriptStep = ModelEvent | Part | ModelFailure;

export interface ScriptedModel extends LanguageModel {
  /** The requests so far, in order. */
  readonly requests: ModelRequest[];
}

export interface ScriptedModelOptions {
  readonly provider?: string;
  readonly model?: string;
  /** Usage of every call whose end the script does not write out. */
  readonly usage?: Partial<Usage>;
  /** Awaited before the request is accepted. */
  readonly beforeStart?: (request: ModelRequest) => Promise<void>;
  /** Awaited before each step, so that a test can hold the stream. */
  readonly beforeStep?: (step: ScriptStep, call: number) => Promise<void> | void;
}

/** `calls[n]` is the script of call n; a call beyond the script fails the test. */
export function scriptedModel(
  calls: readonly (readonly ScriptStep[])[],
  options: ScriptedModelOptions = {},
): ScriptedModel {
  const requests: ModelRequest[] = [];
  const provider = options.provider ?? 'scripted';
  return {
    provider,
    model: options.model ?? 'scripted-1',
    requests,
    async *stream(request) {
      const call = requests.push(request) - 1;
      const script = calls[call];
      if (script === undefined) throw new Error(`the script has no call ${call + 1}`);
      const parts: Part[] = [];
      await options.beforeStart?.(request);
      yield { type: 'response-start' };
      for (const step of script) {
        await options.beforeStep?.(step, call);
        if (request.signal.aborted) throw new ModelFailure('cancelled', 'Stopped.', { provider });
        if (step instanceof ModelFailure) throw step;
        if (isEvent(step)) {
          yield step;
          if (step.type === 'response-end') return;
          continue;
        }
        parts.push(step);
        if (step.type === 'text') yield { type: 'text-delta', text: step.text };
        if (step.type === 'reasoning') yield { type: 'reasoning-delta', text: step.text };
      }
      const stopReason = parts.some(({ type }) => type === 'tool-call') ? 'tool-calls' : 'complete';
      yield { type: 'response-end', parts, stopReason, usage: { ...NO_USAGE, ...options.usage } };
    },
  };
}

function isEvent(step: ModelEvent | Part): step is ModelEvent {
  return ['response-start', 'waiting', 'usage', 'try-lost', 'text-delta', 'reasoning-delta', 'response-end'].includes(
    step.type,
  );
}
