/** Owns what the tests of tasks share: a home on a real store whose time the test sets, and a tool that answers what the test says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { localOwner } from '../../../src/core/access/local-user.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import type { TaskInput } from '../../../src/core/tasks/create-task.ts';
import { claimDue, type Claimed } from '../../../src/core/tasks/ledger.ts';
import { runTask, type RunDeps, type ToolResult } from '../../../src/core/tasks/run-task.ts';
import type { TaskActor } from '../../../src/core/tasks/task-actor.ts';
import { createTaskService } from '../../../src/core/tasks/task-service.ts';

export const HOUR = 3_600_000;
export const START = Date.parse('2026-03-02T10:00:00Z');
export const onTrouble = (error: Error): void => {
  throw error;
};

/** A home whose time is set by the test. */
export async function taskWorld(start = START) {
  const folder = await mkdtemp(join(tmpdir(), 'claw-tasks-'));
  const file = join(folder, 'claw.db');
  const stores: Store[] = [];
  onTestFinished(async () => {
    for (const each of stores) await each.close();
    await rm(folder, { recursive: true, force: true });
  });
  const time = { now: start };
  const clock = {
    now: () => time.now,
    elapsed: () => time.now,
    // Without a signal it is a wait before another try; with one it lasts until it is ended.
    sleep: (_: number, signal?: AbortSignal) =>
      signal === undefined
        ? Promise.resolve()
        : new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
  };
  const open = (): Store => {
    const store = openStore({ file, snapshotFolder: folder, now: time.now });
    stores.push(store);
    return store;
  };
  const store = open();
  const user = await localOwner(store, clock);
  const actor: TaskActor = { user, chatId: null, isAll: true };
  const service = createTaskService({ store, clock, maxPerUser: 50, maxPromptChars: 10_000 });
  const answer: { now: ToolResult } = { now: { status: 'ok', output: 'done' } };
  const ran: number[] = [];
  const deps: RunDeps = {
    store,
    clock,
    chat: () => Promise.reject(new Error('no chat here')),
    runTool: async () => answer.now,
    live: new Set(),
  };
  const tick = async (): Promise<Claimed[]> => {
    const claimed = await claimDue({ store, clock }, { onTrouble });
    for (const each of claimed) {
      ran.push(each.run.due_at);
      await runTask(deps, each, new AbortController().signal);
    }
    return claimed;
  };
  /** Ticks until nothing is due. */
  const settle = async (): Promise<void> => {
    while ((await tick()).length > 0);
  };
  const create = (input: Partial<TaskInput> = {}) =>
    service.create(actor, { id: 't', tool: 'do_it', type: 'interval', value: '1h', zone: 'UTC', ...input });
  const ledger = async () =>
    (await service.history(actor, 't', 1_000_000)).toReversed().map((run) => `${hours(run.due_at)} ${run.state}`);
  const uid = async (): Promise<string> => (await service.find(actor, 't')).id;
  /** What waits to be sent since the last look. */
  const outbox = async (): Promise<string[]> => {
    const texts: string[] = [];
    for (const { id, chat_id: chat, text } of await store.outbox.heads()) {
      texts.push(`${chat} ${text}`);
      await store.outbox.change(id, { state: 'delivered' });
    }
    return texts;
  };
  const hours = (at: number): string => new Date(at).toISOString().slice(11, 16);
  return {
    time,
    store,
    open,
    deps,
    service,
    actor,
    answer,
    ran,
    tick,
    settle,
    create,
    ledger,
    hours,
    clock,
    outbox,
    uid,
  };
}
