import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClawJson, temporaryDirectory } from './run-claw.ts';

interface Run {
  status: string;
  output: string;
  error?: string;
}

async function home(): Promise<string> {
  const folder = await temporaryDirectory();
  mkdirSync(join(folder, 'groups', 'main'), { recursive: true });
  return folder;
}

const inWorkspace = (folder: string, name: string): string => join(folder, 'groups', 'main', name);

async function run(folder: string, name: string, input: object): Promise<Run & { code: number | null }> {
  const { json, code } = await runClawJson(['tool', 'run', name, '--input', '-'], {
    home: folder,
    input: JSON.stringify(input),
  });
  return { ...(json as Run), code };
}

test('43: read refuses what lies outside and what holds secrets', async () => {
  const folder = await home();
  writeFileSync(join(folder, 'claw.log'), 'x');
  writeFileSync(inWorkspace(folder, '.env'), 'A=b');
  writeFileSync(inWorkspace(folder, '.env.local'), 'A=b');
  writeFileSync(inWorkspace(folder, 'app.log'), 'log');
  symlinkSync('/etc/passwd', inWorkspace(folder, 'link.txt'));
  const paths = [
    '../../etc/passwd',
    '/etc/passwd',
    '.env',
    '.env.local',
    'app.log',
    'history/a.json',
    'link.txt',
    '../../claw.log',
    'spool/../config.json',
  ];
  for (const path of paths) {
    expect(await run(folder, 'read_text_file', { path }), path).toMatchObject({ status: 'refused', code: 9 });
  }
});

test('43: a key in a readable file is hidden', async () => {
  const folder = await home();
  const key = `sk-ant-api03-${'x1Y2'.repeat(12)}`;
  writeFileSync(inWorkspace(folder, 'notes.txt'), `my key is ${key} ok`);
  const { status, output } = await run(folder, 'read_text_file', { path: 'notes.txt' });
  expect(status).toBe('ok');
  expect(output).not.toContain(key);
  expect(output).toContain('my key is');
});

test('44: save refuses traversal, absolute and protected names and too much; it makes folders for a new path', async () => {
  const folder = await home();
  const paths = [
    '../escape.txt',
    '/tmp/escape.txt',
    '.env',
    'tools/evil.ts',
    '.git/hooks/pre-commit',
    'package.json',
    'sitecustomize.py',
    '../../tools/evil.ts',
  ];
  for (const path of paths) {
    expect(await run(folder, 'save_text_file', { path, content: 'x' }), path).toMatchObject({
      status: 'refused',
      code: 9,
    });
  }
  expect((await run(folder, 'save_text_file', { path: 'big.txt', content: 'x'.repeat(1_048_577) })).status).not.toBe(
    'ok',
  );
  expect((await run(folder, 'save_text_file', { path: 'wide.txt', content: '한'.repeat(400_000) })).status).not.toBe(
    'ok',
  );
  expect(existsSync(inWorkspace(folder, 'wide.txt'))).toBe(false);
  expect(await run(folder, 'save_text_file', { path: 'a/b/c.txt', content: '안녕' })).toMatchObject({ status: 'ok' });
  expect(readFileSync(inWorkspace(folder, 'a/b/c.txt'), 'utf8')).toBe('안녕');
  expect(existsSync(join(folder, 'tools'))).toBe(false);
});

test('long files, and outputs kept in the spool, are read in parts', async () => {
  const folder = await home();
  mkdirSync(join(folder, 'spool'));
  writeFileSync(join(folder, 'spool', 'out.txt'), '0123456789'.repeat(30_000));
  const first = await run(folder, 'read_text_file', { path: 'spool/out.txt' });
  expect(first.output).toContain('Go on with offset 100000');
  const part = await run(folder, 'read_text_file', { path: 'spool/out.txt', offset: 299_995, limit: 100 });
  expect(part.output).toBe('56789');
  expect((await run(folder, 'save_text_file', { path: 'spool/out.txt', content: 'x' })).status).toBe('ok');
  expect(readFileSync(join(folder, 'spool', 'out.txt'), 'utf8')).not.toBe('x');
});

test('list shows names and sizes, and not what is protected', async () => {
  const folder = await home();
  writeFileSync(inWorkspace(folder, 'a.txt'), 'hello');
  writeFileSync(inWorkspace(folder, '.env'), 'A=b');
  mkdirSync(inWorkspace(folder, 'sub'));
  expect(await run(folder, 'list_files', {})).toMatchObject({ status: 'ok', output: 'a.txt  5\nsub/' });
  expect(await run(folder, 'list_files', { path: 'sub' })).toMatchObject({ output: 'The folder is empty.' });
  expect(await run(folder, 'list_files', { path: '..' })).toMatchObject({ status: 'refused' });
});
