import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Actor, terminalActor } from '../../../src/core/access/actor.ts';
import { chosenModel } from '../../../src/core/conversations/chosen-model.ts';
import { createModelChoices, type ModelChoiceService } from '../../../src/core/conversations/model-choices.ts';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import type { Notice } from '../../../src/core/kernel/events.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

let store: Store;
let choices: ModelChoiceService;
const people = new Map<string, Actor>();

async function person(id: string, role: 'admin' | 'user' | 'readonly'): Promise<Actor> {
  const user = { id, username: id, role, state: 'active', created_at: 1 } as const;
  await store.users.insertIfAbsent(user);
  const actor = terminalActor(user);
  people.set(id, actor);
  return actor;
}

const who = (id: string): Actor => {
  const actor = people.get(id);
  if (actor === undefined) throw new Error(`no ${id}`);
  return actor;
};

const unusable = new ClawError('auth-missing', 'google needs GOOGLE_API_KEY, which is not set.');

/** Everything can be used but Google. */
async function resolveModel(ref: string | undefined): Promise<{ ref: string; takeNotices: () => Notice[] }> {
  if (ref?.includes('google') === true) throw unusable;
  return { ref: ref ?? 'the/configured', takeNotices: () => [] };
}

beforeEach(async () => {
  const home = temporaryHome();
  store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await person('root', 'admin');
  await person('alice', 'user');
  await person('bob', 'user');
  await person('guest', 'readonly');
  await store.rooms.insertFolderIfAbsent({ folder: 'family', conversation_id: null, owner_id: 'root', created_at: 1 });
  await store.tasks.insert({
    id: 'task-1',
    name: 'morning',
    owner_id: 'alice',
    chat_id: null,
    prompt: 'hi',
    tool: null,
    tool_input: null,
    gate: null,
    schedule_type: 'once',
    schedule_value: '1',
    zone: 'UTC',
    anchor_at: 1,
    misfire: 'skip',
    max_lateness_ms: null,
    context: 'isolated',
    conversation_id: null,
    budget_micro_usd: null,
    state: 'active',
    reason: null,
    next_at: null,
    failures: 0,
    backoff_until: null,
    created_at: 1,
    updated_at: 1,
  });
  choices = createModelChoices({
    store,
    clock: systemClock,
    chain: async (text) => (await resolveModel(text)).ref,
    async findTask(_, by, name) {
      if (name === 'morning' && by.user.id !== 'bob') return { id: 'task-1', owner_id: 'alice' };
      throw new ClawError('not-found', 'There is no such task.');
    },
  });
});

describe('choosing a model', () => {
  test.each([
    ['alice', 'user', 'alice'],
    ['alice', 'task', 'morning'],
    ['root', 'user', 'alice'],
    ['root', 'task', 'morning'],
    ['root', 'room', 'family'],
  ] as const)('%s may, for the %s %s', async (by, scope, name) => {
    const choice = await choices.set(who(by), { scope, name }, 'a/b,c/d');
    expect(choice).toMatchObject({ scope, models: 'a/b,c/d' });
    const [entry] = await store.audit.list({}, 1);
    expect(entry).toMatchObject({ action: 'model.choose', target: choice.subject });
    expect(await choices.unset(who(by), { scope, name })).toBe(true);
    expect(await choices.unset(who(by), { scope, name })).toBe(false);
  });

  test.each([
    ['alice', 'user', 'bob', 'permission-denied'],
    ['alice', 'user', 'nobody', 'permission-denied'],
    ['alice', 'room', 'family', 'permission-denied'],
    ['alice', 'room', 'nowhere', 'permission-denied'],
    ['bob', 'task', 'morning', 'not-found'],
    ['guest', 'user', 'guest', 'permission-denied'],
    ['root', 'user', 'nobody', 'not-found'],
    ['root', 'room', 'nowhere', 'not-found'],
  ] as const)('%s may not, for the %s %s: %s', async (by, scope, name, code) => {
    await expect(choices.set(who(by), { scope, name }, 'a/b')).rejects.toMatchObject({ code });
    await expect(choices.unset(who(by), { scope, name })).rejects.toMatchObject({ code });
    expect(await store.chain.choices()).toEqual([]);
  });

  test('one that cannot be used is refused with the reason, and what was chosen stays', async () => {
    const target = { scope: 'user', name: 'alice' } as const;
    await choices.set(who('alice'), target, 'a/b');
    await expect(choices.set(who('alice'), target, 'google/x')).rejects.toBe(unusable);
    expect(await choices.list(who('alice'))).toMatchObject([{ models: 'a/b' }]);
  });

  test('an admin sees every choice, everybody else their own', async () => {
    await choices.set(who('alice'), { scope: 'user', name: 'alice' }, 'a/b');
    await choices.set(who('root'), { scope: 'room', name: 'family' }, 'c/d');
    await choices.set(who('alice'), { scope: 'task', name: 'morning' }, 'e/f');
    const seen = async (by: string): Promise<string[]> =>
      (await choices.list(who(by))).map(({ scope }) => scope).toSorted();
    expect(await seen('root')).toEqual(['room', 'task', 'user']);
    expect(await seen('alice')).toEqual(['task', 'user']);
    expect(await seen('bob')).toEqual([]);
  });
});

describe('the model of a turn', () => {
  const turn = { userId: 'alice', conversationId: 'talk', taskId: 'task-1' };
  const deps = () => ({ store, resolveModel });
  const choose = (scope: 'user' | 'room' | 'task', subject: string, models: string): Promise<void> =>
    store.chain.putChoice({ scope, subject, models, set_by: null, set_at: 1 });

  test('is that of its task, else of its room, else of its user, else the configured one', async () => {
    await store.conversations.insert({
      id: 'talk',
      owner_id: 'root',
      title: 't',
      origin: 'terminal',
      parent_id: null,
      parent_seq: null,
      created_at: 1,
      updated_at: 1,
    });
    await store.rooms.setFolderConversation('family', 'talk');
    expect(await chosenModel(deps(), turn)).toMatchObject({ model: { ref: 'the/configured' }, isChosen: false });
    await choose('user', 'alice', 'of/user');
    await choose('user', 'bob', 'of/bob');
    expect((await chosenModel(deps(), turn)).model.ref).toBe('of/user');
    await choose('room', 'family', 'of/room');
    expect((await chosenModel(deps(), turn)).model.ref).toBe('of/room');
    await choose('task', 'task-1', 'of/task');
    expect((await chosenModel(deps(), turn)).model.ref).toBe('of/task');
    expect((await chosenModel(deps(), { userId: 'alice' })).model.ref).toBe('of/user');
  });

  test('when it cannot be used any more is the next one, and that is said', async () => {
    await choose('user', 'alice', 'of/user');
    await choose('task', 'task-1', 'google/x');
    const { model, isChosen } = await chosenModel(deps(), turn);
    const { ref, takeNotices } = model;
    expect([ref, isChosen]).toEqual(['of/user', true]);
    expect(takeNotices()).toMatchObject([
      { code: 'model-choice', text: expect.stringContaining('google/x') as string },
    ]);
    expect(takeNotices()).toEqual([]);
  });
});
