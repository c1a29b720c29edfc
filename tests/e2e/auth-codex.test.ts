import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

/** A stand-in for the Codex CLI: it shows what it was asked and given, and signs in. */
const CODEX = `#!${process.execPath}
const { writeFileSync } = require('node:fs');
process.stderr.write('Open https://example.com/device and enter ABCD-1234\\n');
const names = Object.keys(process.env).filter((name) => /CLAW|KEY|SECRET/.test(name));
process.stderr.write('asked: ' + process.argv.slice(2).join(' ') + '; sees: ' + names.join(' ') + '\\n');
if (process.env.NO_COLOR === 'refuse') process.exit(1);
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const access_token = part({}) + '.' + part({ exp: 4102444800 }) + '.signature-canary';
writeFileSync(process.env.CODEX_HOME + '/auth.json', JSON.stringify({ tokens: { access_token, refresh_token: 'renewer-canary' } }));
`;

async function machine() {
  const home = await temporaryDirectory();
  const [programs, state] = [join(home, 'programs'), join(home, 'codex-state')];
  for (const folder of [programs, state]) mkdirSync(folder);
  writeFileSync(join(programs, 'codex'), CODEX);
  chmodSync(join(programs, 'codex'), 0o755);
  const env = { PATH: `${programs}:/usr/bin:/bin`, CODEX_HOME: state, OPENAI_API_KEY: 'key-canary' };
  return { home, env, file: join(state, 'auth.json') };
}

test('the log-in of the Codex CLI runs in this terminal, without what claw knows, and its state is looked at', async () => {
  const { home, env, file } = await machine();
  const { stderr, stdout, code, json } = await runClawJson(['auth', 'login', 'codex'], { home, env });
  expect(code).toBe(0);
  expect(stderr).toContain('enter ABCD-1234');
  expect(stderr).toContain('asked: login --device-auth; sees: \n');
  expect(json).toEqual({ name: 'codex', state: 'signed-in', expires_at: 4_102_444_800_000, source: file });
  expect(`${stdout}${stderr}`).not.toContain('canary');
  expect(readFileSync(file, 'utf8')).toContain('renewer-canary');
});

test('a log-in that does not succeed is told as such', async () => {
  const { home, env } = await machine();
  const { code, stderr } = await runClaw(['auth', 'login', 'codex'], { home, env: { ...env, NO_COLOR: 'refuse' } });
  expect(code).toBe(4);
  expect(stderr).toContain('The Codex CLI ended without a log-in.');
});

test('without the program it is said how to install it', async () => {
  const { code, stderr } = await runClaw(['auth', 'login', 'codex'], { env: { PATH: '/usr/bin:/bin' } });
  expect(code).toBe(6);
  expect(stderr).toContain('npm i -g @openai/codex');
});
