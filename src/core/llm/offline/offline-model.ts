/** Owns offline mode: the same port as any model, with plain rules behind it. It never pretends to be a language model. */
import { NO_USAGE, type Message, type Part, type ToolResultPart } from '../../kernel/messages.ts';
import { newId } from '../../kernel/ids.ts';
import type { LanguageModel, ModelEvent, ModelRequest } from '../language-model.ts';
import { planFor } from './plans.ts';

export function createOfflineModel(): LanguageModel {
  return {
    provider: 'offline',
    model: 'offline',
    async *stream(request) {
      yield { type: 'response-start' };
      yield* respond(request);
    },
  };
}

function* respond(request: ModelRequest): Generator<ModelEvent> {
  const lastUser = request.messages.findLastIndex(({ role }) => role === 'user');
  const text = lastTextOf(request.messages[lastUser]);
  const plan = planFor({
    text,
    isKorean: /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/.test(text),
    tools: request.tools,
  });
  const results = request.messages
    .slice(lastUser + 1)
    .flatMap(({ parts }) => parts.filter((part): part is ToolResultPart => part.type === 'tool-result'));
  const failed = results.find(({ status }) => status !== 'ok');
  if (failed !== undefined) {
    yield* say(`${failed.name}: ${outOfFence(failed.output)}`);
    return;
  }
  const outputs = results.map(({ output }) => outOfFence(output));
  const next = plan.calls[outputs.length];
  if (next === undefined) {
    yield* say(plan.answer(outputs));
    return;
  }
  const call: Part = { type: 'tool-call', callId: `offline_${newId()}`, ...next(outputs) };
  yield { type: 'response-end', parts: [call], stopReason: 'tool-calls', usage: NO_USAGE };
}

/** The fence around what comes from outside is for models that may obey it; a rule only repeats it. */
function outOfFence(output: string): string {
  const [, body = output] = /^<outside-content source="\w+">\n([\s\S]*)\n<\/outside-content>$/.exec(output) ?? [];
  return body;
}

/** The newest thing the user said, without claw's remarks and attached files. */
function lastTextOf(message: Message | undefined): string {
  const texts = message?.parts.filter(
    (part) => part.type === 'text' && (part.provenance === 'user' || part.provenance === 'owner'),
  );
  const last = texts?.at(-1);
  return last?.type === 'text' ? outOfRoom(last.text) : '';
}

/** In a room a message is an element with its sender, and begins with the assistant's name. */
function outOfRoom(text: string): string {
  const [, words] = /^<message [^>]*>([^<]*)<\/message>$/.exec(text) ?? [];
  if (words === undefined) return text;
  const plain = words.replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
  return plain.replace(/^\s*@\S+\s*/, '');
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

function* say(text: string): Generator<ModelEvent> {
  yield { type: 'text-delta', text };
  const parts: Part[] = [{ type: 'text', text, provenance: 'assistant' }];
  yield { type: 'response-end', parts, stopReason: 'complete', usage: NO_USAGE };
}
