import { expect, test } from 'vitest';
import { answerCommand, type ChatCommand } from '../../../src/core/conversations/chat-commands.ts';
import type { Actor } from '../../../src/core/access/actor.ts';
import { requirePermission } from '../../../src/core/access/permissions.ts';
import type { User } from '../../../src/core/access/local-user.ts';
import { createBudgetService } from '../../../src/core/spending/budget-service.ts';
import { usageText } from '../../../src/core/spending/usage-text.ts';
import { peopleKit, type PeopleKit } from '../access/people-kit.ts';
import { ENGLISH } from '../../../src/core/kernel/language/catalogue.ts';

interface Kit extends PeopleKit {
  say(text: string, change?: Partial<ChatCommand>): Promise<string | undefined>;
  readonly interrupted: string[];
  readonly ended: string[];
}

async function kit(): Promise<Kit> {
  const people = await peopleKit();
  const { store, clock, pairing, member } = people;
  const interrupted: string[] = [];
  const ended: string[] = [];
  const interrupt = (id: string): boolean => interrupted.push(id) > 0;
  // Midnight there is ten in the morning of UTC.
  const zone = 'Pacific/Kiritimati';
  const settings = { zone, dailyCalls: 0, userDailyCalls: 50 };
  const budgets = createBudgetService<Actor>({ store, clock, requirePermission }, settings);
  const usage = (user: User): Promise<string> =>
    usageText(
      { store, clock, zone, budgets, catalogue: ENGLISH },
      { user, via: 'channel', credentialId: null, scopes: null, from: 'channel' },
    );
  const deps = {
    store,
    assistantName: 'J',
    catalogue: ENGLISH,
    pairing: async () => pairing,
    usage,
    interrupt,
    ended: async (id: string) => void ended.push(id),
  };
  const conversation = { owner_id: member.id, title: 't', origin: 'telegram', parent_id: null, parent_seq: null };
  for (const id of ['c1', 'c2'])
    await store.conversations.insert({ ...conversation, id, created_at: 0, updated_at: 0 });
  await store.rooms.insertFolderIfAbsent({ folder: 'family', conversation_id: 'c1', owner_id: 'u1', created_at: 0 });
  await store.rooms.putDirectChat({
    jid: 'tg:5',
    channel: 'telegram',
    user_id: member.id,
    conversation_id: 'c2',
    created_at: 0,
  });
  return {
    ...people,
    interrupted,
    ended,
    say: (text, change = {}) => {
      const [name = '', ...rest] = text.split(' ');
      return answerCommand(deps, {
        name,
        text: rest.join(' '),
        user: member,
        place: { directChat: 'tg:5' },
        ...change,
      });
    },
  };
}

test('/start and /help greet; an admin is told about /pair', async () => {
  const { say, admin } = await kit();
  expect(await say('start')).toContain('I am J');
  expect(await say('help')).toMatch(/@J.*\/reset.*\/usage.*\/stop/s);
  expect(await say('help')).not.toContain('/pair CODE');
  expect(await say('HELP', { user: admin })).toContain('/pair CODE');
});

test('a command that is not one of claw is left to the assistant', async () => {
  const { say } = await kit();
  expect(await say('weather Seoul')).toBeUndefined();
});

test('/reset begins a new conversation in this place and no other, and keeps the old one', async () => {
  const { say, store, member, ended } = await kit();
  await say('reset');
  expect(ended).toEqual(['c2']);
  expect(await store.rooms.directChat('tg:5')).toMatchObject({ conversation_id: null, user_id: member.id });
  expect(await store.rooms.folder('family')).toMatchObject({ conversation_id: 'c1' });
  await say('reset', { place: { folder: 'family' } });
  expect(await store.rooms.folder('family')).toMatchObject({ conversation_id: null });
  expect(await store.conversations.find('c2', member.id)).toBeDefined();
});

test('/stop interrupts the turn of this place', async () => {
  const { say, interrupted } = await kit();
  expect(await say('stop')).toBe('Stopped.');
  expect(await say('stop', { place: { folder: 'family' } })).toBe('Stopped.');
  expect(interrupted).toEqual(['c2', 'c1']);
  expect(await say('stop', { place: { directChat: 'tg:9' } })).toMatch(/not doing anything/);
});

test('/usage counts the calls of this person, today and this month where the home is, and names their budgets', async () => {
  const { say, store, clock, member, admin } = await kit();
  const today = clock.now();
  const call = (id: string, userId: string, startedAt: number, cost: number | null) => ({
    id,
    turn_id: `t-${id}`,
    conversation_id: 'c1',
    user_id: userId,
    model: 'offline/echo',
    state: 'done' as const,
    stop_reason: null,
    input_tokens: 1200,
    output_tokens: 30,
    cached_tokens: 0,
    cache_write_tokens: 0,
    cost_micro_usd: cost,
    is_estimated: 0,
    error: null,
    started_at: startedAt,
    ended_at: startedAt,
  });
  const day = 86_400_000;
  await store.journal.insertModelCall(call('a', member.id, today, 2500));
  await store.journal.insertModelCall(call('b', member.id, today - 3 * 3_600_000, null));
  await store.journal.insertModelCall(call('c', member.id, today - 3 * day, 9_000_000));
  await store.journal.insertModelCall(call('d', admin.id, today, 7_000_000));
  await store.budgets.setBudget({
    id: 'b1',
    scope: 'user',
    subject: member.id,
    unit: 'tokens',
    amount: 5000,
    period: 'month',
    created_at: 0,
  });
  const answer = await say('usage');
  expect(answer).toContain('Today: 1,200 tokens in, 30 out, $0.0025');
  expect(answer).toContain('This month: 2,400 tokens in, 60 out, $0.0025, and 1 of 2 calls without a known price');
  expect(answer).toContain('The monthly budget of the user mia: 0 of 5,000 tokens.');
  expect(answer).toContain('PER_USER_DAILY_CALLS): 1 of 50 calls.');
  expect(answer).toContain('Days are those of Pacific/Kiritimati.');
});

test('A42: /pair is for admins; a member is refused and nothing happens', async () => {
  const { say, admin, pairing } = await kit();
  const offer = await pairing.request({ channel: 'telegram', personId: '77', name: 'Sam', chat: 'tg:77' });
  const code = offer?.code ?? '';
  expect(await say(`pair ${code}`)).toMatch(/^Permission denied/);
  expect(await pairing.list({ all: false })).toHaveLength(1);
  expect(await say('pair 2222-2222', { user: admin })).toMatch(/No such pairing code/);
  expect(await say('pair', { user: admin })).toMatch(/Write the code/);
  expect(await say(`pair ${code}`, { user: admin })).toBe('Sam may talk to me now, as telegram-77.');
  expect(await pairing.list({ all: false })).toEqual([]);
});

test('who may only read ends neither the conversation nor the turn of a place', async () => {
  const { say, store, member, interrupted } = await kit();
  const user = { ...member, role: 'readonly' } as const;
  const place = { folder: 'family' };
  expect(await say('reset', { user, place })).toContain('not talk');
  expect(await say('stop', { user, place })).toContain('not talk');
  expect(interrupted).toEqual([]);
  expect((await store.rooms.folder('family'))?.conversation_id).toBe('c1');
});
