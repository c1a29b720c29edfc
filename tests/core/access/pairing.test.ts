import Sqlite from 'better-sqlite3';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { personOf } from '../../../src/core/access/people.ts';
import { MINUTE, peopleKit, type PeopleKit } from './people-kit.ts';

const stranger = { channel: 'telegram', personId: '77', name: 'Sam', chat: 'tg:77' };
const asSender = { channel: 'telegram', senderId: '77', name: 'Sam', isAllowed: false };

async function codeOf(kit: PeopleKit, who = stranger): Promise<string> {
  const offer = await kit.pairing.request(who);
  expect(offer?.code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
  return offer?.code ?? '';
}

const refused = (code: string) => expect.objectContaining({ code });

test('A41: a stranger gets a code, an admin approves it, and the stranger may talk', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  expect(await personOf(kit, asSender)).toBeUndefined();
  const { user } = await kit.pairing.approve(` ${code.toLowerCase().replace('-', ' ')} `, kit.admin);
  expect(user).toMatchObject({ username: 'telegram-77', role: 'user' });
  expect((await personOf(kit, asSender))?.id).toBe(user.id);
  expect(kit.welcomed).toEqual(['77']);
});

test('the person may be a user who is known', async () => {
  const kit = await peopleKit();
  await kit.pairing.approve(await codeOf(kit), kit.admin, 'mia');
  expect((await personOf(kit, asSender))?.username).toBe('mia');
});

test('an unknown or disabled user cannot be paired, and the code stays good', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  const gone = { id: 'u3', username: 'gone', role: 'user' as const, state: 'disabled' as const, created_at: 0 };
  await kit.store.users.insertIfAbsent(gone);
  await expect(kit.pairing.approve(code, kit.admin, 'nobody')).rejects.toThrow(refused('not-found'));
  await expect(kit.pairing.approve(code, kit.admin, 'gone')).rejects.toThrow(refused('conflict'));
  await kit.pairing.approve(code, kit.admin, 'mia');
});

test('A42: only an admin decides, and trying costs nobody anything', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  for (let count = 0; count < 6; count += 1) {
    await expect(kit.pairing.approve('WRONG-CODE', kit.member)).rejects.toThrow(refused('permission-denied'));
  }
  await expect(kit.pairing.approve(code, kit.member)).rejects.toThrow(refused('permission-denied'));
  await expect(kit.pairing.deny(code, kit.member)).rejects.toThrow(refused('permission-denied'));
  expect(await personOf(kit, asSender)).toBeUndefined();
  await kit.pairing.approve(code, kit.admin);
});

test('A41: five wrong codes lock approving for ten minutes, the right code too', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  for (let count = 0; count < 5; count += 1) {
    await expect(kit.pairing.approve(`2222-222${count + 2}`, kit.admin)).rejects.toThrow(refused('not-found'));
  }
  await expect(kit.pairing.approve(code, kit.admin)).rejects.toThrow(refused('limit-reached'));
  kit.pass(10 * MINUTE - 1);
  await expect(kit.pairing.approve(code, kit.admin)).rejects.toThrow(refused('limit-reached'));
  kit.pass(1);
  await kit.pairing.approve(code, kit.admin);
});

test('five wrong codes over a longer time lock nothing', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  for (let count = 0; count < 5; count += 1) {
    await expect(kit.pairing.approve('2222-2222', kit.admin)).rejects.toThrow(refused('not-found'));
    kit.pass(3 * MINUTE);
  }
  await kit.pairing.approve(code, kit.admin);
});

test('A41: a code is refused after its time', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  kit.pass(60 * MINUTE);
  await expect(kit.pairing.approve(code, kit.admin)).rejects.toThrow(/expired/);
  expect(await kit.pairing.list({ all: false })).toEqual([]);
  expect(await personOf(kit, asSender)).toBeUndefined();
});

test('a code is good once', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  await kit.pairing.approve(code, kit.admin);
  await expect(kit.pairing.approve(code, kit.admin)).rejects.toThrow(/approved before/);
});

test('no second code within a minute, and three an hour', async () => {
  const kit = await peopleKit();
  const first = await codeOf(kit);
  expect(await kit.pairing.request(stranger)).toBeUndefined();
  kit.pass(MINUTE);
  await codeOf(kit);
  kit.pass(MINUTE);
  await codeOf(kit);
  kit.pass(MINUTE);
  expect(await kit.pairing.request(stranger)).toBeUndefined();
  expect(await codeOf(kit, { ...stranger, personId: '78', chat: 'tg:78' })).not.toBe(first);
  await kit.pairing.approve(first, kit.admin);
  expect((await kit.pairing.list({ all: false })).map(({ person_id }) => person_id)).toEqual(['78']);
  kit.pass(60 * MINUTE);
  await codeOf(kit);
});

test('whoever was denied gets no other code for an hour', async () => {
  const kit = await peopleKit();
  await kit.pairing.deny(await codeOf(kit), kit.admin);
  expect(kit.welcomed).toEqual([]);
  kit.pass(2 * MINUTE);
  expect(await kit.pairing.request(stranger)).toBeUndefined();
  expect(await personOf(kit, asSender)).toBeUndefined();
});

test('a request can be denied by its id, and not approved by it', async () => {
  const kit = await peopleKit();
  await codeOf(kit);
  const [row] = await kit.pairing.list({ all: false });
  const id = row?.id.slice(0, 18) ?? '';
  await expect(kit.pairing.approve(id, kit.admin)).rejects.toThrow(refused('not-found'));
  expect(await kit.pairing.deny(id, kit.admin)).toMatchObject({ state: 'denied', person_id: '77' });
});

test('no code is in the database', async () => {
  const kit = await peopleKit();
  const code = await codeOf(kit);
  const database = new Sqlite(join(kit.home, 'claw.db'), { readonly: true });
  const rows = JSON.stringify(database.prepare('select * from pairings').all());
  database.close();
  expect(rows).toContain('Sam');
  expect(rows).not.toContain(code);
  expect(rows).not.toContain(code.replace('-', ''));
});
