import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGroupService } from '../../../src/core/conversations/groups.ts';
import type { ImportedRoom, ImportedSkill } from '../../../src/core/import/imported.ts';
import type { Decision } from '../../../src/core/import/taker.ts';
import { takeInstruction, takeRoom, takeSkill } from '../../../src/core/import/take-rooms.ts';
import { importKit } from './import-kit.ts';

async function kit() {
  const { store, run, clock, home } = await importKit();
  const folder = join(home, 'groups');
  const trigger = () => ({ assistantName: 'claw', pattern: undefined, particles: false });
  const groups = createGroupService({ store, clock, folder, trigger, maskJson: (value) => value });
  const places = { instruction: join(home, 'instruction.md'), skills: join(home, 'skills'), groups: folder };
  return { store, run, home, places, rooms: takeRoom(store, run, groups.register) };
}

const room = (jid: string, more: Partial<ImportedRoom> = {}): ImportedRoom => ({
  kind: 'room',
  sourceId: jid,
  jid,
  name: 'Family',
  folder: 'family',
  requiresTrigger: false,
  isMain: false,
  ...more,
});

const perform = async (decision: Decision): Promise<string> =>
  'perform' in decision ? decision.perform(new AbortController().signal) : JSON.stringify(decision);

test('a room keeps its folder, trigger and the words that were written for it', async () => {
  const { store, rooms, places } = await kit();
  const words = takeInstruction(places);
  await perform(
    await words.decide({ kind: 'instruction', sourceId: 'i', folder: 'family', text: '# Family\nWe are four.' }),
  );
  expect(await perform(await rooms.decide(room('-100123@telegram', { trigger: '@Nano', requiresTrigger: true })))).toBe(
    'tg:-100123',
  );
  expect(await store.rooms.find('tg:-100123')).toMatchObject({
    folder: 'family',
    trigger_pattern: '@Nano',
    requires_trigger: 1,
  });
  expect(readFileSync(join(places.groups, 'family', 'CLAUDE.md'), 'utf8')).toBe('# Family\nWe are four.');
  expect(await rooms.decide(room('tg:-100123', { sourceId: 'again' }))).toMatchObject({ state: 'skipped' });
});

test('there is one main room: a second one becomes an ordinary room, and that is told', async () => {
  const { store, rooms } = await kit();
  await perform(await rooms.decide(room('tg:1', { isMain: true, folder: 'main' })));
  const second = await rooms.decide(room('tg:2', { isMain: true }));
  expect(second).toMatchObject({ remark: expect.stringContaining('main room') as string });
  await perform(second);
  expect((await store.rooms.main())?.jid).toBe('tg:1');
});

test('a folder that leaves its place, and a chat that is none, are refused', async () => {
  const { rooms } = await kit();
  await expect(rooms.decide(room('tg:1', { folder: '../../etc' }))).rejects.toThrow('cannot be the folder');
  await expect(rooms.decide(room('whatsapp:1@g.us'))).rejects.toThrow('no id of a chat');
});

test('what is written here is never put over, not through a link either', async () => {
  const { places, home } = await kit();
  const words = takeInstruction(places);
  symlinkSync(join(home, 'elsewhere'), places.instruction);
  expect(await words.decide({ kind: 'instruction', sourceId: 'i', text: 'theirs' })).toMatchObject({
    state: 'skipped',
  });
});

test('a skill arrives whole, once, with modes of its own; a file that leaves its folder is refused', async () => {
  const { places } = await kit();
  const skills = takeSkill(places);
  const skill = (path: string, name = 'cooking'): ImportedSkill => ({
    kind: 'skill',
    sourceId: name,
    name,
    files: [{ path, bytes: Buffer.from('# Cook') }],
  });
  const path = await perform(await skills.decide(skill('deep/SKILL.md')));
  expect(readFileSync(join(path, 'deep', 'SKILL.md'), 'utf8')).toBe('# Cook');
  expect(statSync(join(path, 'deep', 'SKILL.md')).mode & 0o777).toBe(0o600);
  expect(await skills.decide(skill('deep/SKILL.md'))).toMatchObject({ state: 'already' });
  for (const bad of ['../x', '/etc/x', 'a/../../x', '', 'a\0b', 'a//b'])
    expect(await skills.decide(skill(bad, 'bad'))).toMatchObject({ state: 'skipped' });
  expect(await skills.decide(skill('SKILL.md', '..'))).toMatchObject({ state: 'skipped' });
});

test('what a run that was cut off left of a skill does not stand in the way', async () => {
  const { places } = await kit();
  mkdirSync(join(places.skills, '.import-cooking'), { recursive: true });
  writeFileSync(join(places.skills, '.import-cooking', 'SKILL.md'), 'half');
  const files = [{ path: 'SKILL.md', bytes: Buffer.from('whole') }];
  const path = await perform(await takeSkill(places).decide({ kind: 'skill', sourceId: 's', name: 'cooking', files }));
  expect(readFileSync(join(path, 'SKILL.md'), 'utf8')).toBe('whole');
});
