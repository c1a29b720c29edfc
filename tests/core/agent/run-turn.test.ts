import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ToolResultPart } from '../../../src/core/kernel/messages.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { answers, chatKit, type Kit } from '../conversations/chat-kit.ts';

/** Starts a turn in another process and kills it with SIGKILL at `place`. */
async function killAt(home: string, place: string): Promise<void> {
  const program = fileURLToPath(new URL('../conversations/killed-turn.ts', import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [program, home, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  if (child.stdout === null) throw new Error('no stdout');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await exited;
}

const tools = {
  first: { parallel: false, ...answers('again') },
  second: { parallel: false, ...answers('again') },
  repeatable: { parallel: false, idempotent: true, ...answers('again') },
};

async function latest(kit: Kit): Promise<string> {
  const [row] = await kit.store.conversations.list(kit.userId, { limit: 1, offset: 0 });
  return row?.id ?? '';
}

const effects = (home: string): string[] => readFileSync(join(home, 'effects'), 'utf8').trim().split('\n');
const results = (kit: Kit): readonly ToolResultPart[] =>
  (kit.requests[0]?.messages ?? []).flatMap(({ parts }) =>
    parts.filter((part): part is ToolResultPart => part.type === 'tool-result'),
  );

test('a turn killed in its second tool goes on with the next message: the finished call is not run again, the open one is uncertain', async () => {
  const home = temporaryHome();
  await killAt(home, 'second');
  const kit = await chatKit([{ text: 'finished' }], { home, tools });
  const { events, end } = await kit.send('go on', { conversationId: await latest(kit) });
  expect(effects(home)).toEqual(['first', 'second']);
  expect(kit.toolCalls).toEqual([]);
  expect(results(kit)).toMatchObject([
    { callId: 'a', status: 'ok', output: 'first done' },
    { callId: 'b', status: 'uncertain' },
  ]);
  expect(JSON.stringify(kit.requests[0]?.messages.at(-1))).toContain('go on');
  expect(events[0]).toMatchObject({ type: 'turn-start', resumed: true });
  expect(end).toMatchObject({
    text: 'finished',
    tools: [
      { name: 'first', status: 'ok' },
      { name: 'second', status: 'uncertain' },
    ],
  });
  expect(end.usage).toMatchObject({ inputTokens: 20, outputTokens: 10 });
});

test('a tool that may be repeated is run again', async () => {
  const home = temporaryHome();
  await killAt(home, 'repeatable');
  const kit = await chatKit([{ text: 'finished' }], { home, tools });
  await kit.send('go on', { conversationId: await latest(kit) });
  expect(kit.toolCalls.map(({ name }) => name)).toEqual(['repeatable']);
  expect(results(kit)).toMatchObject([{ status: 'ok' }, { status: 'ok', output: 'again' }]);
});

test('a call that had not begun when the process died is run', async () => {
  const home = temporaryHome();
  await killAt(home, 'first');
  const kit = await chatKit([{ text: 'finished' }], { home, tools });
  await kit.send('go on', { conversationId: await latest(kit) });
  expect(kit.toolCalls.map(({ name }) => name)).toEqual(['second']);
});

test('a turn killed while the model spoke asks again, and the lost call is in the books as lost', async () => {
  const home = temporaryHome();
  await killAt(home, 'stream');
  const kit = await chatKit([{ text: 'finished' }], { home, tools });
  const { end } = await kit.send('go on', { conversationId: await latest(kit) });
  expect(kit.requests[0]?.messages).toHaveLength(1);
  expect((await kit.store.journal.modelCalls(end.turnId)).map(({ state }) => state)).toEqual(['lost', 'done']);
});
