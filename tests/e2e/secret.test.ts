/** `claw secret` through the binary. Secrets are kept in the file, so that no test touches a real keychain. */
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSealedFile } from '../../src/core/secrets/sealed-file.ts';
import { KEYS, openTerminal } from './pty.ts';
import { type ClawRun, runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const VALUE = 'made-up-value-4711';
const env = { CLAW_SECRET_STORE: 'file' };

async function homeWithSecret(extra: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = await temporaryDirectory();
  const run = await runClaw(['secret', 'set', 'WEATHER_KEY', '--host', 'api.example.com'], {
    home,
    env: { ...env, ...extra },
    input: `${VALUE}\n`,
  });
  expect(run).toMatchObject({ code: 0 });
  expect(run.stdout + run.stderr).not.toContain(VALUE);
  return home;
}

function expectNowhere(home: string, value: string): void {
  for (const file of globSync('**/*', { cwd: home, exclude: [] })) {
    const path = join(home, file);
    if (statSync(path).isFile()) expect([file, readFileSync(path, 'latin1').includes(value)]).toEqual([file, false]);
  }
}

test('a secret from a pipe is kept sealed, listed without its value, and removed', async () => {
  const home = await homeWithSecret();
  expectNowhere(home, VALUE);
  const { json, stdout } = await runClawJson(['secret', 'list'], { home, env });
  expect(json).toEqual([{ name: 'WEATHER_KEY', hosts: ['api.example.com'], source: 'sealed-file' }]);
  expect(stdout).not.toContain(VALUE);
  expect((await runClaw(['secret', 'remove', 'WEATHER_KEY'], { home, env })).code).toBe(0);
  expect((await runClawJson(['secret', 'list'], { home, env })).json).toEqual([]);
  expect((await runClaw(['secret', 'remove', 'WEATHER_KEY'], { home, env })).code).toBe(6);
});

test('a secret that is typed is not shown; backspace and Ctrl-U mend it', async () => {
  const home = await temporaryDirectory();
  const terminal = openTerminal(['secret', 'set', 'WEATHER_KEY'], { home, env });
  await terminal.shows('Value of WEATHER_KEY (not shown):');
  terminal.write('wrong', KEYS.ctrlU, `${VALUE}한`, KEYS.backspace, KEYS.enter);
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(terminal.raw()).toContain('WEATHER_KEY is kept in the encrypted file');
  expect(terminal.raw()).not.toMatch(/made-up|wrong|한/);
  const [file, keyFile] = [join(home, 'secrets.sealed'), join(home, 'secrets.key')];
  const store = createSealedFile({ file, keyFile, lock: join(home, 'lock'), masterKey: undefined });
  expect(await store.get('WEATHER_KEY')).toEqual({ value: VALUE, hosts: [] });
});

test('Ctrl-C at the question changes nothing', async () => {
  const home = await temporaryDirectory();
  const terminal = openTerminal(['secret', 'set', 'WEATHER_KEY'], { home, env });
  await terminal.shows('(not shown):');
  terminal.write('made-up', KEYS.ctrlC);
  expect(await terminal.exited).toMatchObject({ code: 130 });
  expect(existsSync(join(home, 'secrets.sealed'))).toBe(false);
});

test('a secret is never taken from the command line', async () => {
  const home = await temporaryDirectory();
  const run = await runClaw(['secret', 'set', 'WEATHER_KEY', VALUE], { home, env });
  expect(run.code).toBe(2);
  expect(run.stdout + run.stderr).not.toContain(VALUE);
  expect(existsSync(join(home, 'secrets.sealed'))).toBe(false);
});

test('what is piped in is never taken for a name', async () => {
  const run = await runClaw(['secret', 'set'], { env, input: VALUE });
  expect(run.code).toBe(2);
  expect(run.stdout + run.stderr).not.toContain(VALUE);
});

test.each([
  [['WEATHER_KEY'], '', 2, 'is empty'],
  [['weather key'], VALUE, 2, 'cannot be the name'],
  [['WEATHER_KEY', '--host', 'https://example.com'], VALUE, 2, 'is not a host'],
  [['MAX_TOKENS'], '5', 3, 'is no secret'],
  [['CLAW_MASTER_KEY'], 'correct horse battery', 3, 'cannot be kept in it'],
  [['JWT_SECRET'], 'x'.repeat(31), 3, 'at least 32 characters'],
])('claw secret set %j with %j exits %i', async (args, input, code, message) => {
  const home = await temporaryDirectory();
  const run = await runClaw(['secret', 'set', ...args], { home, env, input });
  expect(run.code).toBe(code);
  expect(run.stderr).toContain(message);
  expect(existsSync(join(home, 'secrets.sealed'))).toBe(false);
});

test('a secret of the environment is listed, wins, and is not ours to remove', async () => {
  const home = await temporaryDirectory();
  const outside = { ...env, OPENAI_API_KEY: VALUE };
  const { json } = await runClawJson(['secret', 'list'], { home, env: outside });
  expect(json).toEqual([{ name: 'OPENAI_API_KEY', hosts: [], source: 'environment' }]);
  const run = await runClaw(['secret', 'remove', 'OPENAI_API_KEY'], { home, env: outside });
  expect(run.code).toBe(7);
});

test('a setting tells that its secret is stored', async () => {
  const home = await temporaryDirectory();
  await runClaw(['secret', 'set', 'GEMINI_API_KEY'], { home, env, input: VALUE });
  const { json } = await runClawJson(['config', 'get', 'GOOGLE_API_KEY'], { home, env });
  expect(json).toMatchObject({ value: '********', source: 'secret-store' });
});

test('a file that was tampered with exits 10, a wrong pass-phrase 4', async () => {
  const masterKey = { CLAW_MASTER_KEY: 'correct horse battery' };
  const home = await homeWithSecret(masterKey);
  const set = (extra: Readonly<Record<string, string>>): Promise<ClawRun> =>
    runClaw(['secret', 'set', 'B_KEY'], { home, env: { ...env, ...extra }, input: VALUE });
  expect(await set({ CLAW_MASTER_KEY: 'wrong horse battery' })).toMatchObject({ code: 4 });
  expect(await set({})).toMatchObject({ code: 4 });
  const path = join(home, 'secrets.sealed');
  writeFileSync(path, readFileSync(path, 'utf8').replace('api.example.com', 'api.example.org'));
  const tampered = await set(masterKey);
  expect(tampered.code).toBe(10);
  expect(tampered.stderr).toContain('secrets.sealed');
});

test('eight commands at once lose no secret', async () => {
  const home = await temporaryDirectory();
  const names = Array.from({ length: 8 }, (_, index) => `KEY_${index}`);
  const runs = await Promise.all(names.map((name) => runClaw(['secret', 'set', name], { home, env, input: VALUE })));
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(names.map(() => [0, '']));
  const { json } = await runClawJson(['secret', 'list'], { home, env });
  expect((json as { name: string }[]).map(({ name }) => name)).toEqual(names);
});

test('A50: no value is in any file of the home, whatever the log level', async () => {
  const home = await homeWithSecret();
  const chat = await runClaw(['chat', '-p', `what is 2 plus 3? ${VALUE}`], {
    home,
    env: { ...env, LOG_LEVEL: 'trace', WEATHER_KEY: VALUE },
  });
  expect(chat.code).toBe(0);
  expect(chat.stdout).not.toContain(VALUE);
  expectNowhere(home, VALUE);
});

test('a secret that is only stored and that nothing has used is in no answer, log or file', async () => {
  const home = await homeWithSecret();
  const chat = await runClaw(['chat', '-p', `what is 2 plus 3? ${VALUE}`], {
    home,
    env: { ...env, LOG_LEVEL: 'trace' },
  });
  expect(chat.code).toBe(0);
  expect(chat.stdout + chat.stderr).not.toContain(VALUE);
  expectNowhere(home, VALUE);
});
