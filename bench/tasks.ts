/** Measures the scheduler in simulated time: ten years of every IANA zone with several schedules each, its clock set forward and back and the process restarted; then a year of real ledgers in a store. Prints figures as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/core/store/store.ts';
import { createTaskService } from '../src/core/tasks/task-service.ts';
import { claimDue } from '../src/core/tasks/ledger.ts';
import { runTask, type RunDeps } from '../src/core/tasks/run-task.ts';
import { live, seeded, type Verdict } from '../tests/core/tasks/simulation.ts';
import type { Figure } from './figure.ts';

const DAY_MS = 86_400_000;
const YEARS = 10;
const START = Date.UTC(2026, 2, 2, 10);
const ZONES = Intl.supportedValuesOf('timeZone');
/** Skipped and doubled hours, days of the week and of the month, the last of it, several times a day, and an interval. */
const SCHEDULES = [
  ['cron', '30 2 * * *', 'once'],
  ['cron', '15 9 * * 1-5', 'all'],
  ['cron', '0 0 L * *', 'skip'],
  ['cron', '45 1 13 * 5', 'all'],
  ['cron', '0 */6 * * *', 'once'],
  ['interval', '25h', 'all'],
] as const;

function simulate(): Figure[] {
  const total: Verdict = { instants: 0, wrong: 0, ran: 0 };
  const started = performance.now();
  for (const [at, zone] of ZONES.entries()) {
    for (const [kind, [type, value, misfire]] of SCHEDULES.entries()) {
      const random = seeded(at * SCHEDULES.length + kind);
      const life = { ms: YEARS * 365.25 * DAY_MS, gapMs: 30 * DAY_MS, maxLatenessMs: null, misfire, random };
      const { instants, wrong, ran } = live({ spec: { type, value, zone, anchor: START }, ...life });
      Object.assign(total, { instants: total.instants + instants, wrong: total.wrong + wrong, ran: total.ran + ran });
    }
  }
  const note = `${ZONES.length} zones x ${SCHEDULES.length} schedules, ${total.instants} instants, ${total.ran} runs`;
  const name = `tasks: ${YEARS} simulated years`;
  return [
    { name, value: performance.now() - started, unit: 'ms', atMost: 60_000, note },
    { name: `${name}, unaccounted`, value: (100 * total.wrong) / total.instants, unit: '%', atMost: 0, note },
  ];
}

/** A year in a real store: each look claims, runs and closes what is due. */
async function realLedgers(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-tasks-'));
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: home, now: START });
  const time = { now: START };
  const clock = { now: () => time.now, elapsed: () => performance.now(), sleep: () => new Promise<void>(() => {}) };
  const user = { id: 'u', username: 'u', role: 'admin', state: 'active', created_at: 0 } as const;
  await store.users.insertIfAbsent(user);
  const service = createTaskService({ store, clock, maxPerUser: 1000, maxPromptChars: 10_000 });
  for (const [at, zone] of ZONES.entries()) {
    const actor = { user, chatId: null, isAll: false };
    const when = { type: 'cron', value: '30 2 * * *', zone } as const;
    await service.create(actor, { id: `z${at}`, tool: 'do_it', ...when });
  }
  const deps: RunDeps = {
    store,
    clock,
    chat: () => Promise.reject(new Error('no chat here')),
    runTool: async () => ({ status: 'ok', output: 'done' }),
    live: new Set(),
  };
  const onTrouble = (error: Error): void => {
    throw error;
  };
  const started = performance.now();
  let runs = 0;
  for (time.now = START; time.now < START + 365 * DAY_MS; time.now += 30 * DAY_MS) {
    for (const each of await claimDue(deps, { onTrouble })) {
      await runTask(deps, each, new AbortController().signal);
      runs += 1;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  await store.close();
  rmSync(home, { recursive: true, force: true });
  return [
    { name: 'tasks: claimed, run and closed', value: runs / seconds, unit: '/s', note: `${runs} runs in a store` },
  ];
}

process.stdout.write(JSON.stringify([...simulate(), ...(await realLedgers())]));
process.exit(0);
