/** `claw config` through the binary. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

type Row = Readonly<Record<string, unknown>>;

async function homeWith(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(home, name), text);
  return home;
}

const configOf = (home: string): string => readFileSync(join(home, 'config.json'), 'utf8');

test('a wrong value exits 3, names the setting and changes nothing', async () => {
  const home = await homeWith();
  const run = await runClaw(['config', 'set', 'MAX_TOKENS', 'abc'], { home });
  expect(run).toMatchObject({ code: 3, stdout: '' });
  expect(run.stderr).toContain('MAX_TOKENS must be a whole number from 1 to 1000000; "abc" is not.');
  expect(existsSync(join(home, 'config.json'))).toBe(false);
});

test('a value that was set is in force, and told with its place', async () => {
  const home = await homeWith();
  expect((await runClaw(['config', 'set', 'MAX_TOKENS', '8192'], { home })).code).toBe(0);
  expect((await runClaw(['config', 'get', 'MAX_TOKENS'], { home })).stdout).toBe('8192\n');
  const { json } = await runClawJson(['config', 'get', 'max_tokens'], { home });
  expect(json).toMatchObject({ name: 'MAX_TOKENS', value: 8192, source: 'config', default: 4096, secret: false });
  expect(statSync(join(home, 'config.json')).mode & 0o777).toBe(0o600);
  expect((await runClaw(['config', 'unset', 'MAX_TOKENS'], { home })).code).toBe(0);
  expect((await runClaw(['config', 'get', 'MAX_TOKENS'], { home })).stdout).toBe('4096\n');
});

test('the list has every setting with its source, and no secret', async () => {
  const home = await homeWith({ '.env': 'OPENAI_API_KEY=made-up-key-of-a-test\nMAX_HISTORY=7 # note\r\n' });
  const { json, stdout, stderr } = await runClawJson(['config', 'list'], { home, env: { CLAW_MAX_TOKENS: '9' } });
  const rows = new Map((json as readonly Row[]).map((row) => [row['name'], row]));
  expect(rows.size).toBeGreaterThan(70);
  expect(rows.get('MAX_TOKENS')).toMatchObject({ value: 9, source: 'environment', place: 'the environment' });
  expect(rows.get('MAX_HISTORY')).toMatchObject({ value: 7, source: 'home-env', place: `${join(home, '.env')}:2` });
  expect(rows.get('OPENAI_API_KEY')).toMatchObject({ value: '********', secret: true, source: 'home-env' });
  expect(rows.get('JWT_SECRET')).toMatchObject({ value: null, secret: true });
  expect(stdout + stderr).not.toContain('made-up-key');
  for (const row of rows.values()) {
    expect(Object.keys(row)).toEqual(
      expect.arrayContaining(['name', 'value', 'source', 'default', 'description', 'secret']),
    );
  }
});

test('A59: an unknown name in config.json is kept, remarked on with the nearest one, and stops nothing', async () => {
  const home = await homeWith({ 'config.json': '{"MAX_TOKNES": 5, "future": {"a": 1}}' });
  const run = await runClaw(['config', 'validate'], { home });
  expect(run).toMatchObject({ code: 0, stdout: 'All settings are right.\n' });
  expect(run.stderr).toContain('MAX_TOKNES');
  expect(run.stderr).toContain('Did you mean MAX_TOKENS?');
  await runClaw(['config', 'set', 'MAX_TOKENS', '6'], { home });
  expect(JSON.parse(configOf(home))).toEqual({ MAX_TOKNES: 5, future: { a: 1 }, MAX_TOKENS: 6 });
});

test('an unknown name is kept with a remark, and the nearest known one as a hint', async () => {
  const home = await homeWith();
  const slip = await runClaw(['config', 'set', 'MAX_TOKNES', '5'], { home });
  expect(slip.code).toBe(0);
  expect(slip.stderr).toContain('Did you mean MAX_TOKENS?');
  const other = await runClaw(['config', 'set', 'some.plugin', '{"a":1}'], { home });
  expect(other.code).toBe(0);
  expect(other.stderr).toContain('some.plugin is no setting of this version');
  expect(JSON.parse(configOf(home))).toEqual({ MAX_TOKNES: 5, 'some.plugin': { a: 1 } });
});

test('a secret is refused and not written', async () => {
  const home = await homeWith();
  const run = await runClaw(['config', 'set', 'OPENAI_API_KEY', 'made-up-key-of-a-test'], { home });
  expect(run.code).toBe(3);
  expect(run.stderr).toContain('claw secret set OPENAI_API_KEY');
  expect(run.stderr).not.toContain('made-up');
  expect(existsSync(join(home, 'config.json'))).toBe(false);
});

test('a stronger place is told when a value is set below it', async () => {
  const run = await runClaw(['config', 'set', 'MAX_TOKENS', '5'], { env: { MAX_TOKENS: '6' } });
  expect(run).toMatchObject({ code: 0 });
  expect(run.stderr).toContain('MAX_TOKENS from the environment outranks config.json');
});

test('history and undo walk back', async () => {
  const home = await homeWith();
  for (const value of ['1', '2', '3']) await runClaw(['config', 'set', 'MAX_TOKENS', value], { home });
  const { json } = await runClawJson(['config', 'history'], { home });
  expect((json as readonly Row[]).map((row) => row['version'])).toEqual([3, 2, 1]);
  expect((await runClaw(['config', 'undo'], { home })).code).toBe(0);
  expect(JSON.parse(configOf(home))).toEqual({ MAX_TOKENS: 2 });
  expect((await runClawJson(['config', 'undo', '1'], { home })).json).toMatchObject({ version: 1 });
  expect(JSON.parse(configOf(home))).toEqual({});
  expect((await runClaw(['config', 'undo'], { home })).code).toBe(6);
});

test('with a damaged config.json looking, checking and mending still work', async () => {
  const home = await homeWith();
  await runClaw(['config', 'set', 'MAX_TOKENS', '5'], { home });
  await runClaw(['config', 'set', 'MAX_TOKENS', '6'], { home });
  writeFileSync(join(home, 'config.json'), '{"MAX_TOKENS": 6,\n oops}');
  const check = await runClaw(['config', 'validate'], { home });
  expect(check.code).toBe(10);
  expect(check.stdout).toMatch(/config\.json is not valid JSON: .*line 2/);
  expect((await runClaw(['config', 'path'], { home })).stdout).toBe(`${join(home, 'config.json')}\n`);
  expect((await runClaw(['config', 'list'], { home })).code).toBe(0);
  expect((await runClaw(['config', 'set', 'MAX_TOKENS', '7'], { home })).code).toBe(10);
  expect((await runClaw(['config', 'undo'], { home })).code).toBe(0);
  expect((await runClaw(['config', 'get', 'MAX_TOKENS'], { home })).stdout).toBe('5\n');
});

test('validate tells every wrong value with its place and exits 3', async () => {
  const home = await homeWith({ '.env': 'WS_PORT=http', 'config.json': '{"STREAMING_ENABLED": "maybe"}' });
  const { json, code } = await runClawJson(['config', 'validate'], { home, env: { JWT_SECRET: 'x'.repeat(31) } });
  expect(code).toBe(3);
  const { valid, problems } = json as { valid: boolean; problems: readonly Row[] };
  expect(valid).toBe(false);
  expect(problems.map((problem) => problem['message'])).toEqual(
    [
      expect.stringMatching(/^WS_PORT from .*\.env:1/),
      expect.stringMatching(/^JWT_SECRET from the environment must be at least 32 characters/),
      expect.stringMatching(/^STREAMING_ENABLED from .*config\.json:1/),
    ].toSorted((a, b) => problemOrder(problems, a) - problemOrder(problems, b)),
  );
});

/** Problems come in the order of the table of settings, which this test does not fix. */
function problemOrder(problems: readonly Row[], matcher: { asymmetricMatch(other: unknown): boolean }): number {
  return problems.findIndex((problem) => matcher.asymmetricMatch(problem['message']));
}

