/** What a home holds and takes, through the built program: an admin sees all, a user their own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addTalk, inDatabase, NOW } from '../core/retention/retention-kit.ts';
import { ask } from './http-kit.ts';
import { runClaw, runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const shared = sharedServe(() => ({}));
/** Today, in days before the time of the kit. */
const TODAY = -(Date.now() - NOW) / 86_400_000;

interface Told {
  readonly counts: Record<string, number>;
  readonly disk: {
    database: number;
    folders: Record<string, number>;
    tables: { groups: { group: string; bytes: number }[] };
  } | null;
  readonly server: { running: boolean; uptime_seconds: number };
}

test(
  "an admin sees everybody's and the disk, a user only their own, on the command line and over HTTP",
  { timeout: 60_000 },
  async () => {
    const { home } = shared();
    await runClaw(['user', 'create', 'alice'], { home });
    const key = (await runClawJson(['user', 'key', 'create', 'alice'], { home })).json as { api_key: string };
    const idOf = (name: string): string =>
      inDatabase(home, (database) =>
        database.prepare<[string], string>('select id from users where username = ?').pluck().get(name),
      ) ?? '';
    const owner =
      inDatabase(home, (database) =>
        database.prepare<[], string>("select id from users where role = 'admin'").pluck().get(),
      ) ?? '';
    addTalk(home, { daysAgo: TODAY, turns: 3, owner });
    addTalk(home, { daysAgo: TODAY, turns: 2, owner: idOf('alice') });
    mkdirSync(join(home, 'spool'), { recursive: true });
    writeFileSync(join(home, 'spool', 'x.txt'), 'x'.repeat(1234));

    const all = (await runClawJson(['stats'], { home })).json as Told;
    expect(all).toMatchObject({
      scope: 'all',
      counts: {
        users: 2,
        conversations: 2,
        messages: 10,
        turns: 5,
        tool_calls: 5,
        model_calls: 5,
        input_tokens: 500,
        output_tokens: 50,
      },
      cost_usd: { today: 0.005, month: 0.005 },
      server: { running: true },
    });
    expect(all.disk?.folders['spool']).toBe(1234);
    const grouped = all.disk?.tables.groups.reduce((sum, { bytes }) => sum + bytes, 0) ?? 0;
    expect(grouped).toBeGreaterThan(100_000);
    expect(grouped).toBeLessThanOrEqual((all.disk?.database ?? 0) + 4_194_304);

    const alices = {
      scope: 'own',
      disk: null,
      counts: { conversations: 1, messages: 4, turns: 2, tool_calls: 2, input_tokens: 200 },
      cost_usd: { today: 0.002 },
    };
    expect((await runClawJson(['stats', '--user', 'alice'], { home })).json).toMatchObject(alices);
    const headers = { authorization: `Bearer ${key.api_key}` };
    expect((await ask(shared(), '/api/v1/stats', { headers })).json).toMatchObject(alices);
    expect((await ask(shared(), '/api/v1/stats')).json).toMatchObject({ scope: 'all', counts: all.counts });
    expect((await ask(shared(), '/api/v1/stats?own=true')).json).toMatchObject({
      scope: 'own',
      counts: { messages: 6 },
    });
    expect((await runClaw(['stats'], { home })).stdout).toMatch(
      /messages +10\n[^]*database +\d+\.\d MB[^]*The server runs/,
    );
  },
);
