import { expect, test } from 'vitest';
import { createEntranceService } from '../../../src/core/access/entrances.ts';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';
import { MINUTE } from './people-kit.ts';

async function entranceKit() {
  const kit = await accessKit();
  const { store, clock } = kit;
  const entrances = createEntranceService({ store, clock, ttlMs: () => ({ idle: 60 * MINUTE, most: 180 * MINUTE }) });
  const enters = (value: string) =>
    kit.authenticator.authenticate({ cookie: `claw_session=${value}`, address: HOME_ADDRESS });
  return { ...kit, entrances, enters };
}

test('an admin sees and ends the sessions of others; nobody else does', async () => {
  const { entrances, sessions, enters, store, byMember, byAdmin } = await entranceKit();
  const first = await sessions.open(byMember, 'a browser');
  const second = await sessions.open(byMember, 'another');
  const { user } = byMember;
  await expect(entrances.sessions(byMember, user)).rejects.toThrow(refused('permission-denied'));
  await expect(entrances.endAll(byMember, user)).rejects.toThrow(refused('permission-denied'));
  expect(await entrances.sessions(byAdmin, user)).toHaveLength(2);
  await entrances.endSession(byAdmin, user, first.row.id);
  await expect(entrances.endSession(byAdmin, user, first.row.id)).rejects.toThrow(refused('not-found'));
  await expect(entrances.endSession(byAdmin, byAdmin.user, second.row.id)).rejects.toThrow(refused('not-found'));
  await expect(enters(first.value)).rejects.toThrow(refused('auth-rejected'));
  await enters(second.value);
  await entrances.endAll(byAdmin, user);
  await expect(enters(second.value)).rejects.toThrow(refused('auth-rejected'));
  const acts = (await store.audit.list({ username: byAdmin.user.username }, 10)).map(({ action }) => action);
  expect(acts).toEqual(expect.arrayContaining(['session.revoke', 'user.sign-out']));
});

test('a person of a chat platform is taken off their user, and is a stranger again', async () => {
  const { entrances, store, clock, byMember, byAdmin } = await entranceKit();
  const { user } = byMember;
  await store.people.see({ channel: 'telegram', personId: '7', name: 'Mia' }, clock.now());
  await store.people.link('telegram', '7', { userId: user.id, state: 'allowed' });
  expect(await entrances.identities(byAdmin, user)).toMatchObject([{ channel: 'telegram', person_id: '7' }]);
  await expect(entrances.identities(byMember, user)).rejects.toThrow(refused('permission-denied'));
  const who = { channel: 'telegram', personId: '7' };
  await expect(entrances.unlink(byMember, user, who)).rejects.toThrow(refused('permission-denied'));
  await expect(entrances.unlink(byAdmin, byAdmin.user, who)).rejects.toThrow(refused('not-found'));
  await entrances.unlink(byAdmin, user, who);
  expect(await store.people.find('telegram', '7')).toMatchObject({ user_id: null, state: 'unknown' });
  expect(await entrances.identities(byAdmin, user)).toEqual([]);
});
