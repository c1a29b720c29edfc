import { expect, test } from 'vitest';
import { hashSecretValue } from '../../../src/core/access/secret-values.ts';
import type { LinkOffer } from '../../../src/core/access/sign-in-links.ts';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';
import { MINUTE } from './people-kit.ts';

const BROWSER = { from: HOME_ADDRESS, agent: 'a browser', cookie: undefined };
const OWNER = { username: 'rosa', password: 'made up for this test' };
const SERVER = { via: 'server', from: 'server' };

async function setUpKit() {
  const kit = await accessKit();
  const offer = async (): Promise<LinkOffer> => {
    const made = await kit.links.offerSetUp(SERVER);
    if (made === undefined) throw new Error('somebody can sign in already');
    return made;
  };
  return { ...kit, offer };
}

test('a set-up link completes the owner there is, once, and signs the browser in', async () => {
  const { links, offer, admin, passwords, authenticator, store } = await setUpKit();
  const { secret } = await offer();
  expect(await links.look(secret)).toEqual({ state: 'good', username: 'owner' });
  const entered = await links.setUp(secret, OWNER, BROWSER);
  expect(entered.user).toMatchObject({ id: admin.id, username: 'rosa', role: 'admin' });
  const cookie = `claw_session=${entered.value}`;
  expect(await authenticator.authenticate({ cookie, address: HOME_ADDRESS })).toMatchObject({ user: { id: admin.id } });
  expect((await passwords.check('rosa', OWNER.password, HOME_ADDRESS)).id).toBe(admin.id);
  expect((await store.users.list({ all: true, limit: 10 })).map(({ username }) => username).toSorted()).toEqual([
    'mia',
    'rosa',
  ]);
  expect(await links.look(secret)).toEqual({ state: 'used', username: null });
  await expect(links.setUp(secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  expect(await links.offerSetUp(SERVER)).toBeUndefined();
  const rows = await store.audit.list({}, 10);
  expect(rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['link.create', 'user.set-up', 'session.open']),
  );
});

test('of two who use a set-up link at once one comes in', async () => {
  const { links, offer, store, admin } = await setUpKit();
  const { secret } = await offer();
  const tries = ['anna', 'ben', 'cleo'].map((username) => links.setUp(secret, { ...OWNER, username }, BROWSER));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'auth-rejected' });
  }
  expect(await store.signIn.sessions(admin.id, { now: 0, seenSince: 0 })).toHaveLength(1);
});

test('a set-up link ends with its hour, with the next one, and when somebody can sign in', async () => {
  const { links, offer, pass, passwords, byAdmin, admin, settings } = await setUpKit();
  const first = await offer();
  const second = await offer();
  expect((await links.look(first.secret)).state).toBe('replaced');
  await expect(links.setUp(first.secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  pass(59 * MINUTE);
  expect((await links.look(second.secret)).state).toBe('good');
  pass(MINUTE);
  expect((await links.look(second.secret)).state).toBe('expired');
  await expect(links.setUp(second.secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  const third = await offer();
  settings.hasOwnerToken = true;
  expect((await links.look(third.secret)).state).toBe('done');
  await expect(links.setUp(third.secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  settings.hasOwnerToken = false;
  await passwords.set(byAdmin, admin, OWNER.password);
  expect((await links.look(third.secret)).state).toBe('done');
  await expect(links.setUp(third.secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  expect((await links.look('0'.repeat(64))).state).toBe('unknown');
});

test('an admin with a key for everything can sign in; a limited key and a member with a password are no way in', async () => {
  const { links, keys, passwords, byAdmin, admin, member } = await setUpKit();
  await passwords.set(byAdmin, member, OWNER.password);
  await keys.create(byAdmin, admin, { scopes: ['chat.*'] });
  expect(await links.isSetUpMissing()).toBe(true);
  const { row } = await keys.create(byAdmin, admin, {});
  expect(await links.isSetUpMissing()).toBe(false);
  await keys.revoke(byAdmin, admin, row.id);
  expect(await links.isSetUpMissing()).toBe(true);
});

test('what is wrong with the name or the password leaves the link good', async () => {
  const { links, offer } = await setUpKit();
  const { secret } = await offer();
  await expect(links.setUp(secret, { ...OWNER, password: 'short' }, BROWSER)).rejects.toThrow(refused('usage-invalid'));
  await expect(links.setUp(secret, { ...OWNER, username: 'MIA' }, BROWSER)).rejects.toThrow(refused('conflict'));
  await expect(links.setUp(secret, { ...OWNER, username: '' }, BROWSER)).rejects.toThrow(refused('usage-invalid'));
  expect((await links.setUp(secret, { ...OWNER, username: 'owner' }, BROWSER)).user.username).toBe('owner');
});

test('a sign-in link opens a session of its user, once, for two minutes, and makes no owner', async () => {
  const { links, byMember, pass, users, byAdmin } = await setUpKit();
  const { secret } = await links.offerSignIn(byMember);
  await expect(links.setUp(secret, OWNER, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  const outcomes = await Promise.allSettled([links.enter(secret, BROWSER), links.enter(secret, BROWSER)]);
  const good = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.user.username] : []));
  expect(good).toEqual(['mia']);
  const late = await links.offerSignIn(byMember);
  pass(2 * MINUTE);
  await expect(links.enter(late.secret, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  const gone = await links.offerSignIn(byMember);
  await users.disable(byAdmin, 'mia');
  await expect(links.enter(gone.secret, BROWSER)).rejects.toThrow(refused('auth-rejected'));
});

test('a set-up link is no sign-in link, and only hashes are kept', async () => {
  const { links, offer, store } = await setUpKit();
  const { secret } = await offer();
  await expect(links.enter(secret, BROWSER)).rejects.toThrow(refused('auth-rejected'));
  const row = await store.links.byHash(hashSecretValue(secret));
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(JSON.stringify(await store.audit.list({}, 10))).not.toContain(secret);
});
