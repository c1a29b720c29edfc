/** A chat that answers from a script, for the REPL and its kin: every event can wait for the test, and what was asked is kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StopReason, TurnEvent } from '../../src/core/kernel/events.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type {
  CallCost,
  ChatPort,
  ConversationSummary,
  ModelChoice,
  OutgoingMessage,
  StoredMessage,
} from '../../src/repl/chat-port.ts';
import { phrase } from '../../src/core/kernel/language/phrase.ts';

/** An event to send, a text (a text-delta), or milliseconds to wait. */
export type Step = TurnEvent | string | number;

export interface FakeChat extends ChatPort {
  readonly sent: OutgoingMessage[];
  readonly steered: string[];
  /** Conversations that were told to have ended; null: what was left over. */
  readonly learned: (string | null)[];
  /** Answers to requests for approval, as `id answer`. */
  readonly decided: string[];
  readonly stored: { id: string; title: string; updatedAt: number; messages: StoredMessage[] }[];
}

export interface FakeChatOptions {
  /** The steps that answer a message; turn-start and turn-end are added. */
  readonly answer?: (message: OutgoingMessage) => readonly Step[];
  readonly models?: readonly ModelChoice[];
  readonly usage?: { inputTokens: number; outputTokens: number; cachedTokens: number; costUsd: number | null };
}

const USAGE = { inputTokens: 1200, outputTokens: 34, cachedTokens: 900, costUsd: 0.0031 };
const MODELS: readonly ModelChoice[] = [
  { ref: 'anthropic/fake-large', missing: undefined, contextTokens: 200_000 },
  { ref: 'openai/fake-small', missing: 'Set OPENAI_API_KEY.', contextTokens: 128_000 },
];

export function createFakeChat(options: FakeChatOptions = {}): FakeChat {
  const { answer = ({ text }) => [`You said: ${text}`], models = MODELS, usage = USAGE } = options;
  const sent: OutgoingMessage[] = [];
  const steered: string[] = [];
  const learned: (string | null)[] = [];
  const decided: string[] = [];
  const stored: FakeChat['stored'] = [];
  let running: string | undefined;
  const find = async (id: string): Promise<FakeChat['stored'][number]> => {
    const found = stored.find((each) => each.id.startsWith(id));
    if (found === undefined) throw new ClawError('not-found', `There is no conversation ${JSON.stringify(id)}.`);
    return found;
  };
  const copy = (from: FakeChat['stored'][number], count: number): ConversationSummary => {
    const made = { ...from, id: `conversation-${stored.length + 1}`, messages: from.messages.slice(0, count) };
    stored.unshift(made);
    return made;
  };
  const calls = async (id: string): Promise<CallCost[]> => {
    const turns = Math.floor((await find(id)).messages.length / 2);
    return Array.from({ length: turns }, () => ({ model: models[0]?.ref ?? 'fake/fake', ...usage }));
  };
  return {
    learned,
    learn: async (conversationId) => void learned.push(conversationId ?? null),
    sent,
    steered,
    decided,
    stored,
    async *send(message) {
      sent.push(message);
      const model = message.model ?? models[0]?.ref ?? 'fake/fake';
      const conversation = message.conversationId === undefined ? undefined : await find(message.conversationId);
      const into = conversation ?? {
        id: `conversation-${stored.length + 1}`,
        title: message.text.slice(0, 60),
        updatedAt: Date.now(),
        messages: [],
      };
      if (conversation === undefined) stored.unshift(into);
      running = into.id;
      const turnId = `turn-${sent.length}`;
      yield { type: 'turn-start', conversationId: into.id, turnId, model, resumed: false };
      let text = '';
      let stopReason: StopReason = 'complete';
      try {
        for (const step of answer(message)) {
          if (message.signal.aborted) throw message.signal.reason as Error;
          if (typeof step === 'number') await sleep(step, undefined, { signal: message.signal });
          else if (typeof step === 'string') {
            text += step;
            yield { type: 'text-delta', text: step };
          } else yield step;
        }
      } catch (error) {
        if (!message.signal.aborted) throw error;
        stopReason = 'interrupted';
      }
      running = undefined;
      into.messages.push({ role: 'user', parts: [{ type: 'text', text: message.text, provenance: 'owner' }] });
      into.messages.push({ role: 'assistant', parts: [{ type: 'text', text, provenance: 'assistant' }] });
      yield { type: 'turn-end', conversationId: into.id, turnId, model, text, stopReason, usage, tools: [] };
    },
    async steer(conversationId, text) {
      if (running !== conversationId) return false;
      steered.push(text);
      return true;
    },
    conversations: {
      list: async (limit) => stored.slice(0, limit),
      find,
      messages: async (id) => (await find(id)).messages,
      calls,
      lastCall: async (id) => (await calls(id)).at(-1),
      branch: async (id) => copy(await find(id), Infinity),
      undo: async (id) => copy(await find(id), (await find(id)).messages.length - 2),
      compact: async (id) => ((await find(id)).messages.length > 4 ? (await find(id)).messages.length - 4 : undefined),
      undoCompaction: async (id) => void (await find(id)),
      export: async (id, format) =>
        format === 'json' ? JSON.stringify(await find(id)) : `# ${(await find(id)).title}\n`,
    },
    lookups: {
      memories: async (query) => (query === 'nothing' ? [] : [{ name: 'facts/cat', text: `Momo *is* a cat ${query}` }]),
      knowledge: async (query) => (query === '' ? [] : [{ name: 'Manual, page 3', text: `About ${query}` }]),
      tasks: async () => [{ name: 'standup', text: 'At 09:00; next 2026-01-02T09:00:00.000Z' }],
    },
    models: {
      current: async () => models[0] ?? { ref: 'fake/fake', missing: undefined, contextTokens: null },
      list: async () => models,
      choose: async (ref) => {
        const found = models.find((model) => model.ref === ref);
        if (found === undefined) throw new ClawError('not-found', `There is no model ${ref}.`, { hint: 'See /model.' });
        if (found.missing !== undefined)
          throw new ClawError('auth-missing', `${ref} cannot be used.`, { hint: found.missing });
        return found;
      },
    },
    approvals: {
      pending: async () => [{ approvalId: 'waiting-1', callId: '', act: 'an act of before', reason: 'why' }],
      detail: async () => 'line one\nline two',
      decide: async (id, answer) => void decided.push(`${id} ${answer}`),
    },
    budgets: async () => [
      phrase('budgetLine', phrase('budgetOf', 'day', 'user', 'fake'), phrase('usedOf', '$0.10', '$5.00', 'money')),
    ],
    tools: async () => [
      { name: 'add_two_numbers', description: 'Adds two numbers and returns the sum.' },
      { name: 'read_text_file', description: 'Reads a text file. Only inside the granted folders.' },
    ],
  };
}
