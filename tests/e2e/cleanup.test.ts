/** Retention through the built program: what goes and stays, on the command line, over HTTP and by night, with and without a server. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addTalk, addUser, countOf, inDatabase, NOW, openHome } from '../core/retention/retention-kit.ts';
import { ask } from './http-kit.ts';
import { ROOT, runClaw, runClawJson, startClaw, temporaryDirectory } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const KILLER = join(ROOT, 'tests', 'crash', 'kill-at-write.ts');
/** Days before today of what was said `daysAgo` days before the time of the kit. */
const KIT_DAYS = Math.floor((Date.now() - NOW) / 86_400_000);

interface Report {
  readonly rows: number;
  readonly gone: readonly { readonly kind: string; readonly rows: number; readonly bytes: number }[];
}

const countsOf = (json: unknown): Record<string, number> =>
  Object.fromEntries((json as Report).gone.map(({ kind, rows }) => [kind, rows]));

/** A home with `old` conversations of 200 turns in all, and one of today. */
async function homeWith(home: string, old: number): Promise<void> {
  const store = openHome(home);
  await addUser(store);
  await store.close();
  for (let index = 0; index < old; index += 1) addTalk(home, { daysAgo: 200, turns: 200 / old, text: 'xylophone' });
  addTalk(home, { daysAgo: -KIT_DAYS, text: 'marimba' });
}

describe('claw cleanup', () => {
  test('B58: a home without a database has nothing to take away', async () => {
    const { code, json } = await runClawJson(['cleanup']);
    expect([code, json]).toEqual([0, expect.objectContaining({ rows: 0, gone: [], dry_run: false })]);
  });

  test(
    'tells what would go, takes that away, and then nothing; the file is smaller after --vacuum',
    { timeout: 60_000 },
    async () => {
      const home = await temporaryDirectory();
      await homeWith(home, 4);
      const dry = await runClawJson(['cleanup', '--dry-run'], { home });
      expect(countsOf(dry.json)).toEqual({ conversations: 4, messages: 400 });
      expect(countOf(home, 'messages')).toBe(402);
      const before = statSync(join(home, 'claw.db')).size;
      const done = await runClawJson(['cleanup', '--vacuum'], { home });
      expect(countsOf(done.json)).toEqual({
        conversations: 4,
        messages: 400,
        turns: 200,
        model_calls: 200,
        route_decisions: 200,
      });
      expect(countOf(home, 'messages')).toBe(2);
      expect(statSync(join(home, 'claw.db')).size).toBeLessThan(before);
      expect((await runClaw(['conversation', 'search', 'xylophone', '--json'], { home })).stdout.trim()).toBe('[]');
      expect(readFileSync(join(home, 'claw.db'), 'latin1')).not.toContain('xylophone');
      expect(countsOf((await runClawJson(['cleanup'], { home })).json)).toEqual({});
      const { json } = await runClawJson(['audit', 'list', '--action', 'retention.run'], { home });
      expect(json).toHaveLength(2);
      expect((await runClawJson(['audit', 'verify'], { home })).json).toMatchObject({ ok: true });
    },
  );

  test.each([
    'update conversations',
    'delete messages',
    'delete turns',
    'delete conversations',
    'insert call_sums',
    'delete model_calls',
    'commit',
  ])(
    'killed at "%s" it leaves a home that is whole, and the next round finishes',
    { timeout: 60_000 },
    async (write) => {
      const home = await temporaryDirectory();
      await homeWith(home, 2);
      for (const at of [`${write}:1:before`, `${write}:2:after`]) {
        const killed = await startClaw(['cleanup'], { home, nodeArgs: ['--import', KILLER], env: { CRASH_AT: at } });
        await new Promise((resolve) => killed.once('exit', resolve));
        expect(inDatabase(home, (database) => database.pragma('foreign_key_check'))).toEqual([]);
        const cost = await runClawJson(['cost', '--by', 'model', '--days', '3650'], { home });
        expect(cost.json).toMatchObject([{ calls: 201, cost_usd: 0.201 }]);
      }
      expect((await runClaw(['cleanup'], { home })).code).toBe(0);
      expect(['conversations', 'messages', 'turns', 'model_calls'].map((table) => countOf(home, table))).toEqual([
        1, 2, 1, 1,
      ]);
      const cost = await runClawJson(['cost', '--by', 'model', '--days', '3650'], { home });
      expect(cost.json).toMatchObject([{ calls: 201, cost_usd: 0.201 }]);
    },
  );
});

describe('while the server runs', () => {
  const shared = sharedServe(() => ({}));
  const owner = (): string =>
    inDatabase(shared().home, (database) =>
      database.prepare<[], string>("select id from users where role = 'admin'").pluck().get(),
    ) ?? '';
  /** The first thing that is said makes the owner. */
  const fill = async (): Promise<void> => {
    await runClaw(['chat', '-p', 'hello'], { home: shared().home });
    for (let index = 0; index < 5; index += 1) addTalk(shared().home, { daysAgo: 200, turns: 40, owner: owner() });
  };

  test(
    'clients read the rules, count, and have a round made; the database is not rewritten under it',
    { timeout: 60_000 },
    async () => {
      await fill();
      const api = (path: string, options?: Parameters<typeof ask>[2]) => ask(shared(), `/api/v1${path}`, options);
      const rules = (await api('/retention')).json as { rules: { setting: string; keep: number }[]; last: unknown };
      expect(rules.last).toBeNull();
      expect(rules.rules.map(({ setting, keep }) => [setting, keep])).toEqual([
        ['CONVERSATION_KEEP_DAYS', 90],
        ['CONVERSATION_KEEP_COUNT', 0],
        ['DELIVERY_KEEP_DAYS', 30],
        ['TASK_RUNS_KEEP', 100],
        ['RECORD_KEEP_DAYS', 90],
        ['AUDIT_KEEP_DAYS', 365],
        ['LOG_KEEP_DAYS', 14],
      ]);
      const dry = await api('/retention/run', { method: 'POST', body: { dry_run: true } });
      expect(countsOf(dry.json)).toEqual({ conversations: 5, messages: 400 });
      const refused = await runClaw(['cleanup', '--vacuum'], { home: shared().home });
      expect([refused.code, refused.stderr]).toEqual([7, expect.stringContaining('claw service stop')]);
      const [first, second] = await Promise.all([
        api('/retention/run', { method: 'POST', body: {} }),
        api('/retention/run', { method: 'POST', body: {} }),
      ]);
      expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([200, 423]);
      const done = first.status === 200 ? first : second;
      expect(countsOf(done.json)).toMatchObject({ conversations: 5, messages: 400, turns: 200 });
      const after = (await api('/retention')).json as { last: Report; next_at: string };
      expect(countsOf(after.last)).toMatchObject({ messages: 400 });
      expect(Date.parse(after.next_at)).toBeGreaterThan(Date.now());
    },
  );

  test('the command works beside the server', { timeout: 60_000 }, async () => {
    const { home } = shared();
    addTalk(home, { daysAgo: 200, turns: 5, owner: owner() });
    expect(countsOf((await runClawJson(['cleanup'], { home })).json)).toMatchObject({ conversations: 1, messages: 10 });
  });
});