test('the working directory does not change which home is used', async () => {
  const [home, cwd] = [await homeWith(), await homeWith({ '.env': 'CLAW_HOME=/nowhere\nMAX_TOKENS=3' })];
  const { json } = await runClawJson(['config', 'path'], { home, cwd });
  expect(json).toMatchObject({ home });
  expect((await runClaw(['config', 'get', 'MAX_TOKENS'], { home, cwd })).stdout).toBe('3\n');
  const relative = await runClaw(['config', 'path'], { cwd, env: { CLAW_HOME: 'relative' } });
  expect(relative.code).toBe(3);
  expect(existsSync(join(cwd, 'relative'))).toBe(false);
});

test('eight commands at once lose no change', async () => {
  const home = await homeWith();
  const names = [
    'MAX_TOKENS',
    'MAX_HISTORY',
    'MAX_TOOL_ROUNDS',
    'LLM_RETRY_COUNT',
    'BOT_RATE_LIMIT',
    'API_RATE_LIMIT',
    'WS_RATE_LIMIT',
    'CORS_MAX_AGE',
  ];
  const runs = await Promise.all(names.map((name) => runClaw(['config', 'set', name, '11'], { home })));
  expect(runs.map(({ code }) => code)).toEqual(names.map(() => 0));
  expect(JSON.parse(configOf(home))).toEqual(Object.fromEntries(names.map((name) => [name, 11])));
});

test('the schema is that of the settings', async () => {
  const { json } = await runClawJson(['config', 'schema']);
  expect(json).toMatchObject({ type: 'object', properties: { MAX_TOKENS: { type: 'integer', default: 4096 } } });
});

test('every command tells an unknown setting once, on stderr only', async () => {
  const home = await homeWith();
  writeFileSync(join(home, 'config.json'), '{"MAX_TOKNES": 5}');
  for (const command of [
    ['conversation', 'list'],
    ['config', 'list'],
  ]) {
    const run = await runClaw([...command, '--json'], { home });
    expect(run.stderr.match(/Did you mean MAX_TOKENS\?/g)).toHaveLength(1);
    expect(() => JSON.parse(run.stdout) as unknown).not.toThrow();
  }
});
