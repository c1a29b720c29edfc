/** Owns the bridge from the app to the chat surfaces: everything as one user, nothing built before it is needed. */
import type { App } from '../core/create-app.ts';
import type { ConversationStory } from '../core/conversations/conversation-story.ts';
import { exportMarkdown } from '../core/conversations/export-conversation.ts';
import type { ModelListing } from '../core/llm/model-listings.ts';
import { budgetLine } from '../core/spending/budget-line.ts';
import type { ModelCallRow } from '../core/store/journal-tables.ts';
import { openAttachmentFiles } from './attachments.ts';
import type {
  Approvals,
  CallCost,
  ChatPort,
  Conversations,
  ConversationSummary,
  ModelChoice,
  Models,
} from './chat-port.ts';
import { loadHistory } from './input-history.ts';
import { openLookups } from './open-lookups.ts';
import type { ReplBackend } from './start-repl.tsx';

/** The provider that needs no model. */
const OFFLINE = 'offline';
/** Messages that a compaction on request leaves as they are. */
const KEPT_MESSAGES = 4;

/** The whole story of a conversation as JSON, the same as `claw conversation export` writes. */
export type StoryJson = (story: ConversationStory) => unknown;

/** claw as `userName` (the owner of the home when absent) sees it. Throws `not-found` for an unknown name. */
export async function openChat(app: App, userName: string | undefined, storyJson: StoryJson): Promise<ChatPort> {
  const user = await app.user(userName);
  return {
    async *send(message) {
      yield* (await app.chat()).send({ ...message, userId: user.id });
    },
    steer: async (conversationId, text) => (await app.chat()).steer(conversationId, user.id, text),
    conversations: openConversations(app, user.id, storyJson),
    models: openModels(app),
    approvals: openApprovals(app, user.id),
    lookups: openLookups(app, () => app.actor(userName)),
    async learn(conversationId, ms) {
      const { learning: passes } = await app.store();
      if (conversationId !== undefined) await (await app.learning()).end(conversationId);
      if (ms > 0 && (await passes.open(user.id)).length > 0)
        await (await app.learning()).run(AbortSignal.timeout(ms), user.id);
    },
    budgets: async () => (await (await app.budgets()).own(await app.actor(userName))).map(budgetLine),
    tools: async () => (await (await app.tools()).snapshot(user.id)).tools,
  };
}

/** What the REPL needs beside the chat. Secrets never reach the file of the history. */
export async function openReplBackend(app: App, port: ChatPort, cwd: string): Promise<ReplBackend> {
  const masker = await app.masker();
  const history = await loadHistory(app.paths.replHistory, (text) => masker.mask(text));
  return { port, files: openAttachmentFiles(cwd, app.paths.home), history };
}

function openConversations(app: App, userId: string, storyJson: StoryJson): Conversations {
  const service = () => app.conversations();
  return {
    list: async (limit) => (await (await service()).list(userId, { limit, offset: 0 })).map(summary),
    find: async (id) => summary(await (await service()).find(userId, id)),
    messages: async (id) => (await service()).messages(userId, id),
    async calls(id) {
      const { turns } = await (await service()).story(userId, id);
      return turns.flatMap(({ modelCalls }) => modelCalls.map(callCost));
    },
    async lastCall(id) {
      const { journal } = await app.store();
      const last = (await journal.turns((await (await service()).find(userId, id)).id)).at(-1);
      const call = last === undefined ? undefined : (await journal.modelCalls(last.id)).at(-1);
      return call === undefined ? undefined : callCost(call);
    },
    branch: async (id) => summary(await (await service()).branch(userId, id)),
    undo: async (id) => summary(await (await service()).undo(userId, id)),
    compact: async (id) => (await (await service()).compact(userId, id, KEPT_MESSAGES))?.up_to_seq,
    undoCompaction: async (id) => void (await (await service()).undoCompaction(userId, id)),
    async export(id, format) {
      const story = await (await service()).story(userId, id);
      return format === 'json' ? `${JSON.stringify(storyJson(story), null, 2)}\n` : exportMarkdown(story);
    },
  };
}

function summary({ id, title, updated_at }: { id: string; title: string; updated_at: number }): ConversationSummary {
  return { id, title, updatedAt: updated_at };
}

function callCost(row: ModelCallRow): CallCost {
  const { model, input_tokens, output_tokens, cached_tokens, cost_micro_usd } = row;
  return {
    model,
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    cachedTokens: cached_tokens,
    costUsd: cost_micro_usd === null ? null : cost_micro_usd / 1e6,
  };
}

function openApprovals(app: App, userId: string): Approvals {
  return {
    async pending() {
      const rows = await (await app.approvals()).list({ all: false });
      return rows.map(({ id, call_id, act, reason }) => ({ approvalId: id, callId: call_id ?? '', act, reason }));
    },
    detail: async (id) => (await (await app.approvals()).find(id)).detail,
    async decide(id, answer) {
      const scope = answer === 'no' ? 'once' : answer;
      await (await app.approvals()).decide(id, { isApproved: answer !== 'no', scope, by: userId });
    },
  };
}

function openModels(app: App): Models {
  return {
    async current() {
      const models = await app.models();
      const current = await models.current();
      if (current.provider !== OFFLINE) return choice(current);
      // The reason is told once in a process: here, before the first turn could tell it.
      const [notice] = (await models.resolve()).takeNotices();
      return { ...choice(current), missing: notice?.phrase ?? notice?.text ?? 'Offline mode.' };
    },
    list: async () => (await (await app.models()).list()).map(choice),
    choose: async (ref) => choice(await (await app.models()).choose(ref)),
  };
}

function choice({ provider, id, missing, contextTokens }: ModelListing): ModelChoice {
  return { ref: `${provider}/${id}`, missing, contextTokens };
}
