import { expect, test } from 'vitest';
import { createApprovalService } from '../../../src/core/conversations/approvals.ts';
import type { IncomingMessage } from '../../../src/core/conversations/channel-messages.ts';
import type { GateRules } from '../../../src/core/conversations/gate.ts';
import { createPlaces } from '../../../src/core/conversations/places.ts';
import { createPlatformPeople } from '../../../src/core/conversations/platform-people.ts';
import { MINUTE, peopleKit } from '../access/people-kit.ts';
import { ENGLISH } from '../../../src/core/kernel/language/catalogue.ts';

const RULES: GateRules = {
  platforms: { telegram: { people: ['42'], places: [], spaces: [] } },
  bots: [],
  maxMessageChars: 1000,
};

async function kit() {
  const people = await peopleKit();
  const { store, clock, pairing } = people;
  const approvals = createApprovalService({ store, clock, expiryMs: MINUTE });
  const service = createPlatformPeople({
    store,
    clock,
    approvals: async () => approvals,
    pairing: async () => pairing,
    replies: {
      assistantName: () => 'J',
      catalogue: () => ENGLISH,
      usage: async () => 'nothing',
      isLearning: () => true,
    },
  });
  return { ...people, service, places: createPlaces({ store, clock }) };
}

const message = (chat: string, text: string, isDirect: boolean): IncomingMessage => ({
  channel: 'telegram',
  chat,
  isDirect,
  externalId: '1',
  sender: { id: '42', name: 'Ann', isBot: false, isSelf: false },
  text,
  isMention: false,
  attachments: [],
  command: { name: text.split(' ')[0] ?? '', text: text.split(' ').slice(1).join(' ') },
  sentAt: 0,
});

const noTurn = (): boolean => false;

test('/reset in a direct chat, in a place that is no room, and in a room begins a new conversation just there', async () => {
  const { service, places, store, admin } = await kit();
  await store.rooms.insertFolderIfAbsent({
    folder: 'family',
    conversation_id: null,
    owner_id: admin.id,
    created_at: 0,
  });
  const room = { jid: 'tg:-1', channel: 'telegram', name: 'F', folder: 'family', trigger_pattern: null };
  await store.rooms.insert({ ...room, requires_trigger: 1, is_main: 0, created_at: 0, updated_at: 0 });
  const user = await service.personOf(message('tg:42', '', true), true);
  if (user === undefined) throw new Error('the person is allowed');
  const inPlaces = [
    message('tg:42', 'reset', true),
    message('tg:-2', 'reset', false),
    message('tg:-1', 'reset', false),
  ];
  const now = async () =>
    Promise.all(inPlaces.map(async (said) => places.conversationOf(said, user, await places.roomOf(said.chat))));
  for (const [index, said] of inPlaces.entries()) {
    const before = await now();
    expect(await service.command(said, user, noTurn)).toMatch(/new conversation/);
    const after = await now();
    expect(after.map((id, place) => id !== before[place])).toEqual(inPlaces.map((_, place) => place === index));
  }
});

test('a stranger who writes directly is told a code, and nothing when it was told just now', async () => {
  const { service, pairing, admin } = await kit();
  const greeting = await service.greetStranger(message('tg:42', 'hello', true));
  const code = /: ([A-Z0-9]{4}-[A-Z0-9]{4})$/m.exec(greeting)?.[1] ?? '';
  expect(greeting).toContain('good for 60 minutes');
  expect(await service.greetStranger(message('tg:42', 'hello?', true))).toBe('');
  await pairing.approve(code, admin, 'mia');
  expect(await service.personOf(message('tg:42', 'hi', true), false)).toMatchObject({ username: 'mia' });
});

test('someone whom a setting lets in becomes the owner by a code of their own, with a conversation of the owner', async () => {
  const { service, places, pairing, admin } = await kit();
  const said = message('tg:42', 'pair', true);
  const before = await service.personOf(said, true);
  if (before === undefined) throw new Error('the person is allowed');
  const first = await places.conversationOf(said, before, undefined);
  const answer = (await service.command(said, before, noTurn)) ?? '';
  const code = /approve ([A-Z0-9-]{9}) --user/.exec(answer)?.[1] ?? '';
  expect(await service.command(message('tg:-2', 'pair', false), before, noTurn)).toMatch(/^Permission denied/);
  expect(await service.command(message('tg:42', `pair ${code}`, true), before, noTurn)).toMatch(/^Permission denied/);
  await pairing.approve(code, admin, 'owner');
  const after = await service.personOf(said, true);
  expect(after?.id).toBe(admin.id);
  expect(await places.conversationOf(said, after ?? before, undefined)).not.toBe(first);
});

test('A42: a button of an approval does nothing for a stranger or a member', async () => {
  const { service } = await kit();
  const press = {
    channel: 'telegram',
    chat: 'tg:-1',
    value: 'approve:019aa0f3',
    sender: message('tg:1', '', true).sender,
  };
  expect(await service.press({ ...press, sender: { ...press.sender, id: '99' } }, RULES)).toBe('I do not know you.');
  expect(await service.press({ ...press, value: 'what' }, RULES)).toMatch(/nothing/);
  expect(await service.press(press, RULES)).toMatch(/no request|admin/i);
});
