import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createGroupService, type GroupService, type NewRoom } from '../../../src/core/conversations/groups.ts';
import { peopleKit, type PeopleKit } from '../access/people-kit.ts';

interface Kit extends PeopleKit {
  readonly groups: GroupService;
  readonly folder: string;
  settings: { assistantName: string; pattern: string | undefined; particles: boolean };
}

async function kit(): Promise<Kit> {
  const people = await peopleKit();
  const folder = join(people.home, 'groups');
  const settings = { assistantName: 'J', pattern: undefined as string | undefined, particles: false };
  const { store, clock } = people;
  return {
    ...people,
    folder,
    settings,
    groups: createGroupService({ store, clock, folder, trigger: () => settings, maskJson: (value) => value }),
  };
}

const family: NewRoom = { jid: 'dc:123', name: 'Family', folder: 'family' };
const refused = (code: string) => expect.objectContaining({ code });

describe('registering', () => {
  test('makes the folder, private, with a memory file', async () => {
    const { groups, admin, folder } = await kit();
    const room = await groups.register({ ...family, jid: '123@discord', trigger: '@Bot' }, admin);
    expect(room).toMatchObject({
      jid: 'dc:123',
      channel: 'discord',
      folder: 'family',
      trigger_pattern: '@Bot',
      requires_trigger: 1,
    });
    expect(statSync(join(folder, 'family')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'family', 'CLAUDE.md')).mode & 0o777).toBe(0o600);
    expect(await groups.roomMemory('family')).toContain('# Family');
  });

  test.each(['CLAUDE.md', 'AGENTS.md'])('keeps a %s that is there', async (name) => {
    const { groups, admin, folder } = await kit();
    mkdirSync(join(folder, 'family'), { recursive: true });
    writeFileSync(join(folder, 'family', name), 'We are vegan.');
    await groups.register(family, admin);
    expect(readdirSync(join(folder, 'family'))).toEqual([name]);
    expect(await groups.roomMemory('family')).toBe('We are vegan.');
  });

  test.each([
    '../x',
    'global',
    'GLOBAL',
    'a/b',
    '',
    'a'.repeat(65),
    '.hidden',
    '..',
    '-x',
    '_x',
    'con',
    'a b',
    'a\0',
    'a\n',
    'päd',
    '팀',
    'a.b',
  ])('A40: the folder %j is refused, and nothing is made', async (name) => {
    const { groups, admin, folder } = await kit();
    await expect(groups.register({ ...family, folder: name }, admin)).rejects.toThrow(refused('usage-invalid'));
    expect(await groups.list()).toEqual([]);
    expect(() => readdirSync(folder)).toThrow(/ENOENT/);
  });

  test.each([
    ['team-ops', 'team-ops'],
    ['Team_Ops2', 'team_ops2'],
    ['a'.repeat(64), 'a'.repeat(64)],
    ['7', '7'],
  ])('A40: the folder %s is taken as %s', async (name, folder) => {
    const { groups, admin } = await kit();
    expect(await groups.register({ ...family, folder: name }, admin)).toMatchObject({ folder });
  });

  test('a link in the place of the folder is refused', async () => {
    const { groups, admin, folder, home } = await kit();
    mkdirSync(folder);
    symlinkSync(home, join(folder, 'family'));
    await expect(groups.register(family, admin)).rejects.toThrow(refused('conflict'));
    expect(await groups.list()).toEqual([]);
  });

  test('the same chat twice is a conflict', async () => {
    const { groups, admin } = await kit();
    await groups.register(family, admin);
    await expect(groups.register({ ...family, jid: 'discord:123', name: 'Again' }, admin)).rejects.toThrow(
      refused('conflict'),
    );
    expect(await groups.list()).toHaveLength(1);
  });

  test('rooms of several platforms share one folder', async () => {
    const { groups, admin, store } = await kit();
    await groups.register(family, admin);
    await groups.register({ ...family, jid: 'tg:-100' }, admin);
    expect((await store.rooms.inFolder('family')).map(({ jid }) => jid)).toEqual(['dc:123', 'tg:-100']);
  });

  test('A42: only an admin registers, changes and removes', async () => {
    const { groups, member, admin } = await kit();
    await expect(groups.register(family, member)).rejects.toThrow(refused('permission-denied'));
    await expect(groups.bootstrapMain('tg:1', member)).rejects.toThrow(refused('permission-denied'));
    await groups.register(family, admin);
    await expect(groups.update('dc:123', { name: 'X' }, member)).rejects.toThrow(refused('permission-denied'));
    await expect(groups.remove('dc:123', member)).rejects.toThrow(refused('permission-denied'));
    expect(await groups.list()).toMatchObject([{ name: 'Family' }]);
  });

  test('a dangerous trigger is refused, at registration and at a change', async () => {
    const { groups, admin } = await kit();
    await expect(groups.register({ ...family, trigger: '(a+)+$' }, admin)).rejects.toThrow(/exponential/);
    await groups.register(family, admin);
    await expect(groups.update('dc:123', { trigger: '(?=x)' }, admin)).rejects.toThrow(refused('usage-invalid'));
    expect(await groups.find('dc:123')).toMatchObject({ trigger_pattern: null });
  });
});

