import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Row {
  id: string;
  title: string;
  messages: number;
  parent_id: string | null;
}

async function talk(home: string, text: string, ...more: string[]): Promise<string> {
  const { json } = await runClawJson(['chat', '-p', text, ...more], { home });
  return (json as { conversation_id: string }).conversation_id;
}

async function list(home: string): Promise<Row[]> {
  return (await runClawJson(['conversation', 'list'], { home })).json as Row[];
}

test('a fresh home has no conversations, and says how to begin one', async () => {
  const home = await temporaryDirectory();
  expect(await list(home)).toEqual([]);
  expect((await runClaw(['conversation', 'list'], { home })).stdout).toContain('claw chat');
});

test('conversations are listed newest first, with their titles and sizes', async () => {
  const home = await temporaryDirectory();
  const first = await talk(home, 'what is 2 plus 3');
  const second = await talk(home, '안녕하세요');
  expect(await list(home)).toMatchObject([
    { id: second, title: '안녕하세요', messages: 2 },
    { id: first, title: 'what is 2 plus 3', messages: 4 },
  ]);
});

test('show takes the beginning of an id and tells every step of a turn', async () => {
  const home = await temporaryDirectory();
  const id = await talk(home, 'what is 2 plus 3');
  const { json } = await runClawJson(['conversation', 'show', id.slice(0, 13)], { home });
  expect(json).toMatchObject({
    id,
    messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'tool' }, { role: 'assistant' }],
    turns: [
      {
        state: 'done',
        stop_reason: 'complete',
        is_abandoned: false,
        tool_calls: [{ name: 'add_two_numbers', state: 'done', status: 'ok', output: '5' }],
      },
    ],
    inbound: [{ state: 'started' }],
  });
  const { stdout } = await runClaw(['conversation', 'show', id, '--story'], { home });
  expect(stdout).toMatch(/\[1\] user: what is 2 plus 3/);
  expect(stdout).toMatch(/tool call add_two_numbers done, ok/);
});

test('an unknown conversation is not found, with the next step', async () => {
  const run = await runClaw(['conversation', 'show', '0123456789']);
  expect(run.code).toBe(6);
  expect(run.stderr).toContain('claw conversation list');
});

test('a branch holds the beginning, goes its own way, and leaves the original alone', async () => {
  const home = await temporaryDirectory();
  const id = await talk(home, 'what is 2 plus 3');
  const { json } = await runClawJson(['conversation', 'branch', id, '--at', '4'], { home });
  const branch = (json as { id: string }).id;
  await talk(home, '7 times 8', '--resume', branch);
  expect(await list(home)).toMatchObject([
    { id: branch, messages: 8, parent_id: id },
    { id, messages: 4 },
  ]);
  expect((await runClaw(['conversation', 'branch', id, '--at', '9'], { home })).code).toBe(2);
});

test('export writes Markdown or JSON, to a new file of mode 600 when asked, never over an existing one', async () => {
  const home = await temporaryDirectory();
  const id = await talk(home, 'what is 2 plus 3');
  const { stdout } = await runClaw(['conversation', 'export', id], { home });
  expect(stdout).toMatch(/^# what is 2 plus 3\n/);
  expect(stdout).not.toContain('<context>');
  const file = join(home, 'talk.json');
  const args = ['conversation', 'export', id, '--format', 'json', '--output', file];
  expect((await runClaw(args, { home })).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ id });
  writeFileSync(file, 'mine');
  expect((await runClaw(args, { home })).code).toBe(7);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test('delete asks first, and takes the conversation with everything in it', async () => {
  const home = await temporaryDirectory();
  const id = await talk(home, 'what is 2 plus 3');
  const unasked = await runClaw(['conversation', 'delete', id], { home });
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain('--yes');
  expect((await runClaw(['conversation', 'delete', id, '--yes'], { home })).code).toBe(0);
  expect(await list(home)).toEqual([]);
});

test('the working directory does not change which conversations are seen', async () => {
  const home = await temporaryDirectory();
  await talk(home, 'what is 2 plus 3');
  const { json } = await runClawJson(['conversation', 'list'], { home, cwd: '/' });
  expect(json).toHaveLength(1);
});
