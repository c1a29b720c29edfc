/** Owns taking over what acts by itself: tasks, which rest until somebody resumes them, and webhooks, which are off until somebody confirms them. Nothing runs at an import. */
import type { User } from '../access/local-user.ts';
import { isChatId, normaliseChatId } from '../conversations/chat-id.ts';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/messages.ts';
import type { Store } from '../store/store.ts';
import { WEBHOOK_EVENTS } from '../store/webhooks-table.ts';
import type { ImportedTask, ImportedWebhook } from './imported.ts';
import { type ImportRun, ownerOf, skip, type Taker } from './taker.ts';

/** A task as the service of tasks takes it. */
export interface WantedTask {
  readonly id: string;
  readonly chatId?: string;
  readonly prompt?: string;
  readonly tool?: string;
  readonly toolInput?: JsonObject;
  readonly type: ImportedTask['type'];
  readonly value: string;
  readonly zone: string;
  readonly context?: 'group' | 'isolated';
  /** Why it rests; absent: it is active at once. */
  readonly paused?: string;
}

export interface TaskMaker {
  /** Throws what is wrong with it; stores nothing. */
  check(owner: User, task: WantedTask): Promise<void>;
  /** Stores it; gives its id. */
  create(owner: User, task: WantedTask): Promise<string>;
  /** The zone of tasks that name none. */
  readonly zone: string;
}

export function takeTask(store: Store, run: ImportRun, tasks: TaskMaker): Taker<ImportedTask> {
  const seen = new Set<string>();
  return {
    async decide(item) {
      const owner = ownerOf(run, item.owner);
      const { prompt, tool, toolInput, context } = item;
      const chatId = await knownChat(store, item.jid);
      const task: WantedTask = {
        id: taskName(item.name),
        type: item.type,
        value: item.value,
        zone: item.zone ?? tasks.zone,
        ...(chatId === undefined ? {} : { chatId }),
        ...(prompt === undefined ? {} : { prompt }),
        ...(tool === undefined ? {} : { tool, ...(toolInput === undefined ? {} : { toolInput }) }),
        ...(context === undefined ? {} : { context }),
        ...(run.activates && item.isActive ? {} : { paused: `imported from ${run.label}` }),
      };
      const mine = await store.tasks.named(owner.id, task.id);
      if (mine !== undefined) return { state: 'already', targetId: mine.id };
      if (seen.has(`${owner.id} ${task.id}`)) return skip('another one there has the same name');
      seen.add(`${owner.id} ${task.id}`);
      await checkTask(tasks, owner, task);
      const isLost = item.jid !== undefined && chatId === undefined && !isTaken(run, item.jid);
      return {
        state: 'new',
        ...(isLost ? { remark: 'Its chat is not known here: its answers are kept, and sent nowhere.' } : {}),
        perform: () => tasks.create(owner, task),
      };
    },
  };
}

/** A dry run makes no room, but would. */
function isTaken({ rooms }: ImportRun, jid: string): boolean {
  return isChatId(jid) && rooms.has(normaliseChatId(jid).jid);
}

async function checkTask(tasks: TaskMaker, owner: User, task: WantedTask): Promise<void> {
  try {
    await tasks.check(owner, task);
  } catch (error) {
    const isPast = error instanceof ClawError && task.type === 'once' && error.message.endsWith(' is in the past.');
    throw isPast ? new ClawError('usage-invalid', 'it was to run once, and that time is past') : error;
  }
}

async function knownChat({ rooms }: Store, jid: string | undefined): Promise<string | undefined> {
  if (jid === undefined || !isChatId(jid)) return undefined;
  const chat = normaliseChatId(jid).jid;
  return (await rooms.isKnown(chat)) ? chat : undefined;
}

function taskName(text: string): string {
  const name = text
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replaceAll(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 64);
  return name === '' ? 'imported' : name;
}

/** Addresses of webhooks may be as good as keys: what is wrong with one is told without it. */
async function checkUrl(check: (url: string) => Promise<unknown>, url: string): Promise<void> {
  try {
    await check(url);
  } catch (error) {
    if (!(error instanceof ClawError)) throw error;
    throw new ClawError('usage-invalid', 'claw may not call its address: it wants https and a public host');
  }
}

/** Adds a webhook that is switched off; gives its id. Throws what is wrong with its address. */
export type AddWebhook = (
  owner: User,
  webhook: { url: string; events: readonly string[]; secret: string | undefined; reason: string },
) => Promise<string>;

export function takeWebhook(
  store: Store,
  run: ImportRun,
  { check, add }: { readonly check: (url: string) => Promise<unknown>; readonly add: AddWebhook },
): Taker<ImportedWebhook> {
  const known: readonly string[] = WEBHOOK_EVENTS;
  return {
    async decide({ owner, url, events: wanted, secret }) {
      const user = ownerOf(run, owner);
      const events = [...new Set(wanted)].filter((event) => known.includes(event));
      if (events.length === 0) return skip('claw has none of its events');
      await checkUrl(check, url);
      const same = (await store.webhooks.list(user.id)).find((row) => row.url === new URL(url).href);
      if (same !== undefined) return { state: 'already', targetId: same.id };
      return {
        state: 'new',
        remark: 'It is off until you confirm it, and its signature is in the header x-claw-signature.',
        perform: () => add(user, { url, events, secret, reason: `imported from ${run.label}: confirm it` }),
      };
    },
  };
}
