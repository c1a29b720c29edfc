import { expect, test } from 'vitest';
import { createDeadLetters } from '../../../src/core/conversations/dead-letters.ts';
import { newId } from '../../../src/core/kernel/ids.ts';
import { chatKit } from './chat-kit.ts';

async function letters(...states: readonly ('failed' | 'uncertain')[]) {
  const kit = await chatKit([{ text: 'hi' }, { text: 'hi' }]);
  const { conversationId } = (await kit.send('hello')).end;
  const stranger = newId(1);
  await kit.store.users.insertIfAbsent({
    id: stranger,
    username: 'alice',
    role: 'admin',
    state: 'active',
    created_at: 1,
  });
  const ids: string[] = [];
  for (const [at, state] of states.entries()) {
    const id = newId(at + 1);
    ids.push(id);
    const place = {
      channel: 'telegram',
      chat_id: 'tg:42',
      thread: null,
      conversation_id: conversationId,
      turn_id: null,
    };
    const said = { kind: 'answer' as const, part: 1, parts: 1, text: `part ${at}`, buttons: null, file: null };
    const rest = {
      reply_to: null,
      edits: null,
      external_id: null,
      attempts: 1,
      is_repeat: 0,
      next_attempt_at: 0,
      runner: null,
    };
    await kit.store.outbox.insert([
      { id, ...place, ...said, ...rest, state, reason: 'the chat is gone', created_at: at + 1, settled_at: at + 1 },
    ]);
  }
  const user = await kit.store.users.byId(kit.userId);
  if (user === undefined) throw new Error('no user');
  const service = createDeadLetters({ store: kit.store, clock: kit.deps.clock });
  return { ...kit, service, ids, conversationId, user, stranger };
}

test('a letter says what is in it to whose conversation it is, and to no other admin', async () => {
  const { service, user, store, stranger } = await letters('failed');
  expect(await service.read(10, user)).toMatchObject([
    { text: 'part 0', owner: user.username, reason: 'the chat is gone' },
  ]);
  const alice = await store.users.byId(stranger);
  if (alice === undefined) throw new Error('no user');
  expect(await service.read(10, alice)).toMatchObject([{ text: null, owner: user.username }]);
});

test('what failed is sent again at once, what is uncertain is not; a second time there is nothing to do', async () => {
  const { service, user, store, ids } = await letters('failed', 'uncertain', 'failed');
  expect(await service.resendAll(user)).toBe(2);
  expect((await store.outbox.byId(ids[0] ?? ''))?.state).toBe('pending');
  expect((await store.outbox.byId(ids[1] ?? ''))?.state).toBe('uncertain');
  expect(await service.resendAll(user)).toBe(0);
  expect(await store.audit.list({ action: 'message.resend' }, 10)).toHaveLength(2);
});

test('one is given up once, is told no more, and the audit says who did it', async () => {
  const { service, user, store, ids } = await letters('uncertain');
  await service.discard(ids[0] ?? '', user);
  expect(await service.list(10, user)).toEqual([]);
  expect(await store.outbox.byId(ids[0] ?? '')).toMatchObject({ state: 'cancelled', reason: 'discarded by hand' });
  await expect(service.discard(ids[0] ?? '', user)).rejects.toMatchObject({ code: 'conflict' });
  await expect(service.resend(ids[0] ?? '', user)).rejects.toMatchObject({ code: 'conflict' });
  expect(await store.audit.list({ action: 'message.discard' }, 10)).toMatchObject([{ target: ids[0] }]);
});
