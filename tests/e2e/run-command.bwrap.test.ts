import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Run {
  status: string;
  output: string;
  error?: string;
}

interface Request {
  id: string;
  act: string;
  state: string;
}

async function home(): Promise<string> {
  const folder = await temporaryDirectory();
  mkdirSync(join(folder, 'groups', 'main'), { recursive: true });
  writeFileSync(join(folder, 'groups', 'main', 'a.txt'), 'hello\n');
  return folder;
}

async function command(
  folder: string,
  line: string | string[],
  env: Record<string, string>,
): Promise<Run & { code: number | null }> {
  const args = ['tool', 'run', 'run_command', '--input', JSON.stringify({ command: line })];
  const { json, code } = await runClawJson(args, { home: folder, env });
  return { ...(json as Run), code };
}

const requests = async (folder: string): Promise<Request[]> =>
  (await runClawJson(['approval', 'list'], { home: folder })).json as Request[];

const LIST = { EXEC_LEVEL: 'allowlist', EXEC_ALLOW: 'cat, wc' };
const ASK = { EXEC_LEVEL: 'ask', EXEC_ALLOW: 'cat' };

test('by default nothing is run', async () => {
  expect(await command(await home(), 'cat a.txt', {})).toMatchObject({ status: 'refused', code: 9 });
});

test('what is on the list runs in the workspace; what only a shell could mean is refused', async () => {
  const folder = await home();
  expect(await command(folder, 'cat a.txt', LIST)).toMatchObject({ status: 'ok', output: 'hello\n' });
  expect(await command(folder, ['wc', '-c', 'a.txt'], LIST)).toMatchObject({ status: 'ok' });
  const lines = [
    'cat a.txt; touch x',
    'cat a.txt | sh',
    'cat $(id)',
    'cat `id`',
    'cat a.txt > x',
    'cat a.txt\ntouch x',
    'PATH=/tmp cat a.txt',
    'env cat a.txt',
    './cat a.txt',
    '/tmp/cat a.txt',
    'cat /etc/passwd',
    'cat ../../claw.db',
  ];
  for (const line of lines) expect(await command(folder, line, LIST), line).toMatchObject({ status: 'refused' });
  expect(existsSync(join(folder, 'groups', 'main', 'x'))).toBe(false);
});

test('55, 56: what is not on the list waits for a yes to exactly this act, runs once, and not by itself', async () => {
  const folder = await home();
  const first = await command(folder, 'touch made', ASK);
  expect(first).toMatchObject({ status: 'refused', code: 9 });
  const [request] = await requests(folder);
  expect(request).toMatchObject({ act: 'touch made', state: 'pending' });
  expect(first.error).toContain(`claw approval approve ${request?.id ?? ''}`);
  expect((await runClaw(['approval', 'approve', request?.id ?? ''], { home: folder })).code).toBe(0);
  const made = join(folder, 'groups', 'main', 'made');
  expect(existsSync(made)).toBe(false);
  expect(await command(folder, 'touch other', ASK)).toMatchObject({ status: 'refused' });
  expect(await command(folder, 'touch made', ASK)).toMatchObject({ status: 'ok' });
  expect(existsSync(made)).toBe(true);
  expect(await command(folder, 'touch made', ASK)).toMatchObject({ status: 'refused' });
});

test('55: denied is refused, always is kept for the very argv, and a revoked grant asks again', async () => {
  const folder = await home();
  await command(folder, 'touch a', ASK);
  const [denied] = await requests(folder);
  await runClaw(['approval', 'deny', denied?.id ?? ''], { home: folder });
  expect((await runClaw(['approval', 'approve', denied?.id ?? ''], { home: folder })).code).toBe(7);
  expect(await command(folder, 'touch a', ASK)).toMatchObject({ status: 'refused' });
  const [again] = await requests(folder);
  await runClaw(['approval', 'approve', again?.id ?? '', '--scope', 'always'], { home: folder });
  for (let time = 0; time < 2; time += 1) expect(await command(folder, 'touch a', ASK)).toMatchObject({ status: 'ok' });
  expect(await command(folder, 'touch b', ASK)).toMatchObject({ status: 'refused' });
  const { json } = await runClawJson(['approval', 'grants'], { home: folder });
  const [grant] = json as { id: string }[];
  expect((await runClaw(['approval', 'revoke', grant?.id ?? ''], { home: folder })).code).toBe(0);
  expect(await command(folder, 'touch a', ASK)).toMatchObject({ status: 'refused' });
});

test('54: interpreters are refused, listed or not', async () => {
  const folder = await home();
  for (const line of ['node -e 1', 'bash -c id', 'python3 x.py']) {
    expect(
      await command(folder, line, { EXEC_LEVEL: 'allowlist', EXEC_ALLOW: 'node, bash, python3' }),
      line,
    ).toMatchObject({ status: 'refused' });
  }
});
