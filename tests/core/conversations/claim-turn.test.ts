import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { textOf, type Message, type Part } from '../../../src/core/kernel/messages.ts';
import { chatKit } from './chat-kit.ts';

test('turns of one conversation never overlap, whatever process they run in, and each message is answered once', async () => {
  const kit = await chatKit([{ text: 'ready' }]);
  const { end } = await kit.send('begin');
  const program = fileURLToPath(new URL('racing-turns.ts', import.meta.url));
  const racers = ['a', 'b', 'c'].map(async (name) => {
    const args = [program, kit.home, end.conversationId, name, '5'];
    const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number];
    return code;
  });
  expect(await Promise.all(racers)).toEqual([0, 0, 0]);
  const messages = (await kit.store.conversations.messages(end.conversationId)).slice(2).map((row): Message => ({
    role: row.role,
    parts: (JSON.parse(row.parts) as Part[]).slice(row.role === 'user' ? 1 : 0),
  }));
  expect(messages).toHaveLength(30);
  for (let index = 0; index < messages.length; index += 2) {
    const [question, answer] = messages.slice(index, index + 2);
    expect([question?.role, answer?.role]).toEqual(['user', 'assistant']);
    expect(textOf(question ?? { role: 'user', parts: [] }).split(' ')[0]).toBe(
      textOf(answer ?? { role: 'user', parts: [] }),
    );
  }
  const inbound = await kit.store.inbound.ofConversation(end.conversationId);
  expect(inbound.every(({ state }) => state === 'started')).toBe(true);
}, 60_000);