describe('the main room', () => {
  test('is one, and needs no trigger', async () => {
    const { groups, admin } = await kit();
    const main = await groups.bootstrapMain('tg:5', admin);
    expect(main).toMatchObject({ is_main: 1, requires_trigger: 0, folder: 'main' });
    await expect(groups.register({ ...family, isMain: true }, admin)).rejects.toThrow(refused('conflict'));
    await expect(groups.bootstrapMain('tg:6', admin)).rejects.toThrow(/Main \(tg:5\)/);
    expect(await groups.bootstrapMain('telegram:5', admin)).toEqual(main);
    await expect(groups.update('tg:5', { requiresTrigger: true }, admin)).rejects.toThrow(refused('usage-invalid'));
  });

  test('may be a room that was registered before, with its folder', async () => {
    const { groups, admin } = await kit();
    await groups.register(family, admin);
    expect(await groups.bootstrapMain('dc:123', admin)).toMatchObject({
      is_main: 1,
      requires_trigger: 0,
      folder: 'family',
    });
  });

  test('AUTO_REGISTER_MAIN_JID registers it once and never moves it', async () => {
    const { groups, admin } = await kit();
    expect(await groups.ensureMain('tg:5', admin)).toMatchObject({ jid: 'tg:5', is_main: 1 });
    expect(await groups.ensureMain('tg:6', admin)).toMatchObject({ jid: 'tg:5' });
    expect(await groups.list()).toHaveLength(1);
  });
});

test('registered at the same moment: a folder is shared, and one of two main rooms wins', async () => {
  const { groups, admin } = await kit();
  const jids = ['dc:1', 'dc:2', 'dc:3', 'dc:4'];
  await Promise.all(jids.map((jid) => groups.register({ ...family, jid }, admin)));
  expect(await groups.list()).toHaveLength(4);
  const mains = await Promise.allSettled(['tg:1', 'tg:2', 'tg:3'].map((jid) => groups.bootstrapMain(jid, admin)));
  expect(mains.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const lost = { reason: { code: 'conflict' } };
  expect(mains.filter(({ status }) => status === 'rejected')).toMatchObject([lost, lost]);
  expect((await groups.list()).filter(({ is_main }) => is_main === 1)).toHaveLength(1);
});

test('a change touches what was given and nothing else', async () => {
  const { groups, admin } = await kit();
  await groups.register({ ...family, trigger: '@Bot' }, admin);
  await groups.update('dc:123', { requiresTrigger: false }, admin);
  expect(await groups.find('dc:123')).toMatchObject({ name: 'Family', trigger_pattern: '@Bot', requires_trigger: 0 });
  await groups.update('dc:123', { trigger: '', requiresTrigger: true }, admin);
  expect(await groups.find('dc:123')).toMatchObject({ trigger_pattern: null, requires_trigger: 1 });
  await expect(groups.update('dc:123', {}, admin)).rejects.toThrow(refused('usage-invalid'));
  await expect(groups.update('dc:9', { name: 'x' }, admin)).rejects.toThrow(refused('not-found'));
});

test('a removed room leaves its folder and conversation to the next one of that folder', async () => {
  const { groups, admin, store, folder } = await kit();
  await groups.register(family, admin);
  const row = { id: 'c1', owner_id: admin.id, title: 't', origin: 'discord', parent_id: null, parent_seq: null };
  await store.conversations.insert({ ...row, created_at: 0, updated_at: 0 });
  await store.rooms.setFolderConversation('family', 'c1');
  writeFileSync(join(folder, 'family', 'CLAUDE.md'), 'kept');
  await groups.remove('dc:123', admin);
  expect(await groups.roomOf('dc:123')).toBeUndefined();
  await groups.register({ ...family, jid: 'slack:C1' }, admin);
  expect(await store.rooms.folder('family')).toMatchObject({ conversation_id: 'c1' });
  expect(readFileSync(join(folder, 'family', 'CLAUDE.md'), 'utf8')).toBe('kept');
});

describe('the memory file', () => {
  test('is cut at 32 KiB between letters, and says so', async () => {
    const { groups, admin, folder } = await kit();
    await groups.register(family, admin);
    writeFileSync(join(folder, 'family', 'CLAUDE.md'), `x${'가'.repeat(20_000)}`);
    const text = await groups.roomMemory('family');
    expect(text).not.toContain('\ufffd');
    expect(text).toMatch(/^x가+\n\[CLAUDE\.md is 60001 bytes long; only the first 32768 were read\.\]$/);
  });

  test('that links out of the folder is not followed', async () => {
    const { groups, admin, folder, home } = await kit();
    mkdirSync(join(folder, 'family'), { recursive: true });
    writeFileSync(join(home, 'outside.txt'), 'canary');
    symlinkSync(join(home, 'outside.txt'), join(folder, 'family', 'CLAUDE.md'));
    await groups.register(family, admin);
    expect(await groups.roomMemory('family')).toMatch(/^\[CLAUDE\.md was not read: /);
  });
});

test('the rules of a room: its own trigger, else the setting, else the name', async () => {
  const all = await kit();
  const { groups, admin, settings } = all;
  const own = await groups.register({ ...family, trigger: '^!ask' }, admin);
  const plain = await groups.register({ ...family, jid: 'dc:4' }, admin);
  const says = (text: string) => ({ text, isMention: false, isReplyToAssistant: false });
  expect(groups.verdict(own, says('!ask x')).engages).toBe(true);
  expect(groups.verdict(own, says('@J x')).engages).toBe(false);
  expect(groups.verdict(plain, says('@J x')).engages).toBe(true);
  settings.pattern = '^hey claw';
  expect(groups.verdict(plain, says('hey claw')).engages).toBe(true);
  expect(groups.verdict(plain, says('@J x')).engages).toBe(false);
  settings.pattern = '(a+)+$';
  await expect(groups.test(says('x'))).rejects.toThrow(refused('config-invalid'));
  expect(await groups.test({ ...says('@K x'), assistantName: 'K' })).toMatchObject({ engages: true });
  expect(await groups.test(says('!ask'), '123@discord')).toMatchObject({ engages: true });
});
