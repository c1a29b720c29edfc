import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Store } from '../../../src/core/store/store.ts';
import { createTakeOver } from '../../../src/core/tasks/claims.ts';
import { claimDue } from '../../../src/core/tasks/ledger.ts';
import { runTask } from '../../../src/core/tasks/run-task.ts';
import { HOUR, onTrouble, START, taskWorld } from './task-kit.ts';

const signal = new AbortController().signal;

/** A world in which a run was claimed and is not begun yet. */
async function claimed() {
  const world = await taskWorld();
  await world.create();
  world.time.now = START + HOUR;
  const [claim] = await claimDue(world, { onTrouble });
  if (claim === undefined) throw new Error('nothing was claimed');
  const { service, actor } = world;
  const row = async () => (await service.history(actor, 't', 1))[0];
  return { ...world, claim, row };
}

/** The store, whose transactions fail as long as `isBroken` says so. */
const breaking = (store: Store, isBroken: () => boolean): Store => ({
  ...store,
  transaction: (work) => (isBroken() ? Promise.reject(new Error('database or disk is full')) : store.transaction(work)),
});

test('a store that refuses for a moment loses nothing: the end is written at a later try', async () => {
  const { deps, store, claim, row } = await claimed();
  let refusals = 2;
  await runTask({ ...deps, store: breaking(store, () => (refusals -= 1) >= 0) }, claim, signal);
  expect(await row()).toMatchObject({ state: 'ran', output: 'done', reason: null });
});

test('when what follows from a run cannot be written, its row is closed and says so', async () => {
  const { deps, store, claim, row, time, settle, ledger } = await claimed();
  const queue = () => Promise.reject(new Error('no such table'));
  const broken: Store = {
    ...store,
    transaction: (work) => store.transaction((tables) => work({ ...tables, webhooks: { ...tables.webhooks, queue } })),
  };
  await runTask({ ...deps, store: broken }, claim, signal);
  expect(await row()).toMatchObject({ state: 'ran', output: 'done', reason: expect.stringContaining('no such table') });
  time.now = START + 2 * HOUR;
  await settle();
  expect(await ledger()).toEqual(['11:00 ran', '12:00 ran']);
});

test('a run whose end could not be written at all is taken up by the same process, and its tool is not run twice', async () => {
  const { deps, store, claim, row, ran, settle, time, ledger } = await claimed();
  let runs = 0;
  const runTool = async () => {
    runs += 1;
    return { status: 'ok', output: 'done' };
  };
  const broken = { ...deps, runTool, store: breaking(store, () => true) };
  await expect(runTask(broken, claim, signal)).rejects.toThrow('disk is full');
  expect(await row()).toMatchObject({ state: 'running' });
  const takeOver = createTakeOver(deps, deps.live);
  expect(await takeOver()).toEqual([]);
  const [again] = await takeOver();
  if (again === undefined) throw new Error('it was not taken up');
  await runTask({ ...deps, runTool }, again, signal);
  expect(await row()).toMatchObject({ state: 'failed', reason: expect.stringContaining('it is not run again') });
  expect(runs).toBe(1);
  time.now = START + 2 * HOUR;
  await settle();
  expect(ran).toEqual([START + 2 * HOUR]);
  expect(await ledger()).toEqual(['11:00 failed', '12:00 ran']);
});

test('a run that lives is not taken over, however far the clock jumps', async () => {
  const { deps, claim, time, ledger } = await claimed();
  const takeOver = createTakeOver(deps, deps.live);
  let end = (): void => {};
  const runTool = () =>
    new Promise<{ status: string; output: string }>((resolve) => (end = () => resolve({ status: 'ok', output: 'x' })));
  const running = runTask({ ...deps, runTool }, claim, signal);
  for (const jump of [0, 1000 * HOUR, -5000 * HOUR]) {
    time.now = START + HOUR + jump;
    expect(await takeOver()).toEqual([]);
  }
  end();
  await running;
  expect(await ledger()).toEqual(['11:00 ran']);
});

test('a claim of a process that died is taken over at once, with a reason', async () => {
  const { deps, store, claim, row } = await claimed();
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  const dead = `${child.pid ?? 0}:1`;
  await store.tasks.updateRun(claim.run.id, claim.run.runner ?? '', { runner: dead });
  const [taken] = await createTakeOver(deps, deps.live)();
  if (taken === undefined) throw new Error('it was not taken over');
  await runTask(deps, taken, signal);
  expect(await row()).toMatchObject({ state: 'ran', reason: 'taken up again: its process ended' });
});

test('a claim of a process that stands still is taken over when its lease is over, and not while it is renewed', async () => {
  const { deps, store, claim, row } = await claimed();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const runner = `${child.pid ?? 0}:-`;
  try {
    await store.tasks.updateRun(claim.run.id, claim.run.runner ?? '', { runner });
    let elapsed = 0;
    const takeOver = createTakeOver({ store, clock: { ...deps.clock, elapsed: () => elapsed } }, deps.live);
    for (let seconds = 0; seconds <= 300; seconds += 30) {
      elapsed = seconds * 1000;
      await store.tasks.beat(claim.run.id, runner);
      expect(await takeOver()).toEqual([]);
    }
    elapsed = 350_000;
    expect(await takeOver()).toEqual([]);
    elapsed = 362_000;
    expect(await takeOver()).toHaveLength(1);
    expect(await store.tasks.beat(claim.run.id, runner)).toBe(false);
    expect(await row()).toMatchObject({ reason: 'taken up again: its process stood still' });
  } finally {
    child.kill('SIGKILL');
  }
});

test('a run that was taken over meanwhile is closed once, by whoever took it', async () => {
  const { deps, store, claim, row } = await claimed();
  await store.tasks.updateRun(claim.run.id, claim.run.runner ?? '', { runner: '1:1' });
  await runTask(deps, claim, signal);
  expect(await row()).toMatchObject({ state: 'running', output: null });
});

test('a task whose schedule cannot be read any more is disabled with a reason, and keeps no other from its turn', async () => {
  const { create, store, time, settle, service, actor, ran, uid } = await taskWorld();
  await create();
  await create({ id: 'second' });
  await store.tasks.update(await uid(), { zone: 'Mars/Olympus', schedule_type: 'cron', schedule_value: '0 * * * *' });
  time.now = START + HOUR;
  await settle();
  expect(ran).toEqual([START + HOUR]);
  const reason = expect.stringContaining('Mars/Olympus') as string;
  expect(await service.find(actor, 't')).toMatchObject({ state: 'disabled', reason });
  expect(await service.history(actor, 't', 10)).toMatchObject([{ state: 'missed', reason }]);
});
