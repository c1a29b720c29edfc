import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { runClawJson, temporaryDirectory } from './run-claw.ts';

const COMMANDS = join(import.meta.dirname, '..', '..', 'src', 'commands');
const ROOT = join(import.meta.dirname, '..', '..');
const NO_ID = '01900000';

/** Every command that works as somebody, with arguments that are well formed and, as far as it has to name something, name nothing; and the least role it takes. */
const LIST: readonly (readonly [string, readonly string[], 'readonly' | 'user' | 'admin'])[] = [
  ['conversation/list', [], 'readonly'],
  ['conversation/show', [NO_ID], 'readonly'],
  ['conversation/search', ['word'], 'readonly'],
  ['conversation/export', [NO_ID], 'readonly'],
  ['conversation/tag/list', [], 'readonly'],
  ['conversation/tag/add', [NO_ID, 'tag'], 'user'],
  ['conversation/tag/remove', [NO_ID, 'tag'], 'user'],
  ['conversation/branch', [NO_ID, '--at', '1'], 'user'],
  ['conversation/compact', [NO_ID], 'user'],
  ['conversation/delete', [NO_ID, '--yes'], 'user'],
  ['cost', [], 'readonly'],
  ['dashboard', ['--print'], 'readonly'],
  ['stats', [], 'readonly'],
  ['memory/list', [], 'readonly'],
  ['memory/show', [NO_ID], 'readonly'],
  ['memory/search', ['word'], 'readonly'],
  ['memory/stats', [], 'readonly'],
  ['memory/export', [], 'readonly'],
  ['memory/add', ['--category', 'facts', '--key', 'k', '--value', 'v'], 'user'],
  ['memory/remove', [NO_ID], 'user'],
  ['memory/restore', [NO_ID], 'user'],
  ['memory/learn', [], 'user'],
  ['knowledge/list', [], 'readonly'],
  ['knowledge/show', [NO_ID], 'readonly'],
  ['knowledge/search', ['word'], 'readonly'],
  ['knowledge/stats', [], 'readonly'],
  ['knowledge/add', ['/nowhere/at/all.md'], 'user'],
  ['knowledge/remove', [NO_ID], 'user'],
  ['webhook/list', [], 'readonly'],
  ['webhook/create', ['http://127.0.0.1:1/'], 'user'],
  ['webhook/delete', [NO_ID], 'user'],
  ['webhook/enable', [NO_ID], 'user'],
  ['webhook/test', [NO_ID], 'user'],
  ['task/list', [], 'readonly'],
  ['task/show', [NO_ID], 'readonly'],
  ['task/history', [NO_ID], 'readonly'],
  ['task/explain', [NO_ID], 'readonly'],
  ['task/create', ['--prompt', 'p', '--schedule-type', 'interval', '--schedule-value', '90m'], 'user'],
  ['task/update', [NO_ID, '--prompt', 'p'], 'user'],
  ['task/pause', [NO_ID], 'user'],
  ['task/resume', [NO_ID], 'user'],
  ['task/cancel', [NO_ID], 'user'],
  ['task/run', [NO_ID], 'user'],
  ['tool/run', ['no_such_tool'], 'user'],
  ['tool/approve', ['no_such_tool'], 'admin'],
  ['tool/reject', ['no_such_tool'], 'admin'],
  ['tool/enable', ['no_such_tool'], 'admin'],
  ['tool/disable', ['no_such_tool'], 'admin'],
  ['tool/rollback', ['no_such_tool'], 'admin'],
  ['tool/install', ['no_such_tool', '--yes'], 'admin'],
  ['tool/update', ['no_such_tool'], 'admin'],
  ['tool/uninstall', ['no_such_tool', '--yes'], 'admin'],
  ['tool/registries', ['--forget', 'https://example.com/none/'], 'admin'],
  ['approval/approve', [NO_ID], 'admin'],
  ['approval/deny', [NO_ID], 'admin'],
  ['approval/revoke', [NO_ID], 'admin'],
  ['group/register', ['--jid', 'tg:-1', '--name', 'n', '--folder', 'f'], 'admin'],
  ['group/bootstrap-main', ['--jid', 'tg:-1'], 'admin'],
  ['group/update', ['--jid', 'tg:-1', '--name', 'n'], 'admin'],
  ['group/remove', ['--jid', 'tg:-1'], 'admin'],
];
const ROLES = ['readonly', 'user', 'admin'] as const;

