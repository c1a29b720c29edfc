import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openStore } from '../../src/core/store/store.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Row {
  seq: number;
  username: string;
  via: string;
  action: string;
  target: string | null;
  outcome: string;
  detail: Record<string, unknown>;
}

const rowsOf = async (home: string, ...flags: string[]): Promise<Row[]> =>
  (await runClawJson(['audit', 'list', ...flags], { home })).json as Row[];

/** As the file has them: asking the program each time would take three times as long. */
function readRows(home: string, after: number): Row[] {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  const rows = database.prepare('select * from audit_events where seq > ?').all(after) as (Row & { detail: string })[];
  database.close();
  return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) as Record<string, unknown> }));
}

const TOOL = `export default { name: 'peek', description: 'Looks.', input: { type: 'object', properties: {} },
  permissions: { net: ['example.com'] }, run: async () => 'seen' };
`;

/** Adds requests for approval as a turn would, and users. */
async function prepare(home: string): Promise<void> {
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  await store.users.insertIfAbsent({
    id: 'u-r',
    username: 'rita',
    role: 'readonly',
    state: 'active',
    created_at: 9e12,
  });
  const owner = (await store.users.firstAdmin())?.id ?? '';
  for (const id of ['aaaaaaaa-1', 'bbbbbbbb-1']) {
    const act = { kind: 'exec' as const, act: 'git push', pattern: 'git', reason: 'test', detail: 'git push' };
    const open = { state: 'pending' as const, conversation_id: null, call_id: null, created_at: 1, expires_at: 9e12 };
    const undecided = { decided_by: null, decided_at: null, scope: null, used_at: null };
    await store.approvals.insert({ id, act_hash: id, user_id: owner, ...act, ...open, ...undecided });
  }
  await store.close();
  mkdirSync(join(home, 'tools'), { recursive: true });
  writeFileSync(join(home, 'tools', 'peek.ts'), TOOL);
}

test('every act leaves exactly one row, with who, what and how it ended', async () => {
  const home = await temporaryDirectory();
  await runClaw(['chat', '-p', '2 + 2', '--model', 'offline'], { home });
  await prepare(home);
  const [talk] = (await runClawJson(['conversation', 'list'], { home })).json as { id: string }[];
  const grant = async (): Promise<string> =>
    ((await runClawJson(['approval', 'grants'], { home })).json as { id: string }[])[0]?.id ?? '';
  const canary = 'sk-ant-api03-canary-canary-canary-canary-canary';
  const exec = (command: string): string[] => ['tool', 'run', 'run_command', '--input', JSON.stringify({ command })];
  const acts: [args: string[], expected: Partial<Row>, input?: string][] = [
    [
      ['config', 'set', 'MAX_TOKENS', '8000'],
      { action: 'config.set', target: 'MAX_TOKENS', detail: { value: '8000' } },
    ],
    [['config', 'unset', 'MAX_TOKENS'], { action: 'config.unset', target: 'MAX_TOKENS' }],
    [['config', 'undo'], { action: 'config.undo' }],
    [['secret', 'set', 'ANTHROPIC_API_KEY'], { action: 'secret.set', target: 'ANTHROPIC_API_KEY' }, canary],
    [['secret', 'remove', 'ANTHROPIC_API_KEY'], { action: 'secret.remove', target: 'ANTHROPIC_API_KEY' }],
    [
      ['group', 'register', '--jid', 'dc:1', '--name', canary, '--folder', 'a'],
      { action: 'group.register', target: 'dc:1' },
    ],
    [['group', 'update', '--jid', 'dc:1', '--trigger', '@J'], { action: 'group.update', target: 'dc:1' }],
    [['group', 'remove', '--jid', 'dc:1'], { action: 'group.remove', target: 'dc:1' }],
    [
      ['group', 'register', '--jid', 'dc:2', '--name', 'B', '--folder', 'b', '--user', 'rita'],
      { action: 'access.deny', outcome: 'denied', username: 'rita' },
    ],
    [
      ['approval', 'approve', 'aaaaaaaa', '--scope', 'always'],
      { action: 'approval.approve', target: 'aaaaaaaa-1', detail: { kind: 'exec', act: 'git push', scope: 'always' } },
    ],
    [['approval', 'revoke', 'GRANT'], { action: 'grant.revoke' }],
    [['approval', 'deny', 'bbbbbbbb'], { action: 'approval.deny', target: 'bbbbbbbb-1' }],
    [['tool', 'approve', 'peek'], { action: 'tool.approve', target: 'peek' }],
    [['tool', 'disable', 'peek'], { action: 'tool.disable', target: 'peek' }],
    [['tool', 'enable', 'peek'], { action: 'tool.enable', target: 'peek' }],
    [exec('rm -rf /'), { action: 'tool.refuse', target: 'run_command', outcome: 'denied' }],
    [['conversation', 'export', talk?.id ?? ''], { action: 'conversation.export', target: talk?.id ?? '' }],
    [['conversation', 'delete', talk?.id ?? '', '--yes'], { action: 'conversation.delete', target: talk?.id ?? '' }],
  ];
  let last = 0;
  for (const [args, expected, input = ''] of acts) {
    const words = args.map((word) => (word === 'GRANT' ? '' : word));
    if (args.includes('GRANT')) words[words.indexOf('')] = await grant();
    const run = await runClaw(words, { home, input });
    const added = readRows(home, last);
    last += added.length;
    expect(added, `${args.join(' ')}\n${run.stderr}`).toMatchObject([
      { username: 'owner', outcome: 'ok', ...expected },
    ]);
  }
  const all = await runClaw(['audit', 'export'], { home });
  expect(all.stdout.trimEnd().split('\n')).toHaveLength(acts.length);
  expect(all.stdout).not.toContain(canary);
  expect((await runClawJson(['audit', 'verify'], { home })).json).toMatchObject({ ok: true, rows: acts.length });
}, 60_000);

