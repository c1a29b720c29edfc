/** Owns what the chat tests share: a real store, a model that follows a script, tools that can be watched. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { type ChatService, createChatService } from '../../../src/core/conversations/chat-service.ts';
import type { ChatDeps, ReadyModel } from '../../../src/core/conversations/prepare-turn.ts';
import { fitOutput } from '../../../src/core/agent/fit-output.ts';
import { DEFAULT_INSTRUCTION } from '../../../src/core/agent/system-prompt.ts';
import { createContext } from '../../../src/core/agent/turn-context.ts';
import type { TurnLimits } from '../../../src/core/agent/turn.ts';
import { type Clock, systemClock } from '../../../src/core/kernel/clock.ts';
import type { TurnEnd, TurnEvent } from '../../../src/core/kernel/events.ts';
import type { JsonObject, Part, Usage } from '../../../src/core/kernel/messages.ts';
import type { ModelEvent, ModelRequest, ModelStopReason } from '../../../src/core/llm/language-model.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import type { ToolCallRequest, ToolDescription, ToolOutcome } from '../../../src/core/tools/tool-port.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { ENGLISH } from '../../../src/core/kernel/language/catalogue.ts';

/** One model response: what it streams, or a function that streams by hand. */
export type Reply =
  | {
      text?: string;
      calls?: { id: string; name: string; input: JsonObject; inputError?: string }[];
      stop?: ModelStopReason;
      usage?: Partial<Usage>;
    }
  | ((request: ModelRequest) => AsyncIterable<ModelEvent>);

export interface Kit {
  readonly chat: ChatService;
  readonly store: Store;
  readonly userId: string;
  readonly home: string;
  /** Requests the model got, as they were. */
  readonly requests: ModelRequest[];
  readonly toolCalls: ToolCallRequest[];
  readonly deps: ChatDeps;
  send(
    text: string,
    more?: Partial<Parameters<ChatService['send']>[0]>,
  ): Promise<{ events: TurnEvent[]; end: TurnEnd }>;
}

interface KitOptions {
  readonly home?: string;
  readonly limits?: Partial<TurnLimits>;
  readonly tools?: Record<
    string,
    Partial<ToolDescription> & { run: (request: ToolCallRequest) => Promise<ToolOutcome> }
  >;
  readonly price?: ReadyModel['price'];
  readonly secret?: string;
  readonly clock?: Clock;
}

const LIMITS: TurnLimits = {
  maxOutputTokens: 4096,
  maxToolRounds: 10,
  maxTokens: 1_000_000,
  maxCostMicroUsd: Infinity,
  maxMs: 60_000,
  toolTimeoutMs: 30_000,
  maxHistory: 50,
  contextTokens: 200_000,
};

export async function chatKit(script: readonly Reply[], options: KitOptions = {}): Promise<Kit> {
  const home = options.home ?? temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  onTestFinished(() => store.close());
  const requests: ModelRequest[] = [];
  const toolCalls: ToolCallRequest[] = [];
  const replies = [...script];
  const limits = { ...LIMITS, ...options.limits };
  const secret = options.secret ?? '\0none';
  const mask = (text: string): string => text.replaceAll(secret, '[masked]');
  const descriptions = Object.entries(options.tools ?? {}).map(([name, tool]): ToolDescription => ({
    name, description: name, inputSchema: { type: 'object' }, version: '1.0.0', origin: 'builtin', parallel: true, idempotent: false, provenance: 'tool', ...tool,
  })); // oxfmt-ignore
  const deps: ChatDeps = {
    store,
    clock: options.clock ?? systemClock,
    policy: {
      limits,
      maxMessageChars: 10_000,
      assistantName: 'claw',
      catalogue: ENGLISH,
      zone: 'Asia/Seoul',
      context: createContext('Asia/Seoul'),
      text: {
        mask,
        maskJson: (value) => JSON.parse(mask(JSON.stringify(value))) as typeof value,
        maskStream: () => ({ push: mask, flush: () => '' }),
        fit: (output, callId) => fitOutput({ spool: join(home, 'spool'), limit: 1_000 }, output, callId),
      },
      instruction: async () => DEFAULT_INSTRUCTION,
    },
    tools: {
      snapshot: async () => ({
        tools: descriptions,
        call: (request) => {
          toolCalls.push(request);
          const tool = options.tools?.[request.name];
          return tool === undefined ? Promise.resolve({ status: 'error', output: 'unknown' }) : tool.run(request);
        },
      }),
    },
    resolveModel: async () => ({
      ref: 'scripted/model',
      model: {
        provider: 'scripted',
        model: 'model',
        async *stream(request) {
          requests.push(JSON.parse(JSON.stringify({ ...request, signal: undefined })) as ModelRequest);
          const reply = replies.shift();
          if (reply === undefined) throw new Error('the script is over');
          yield* typeof reply === 'function' ? reply(request) : play(reply);
        },
      },
      contextTokens: limits.contextTokens,
      price: options.price ?? (() => 0),
      ceiling: () => 1_000_000,
      takeNotices: () => [],
    }),
  };
  const chat = createChatService(deps);
  const userId = (await localOwner(store, systemClock)).id;
  const send: Kit['send'] = async (text, more = {}) => {
    const events: TurnEvent[] = [];
    for await (const event of chat.send({ userId, text, signal: new AbortController().signal, ...more }))
      events.push(event);
    const end = events.at(-1);
    if (end?.type !== 'turn-end') throw new Error('no turn-end');
    return { events, end };
  };
  return { chat, store, userId, home, requests, toolCalls, deps, send };
}

export function* play(
  reply: Exclude<Reply, (request: ModelRequest) => AsyncIterable<ModelEvent>>,
): Generator<ModelEvent> {
  yield { type: 'response-start' };
  const parts: Part[] = [];
  if (reply.text !== undefined) {
    for (const word of reply.text.split(/(?<= )/)) yield { type: 'text-delta', text: word };
    parts.push({ type: 'text', text: reply.text, provenance: 'assistant' });
  }
  for (const { id, ...call } of reply.calls ?? []) parts.push({ type: 'tool-call', callId: id, ...call });
  const usage: Usage = { inputTokens: 10, outputTokens: 5, cachedTokens: 0, cacheWriteTokens: 0, ...reply.usage };
  yield {
    type: 'response-end',
    parts,
    stopReason: reply.stop ?? (reply.calls === undefined ? 'complete' : 'tool-calls'),
    usage,
  };
}

/** A tool that answers `output`. */
export const answers = (output: string) => ({ run: async (): Promise<ToolOutcome> => ({ status: 'ok', output }) });