let home = '';
const atEnd: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  home = await temporaryDirectory((clean) => void atEnd.push(clean));
  vi.stubEnv('CLAW_SECRET_STORE', 'file');
  const app = await openApp({ home, overrides: {} });
  const { users } = await app.access();
  for (const role of ROLES) await users.create(await app.actor(), { username: role, role });
  await users.create(await app.actor(), { username: 'gone', role: 'admin' });
  await users.disable(await app.actor(), 'gone');
  await app.close();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  for (const clean of atEnd) await clean();
});

interface CommandClass {
  readonly flags?: Readonly<Record<string, unknown>>;
  run(argv: readonly string[], root: string): Promise<unknown>;
}

async function load(name: string): Promise<CommandClass> {
  const module = (await import(join(COMMANDS, `${name}.ts`))) as { default: CommandClass };
  return module.default;
}

/** Runs the command in this process as that user; resolves with the code of its failure, and what it said. */
async function codeOf(name: string, args: readonly string[], user: string): Promise<{ code: string; said: string }> {
  const said: string[] = [];
  const take = (text: unknown): boolean => said.push(String(text)) > 0;
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(take);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(take);
  try {
    const Command = await load(name);
    await Command.run([...args, '--user', user, '--home', home, '--json'], ROOT);
  } finally {
    out.mockRestore();
    err.mockRestore();
    process.exitCode = 0;
  }
  const text = said.join('');
  return { code: /"code":"([a-z-]+)"/.exec(text)?.[1] ?? 'none', said: text };
}

test('every command that takes --user is in the list', async () => {
  const files = readdirSync(COMMANDS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const names = files.map((file) => file.slice(0, -3));
  const asSomebody: string[] = [];
  for (const name of names) if ('user' in ((await load(name)).flags ?? {})) asSomebody.push(name);
  // There --user names whom it is about; who acts is --by, or a filter.
  const about = new Set([
    'audit/list',
    'audit/export',
    'service/install',
    'device/approve',
    'budget/set',
    'budget/list',
    'model/set',
    'user/pair/approve',
    'user/key/create',
    'import',
  ]);
  const listed = new Set([...LIST.map(([name]) => name), 'chat']);
  expect(asSomebody.filter((name) => !listed.has(name) && !about.has(name))).toEqual([]);
});

test('a command does for a user what their role may, and nothing else', { timeout: 60_000 }, async () => {
  const got: unknown[] = [];
  const wanted: unknown[] = [];
  for (const [name, args, least] of LIST) {
    for (const role of [...ROLES, 'gone']) {
      const isDenied = role === 'gone' || ROLES.indexOf(role as never) < ROLES.indexOf(least);
      const { code, said } = await codeOf(name, args, role);
      got.push([name, role, code === 'permission-denied']);
      wanted.push([name, role, isDenied]);
      // A command that fails on its arguments, or on a bug, would pass for one that is allowed.
      expect([name, role, code, said]).not.toEqual([name, role, expect.stringMatching(/^internal-error$/), said]);
    }
  }
  expect(got).toEqual(wanted);
});

test('those who may not chat do not get to a model from the terminal either', { timeout: 30_000 }, async () => {
  for (const user of ['readonly', 'gone']) {
    const { code, json } = await runClawJson(['chat', '-p', 'hello', '--user', user], { home });
    expect([user, code, json]).toMatchObject([user, 5, { error: { code: 'permission-denied' } }]);
  }
});
