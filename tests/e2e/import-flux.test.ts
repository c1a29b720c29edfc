/** Moving in from flux-openclaw through the built program: what arrives, what stays out and why, twice, and cut off. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './http-kit.ts';
import { ANNA_KEY, BORA_KEY, buildFluxHome, inDatabase, KOREAN, say, TALK } from './import-flux-kit.ts';
import { importFlux, look, MESSAGES, newOnes, type Report, state } from './import-run-kit.ts';
import { ROOT, runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';
import { startServe } from './serve-kit.ts';

describe('a home as people have it', () => {
  const atEnd: (() => Promise<void> | void)[] = [];
  const later = (clean: () => Promise<void> | void): void => void atEnd.push(clean);
  let folder = '';
  let home = '';
  let dry: Report;
  let report: Report;
  let shown = '';
  beforeAll(async () => {
    folder = await temporaryDirectory(later);
    home = await temporaryDirectory(later);
    await buildFluxHome(folder);
    dry = await importFlux(folder, home, '--dry-run');
    shown = JSON.stringify(dry) + JSON.stringify(look(home, 'select * from imported_items'));
    report = await importFlux(folder, home);
    shown += JSON.stringify(report);
  }, 120_000);
  afterAll(async () => {
    for (const clean of atEnd) await clean();
  });

  test('B55: a dry run writes nothing and tells what the run then does', () => {
    expect(shown).toContain('[]{"source":"flux"');
    expect(report.kinds).toEqual(dry.kinds);
    expect(report.skipped).toEqual(dry.skipped);
    expect(newOnes(report)).toEqual({
      user: 3,
      key: 3,
      conversation: 4,
      message: 8,
      memory: 28,
      document: 1,
      task: 3,
      tool: 2,
      instruction: 1,
      setting: 4,
      secret: 1,
      webhook: 1,
    });
  });

  test('what was said is found again, in its order and with its own times', async () => {
    const found = await runClawJson(['conversation', 'search', '한강 자전거'], { home });
    expect(JSON.stringify(found.json)).toContain('한강');
    const rows = look(home, MESSAGES) as { title: string; role: string; parts: string; created_at: number }[];
    const talk = rows.filter(({ title }) => title.startsWith('안녕!'));
    expect(talk.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
    expect(talk.map(({ created_at: at }) => at)).toEqual(Array(5).fill(Date.UTC(2025, 2, 4, 5, 6, 7, 891)));
    expect(talk[2]?.parts).toContain('"name":"weather"');
    expect(talk.at(-1)?.parts).toContain(KOREAN);
    expect(look(home, 'select id from turns')).toEqual([]);
    expect(look(home, 'select id from model_calls union all select id from outbox_messages')).toEqual([]);
  });

  test('what was one person alone has stays theirs', async () => {
    const mine = await runClaw(['conversation', 'search', 'lighthouse'], { home });
    expect(mine.stdout).not.toContain('safe is behind');
    const theirs = await runClaw(['conversation', 'search', 'lighthouse', '--user', '보라'], { home });
    expect(theirs.stdout).toContain('lighthouse');
  });

  test('the owner of the home stays its owner, whatever admins come in', async () => {
    expect(dry.owner).toBe('owner');
    expect((await importFlux(folder, home, '--dry-run')).owner).toBe('owner');
    const said = report.remarks.find(({ kind }) => kind === 'user');
    expect(JSON.stringify(report.remarks)).toContain('They were an admin there, and are one here.');
    expect(said).toBeDefined();
  });

  test('an imported key goes on working over HTTP, with the rights it had', { timeout: 30_000 }, async () => {
    const serve = await startServe({ home, env: { AUTH_ENABLED: 'true' } });
    const me = async (key: string) =>
      ask(serve, '/api/v1/users', { headers: { authorization: `Bearer ${key}` } }).then(({ status }) => status);
    expect(await me(ANNA_KEY)).toBe(200);
    expect(await me(BORA_KEY)).toBe(403);
    expect(await me(`flux_${'0'.repeat(64)}`)).toBe(401);
    // A running server is no hindrance, and nothing that rests was begun.
    expect(newOnes(await importFlux(folder, home))).toEqual({});
    expect(look(home, 'select id from task_runs union all select id from webhook_deliveries')).toEqual([]);
    await serve.stop();
  });

  test('tasks rest, webhooks are off, tools that cannot run are notes', async () => {
    expect(look(home, 'select name, state from tasks order by name')).toEqual([
      { name: 'flux-5c000001', state: 'paused' },
      { name: 'flux-5c000003', state: 'paused' },
      { name: 'flux-5c000005', state: 'paused' },
    ]);
    expect(look(home, 'select events, state from webhooks')).toEqual([
      { events: '["turn.completed"]', state: 'disabled' },
    ]);
    const notes = await runClaw(['knowledge', 'search', 'roll dice'], { home });
    expect(notes.stdout).toContain('The tool roll_dice of flux-openclaw');
    const draft = { name: 'greet', state: 'pending', origin: 'user' };
    expect(look(home, 'select name, state, origin from tool_versions')).toEqual([draft]);
    const approved = await runClaw(['tool', 'approve', 'greet'], { home });
    expect(approved.code, approved.stderr).toBe(0);
    expect((await runClaw(['tool', 'run', 'greet'], { home })).stdout).toContain('hello');
    const resumed = await runClaw(['task', 'resume', 'flux-5c000001'], { home });
    expect(resumed.code, resumed.stderr).toBe(0);
  });

  test('memories keep to their limits: what is beyond is in the archive', () => {
    const count = (of: string) =>
      look(home, `select count(*) as n from memories where category = 'user_info' and state = '${of}'`);
    expect(count('active')).toEqual([{ n: 20 }]);
    expect(count('archived')).toEqual([{ n: 6 }]);
    expect(look(home, "select value, state from memories where key = '이름'")).toEqual([
      { value: '켈리', state: 'active' },
    ]);
  });

  test('secrets are kept as secrets and stand in no report; settings that open doors are left', async () => {
    const secret = 'made-up-key-of-nobody-0123456789';
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain('made-up-webhook-secret');
    const kept = await runClaw(['secret', 'list', '--json'], { home });
    expect(kept.stdout).toContain('ANTHROPIC_API_KEY');
    expect(await runClaw(['config', 'get', 'MAX_TOKENS'], { home })).toMatchObject({ stdout: '2048\n' });
    expect(await runClaw(['config', 'get', 'TOOL_TIMEOUT'], { home })).toMatchObject({ stdout: '45\n' });
    expect((await runClaw(['config', 'get', 'WS_HOST'], { home })).stdout).not.toContain('0.0.0.0');
    const trail = await runClawJson(['audit', 'list', '--action', 'import.run'], { home });
    expect(JSON.stringify(trail.json)).toContain('"message":{"found":8');
    expect((await runClaw(['audit', 'verify'], { home })).code).toBe(0);
  });

  test(
    'a second run adds what is new there and touches nothing that was changed here',
    { timeout: 60_000 },
    async () => {
      await runClaw(['memory', 'add', '--category', 'preferences', '--key', 'editor', '--value', 'emacs'], { home });
      const [gone] = look(home, "select id from conversations where title like 'from before%'") as { id: string }[];
      expect((await runClaw(['conversation', 'delete', gone?.id ?? '', '--yes'], { home })).code).toBe(0);
      await inDatabase(folder, 'data/conversations.db', (database) => say(database, TALK, 'assistant', 'Have fun!'));
      const again = await importFlux(folder, home);
      expect(newOnes(again)).toEqual({ message: 1 });
      const last = look(home, `${MESSAGES.replace('order by c.title, m.seq', '')} order by m.id desc limit 1`);
      expect(last).toMatchObject([{ seq: 6, role: 'assistant' }]);
      expect(JSON.stringify(last)).toContain('Have fun!');
      expect(look(home, "select value from memories where key = 'editor'")).toEqual([{ value: 'emacs' }]);
      expect(look(home, "select id from conversations where title like 'from before%'")).toEqual([]);
      expect(newOnes(await importFlux(folder, home))).toEqual({});
    },
  );
});

describe('an import that is cut off', () => {
  /** Each is reached after the one before it was survived. */
  const WRITES = [
    'insert users:2:after',
    'insert messages:5:after',
    'insert memories:9:after',
    'insert knowledge_documents:1:before',
    'insert knowledge_documents:1:after',
    'insert imported_items:1:before',
    'insert tasks:1:after',
    'insert tasks:2:before',
    'insert webhooks:1:before',
    'insert webhooks:1:after',
  ];
  test('goes on where it was killed, and ends as if it never had been', { timeout: 180_000 }, async () => {
    const folder = await temporaryDirectory();
    await buildFluxHome(folder);
    const whole = await temporaryDirectory();
    await importFlux(folder, whole);
    const home = await temporaryDirectory();
    let killed = 0;
    for (const at of WRITES) {
      const killer = ['--import', join(ROOT, 'tests', 'crash', 'kill-at-write.ts')];
      const run = await runClaw(['import', 'flux', folder], {
        home,
        nodeArgs: killer,
        env: { CRASH_AT: at },
        timeoutMs: 60_000,
      }).catch(() => undefined);
      if (run === undefined || run.signal === 'SIGKILL') killed += 1;
    }
    expect(killed).toBe(WRITES.length);
    await importFlux(folder, home);
    expect(state(home)).toEqual(state(whole));
    expect(newOnes(await importFlux(folder, home))).toEqual({});
  });
});