test('list and export take the rows that are asked for; what cannot be read is refused', async () => {
  const home = await temporaryDirectory();
  for (const value of ['7000', '8000', '9000']) await runClaw(['config', 'set', 'MAX_TOKENS', value], { home });
  await runClaw(['secret', 'set', 'OPENAI_API_KEY'], { home, input: 'not-a-live-key-0000000000' });
  expect((await rowsOf(home, '--action', 'config.*', '--limit', '2')).map(({ seq }) => seq)).toEqual([3, 2]);
  expect(await rowsOf(home, '--user', 'nobody')).toEqual([]);
  expect(await rowsOf(home, '--until', '1h')).toEqual([]);
  expect(await rowsOf(home, '--since', '1h')).toHaveLength(4);
  expect((await runClaw(['audit', 'list', '--since', 'soon'], { home })).code).toBe(2);
  const file = join(home, 'audit.csv');
  expect((await runClaw(['audit', 'export', '--format', 'csv', '--out', file], { home })).code).toBe(0);
  expect(readFileSync(file, 'utf8').split('\r\n')).toHaveLength(6);
  expect((await runClaw(['audit', 'export', '--out', file], { home })).code).toBe(7);
});

test('whoever changes the file behind its back is found: exit code 10 and the first bad row', async () => {
  const home = await temporaryDirectory();
  for (const value of ['7000', '8000', '9000']) await runClaw(['config', 'set', 'MAX_TOKENS', value], { home });
  expect((await runClaw(['audit', 'verify'], { home })).stdout).toBe('The audit trail is whole: 3 rows.\n');
  const database = new Sqlite(join(home, 'claw.db'));
  expect(() => database.exec('delete from audit_events where seq = 3')).toThrow(/never deleted/);
  database.exec('drop trigger audit_events_kept; delete from audit_events where seq = 3');
  database.exec('update audit_head set seq = 2, mac = (select mac from audit_events where seq = 2)');
  database.close();
  const broken = await runClaw(['audit', 'verify'], { home });
  expect(broken).toMatchObject({ code: 10, stdout: expect.stringMatching(/broken at row 3\./) as string });
  expect(await runClawJson(['audit', 'verify'], { home })).toMatchObject({
    code: 10,
    json: { ok: false, first_bad_row: 3 },
  });
});
