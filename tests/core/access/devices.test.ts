import { expect, test } from 'vitest';
import { deviceCookieOf } from '../../../src/core/access/device-cookie.ts';
import type { Actor } from '../../../src/core/access/actor.ts';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';

const browser = (cookie?: string) => ({ from: HOME_ADDRESS, agent: 'a browser', cookie });
const proven = (user: Actor['user']): Actor => ({
  user,
  via: 'session',
  credentialId: null,
  scopes: null,
  from: HOME_ADDRESS,
});

test('a browser in which somebody proved who they are is let in as them, and known again by its cookie', async () => {
  const { devices, byAdmin, admin, member } = await accessKit();
  const offer = await devices.requestFor(proven(member), 'a browser');
  expect(await devices.claim(offer.secret, browser())).toEqual({ state: 'pending' });
  const [waiting] = await devices.list(byAdmin);
  expect(waiting).toMatchObject({ asker: 'mia', username: null, name: 'a browser', from_address: HOME_ADDRESS });
  await expect(devices.approve(byAdmin, offer.code, 'owner')).rejects.toThrow(refused('conflict'));
  expect(await devices.approve(byAdmin, offer.code)).toMatchObject({ username: 'mia' });
  const entered = await devices.claim(offer.secret, browser());
  if (entered.state === 'pending') throw new Error('not let in');
  expect(entered.user.id).toBe(member.id);
  expect(await devices.known(entered.deviceCookie, member)).toBe(offer.id);
  expect(await devices.known(entered.deviceCookie, admin)).toBeUndefined();
  expect(await devices.known('0'.repeat(64), member)).toBeUndefined();
  expect(await devices.known(undefined, member)).toBeUndefined();
});

test('a revoked browser is not known any more, and its session is over at once', async () => {
  const { devices, byAdmin, member, sessions, authenticator } = await accessKit();
  const offer = await devices.requestFor(proven(member), 'a browser');
  await devices.approve(byAdmin, offer.code);
  const entered = await devices.claim(offer.secret, browser());
  if (entered.state === 'pending') throw new Error('not let in');
  const later = await sessions.open(proven(member), 'a browser', offer.id);
  await devices.revoke(byAdmin, offer.id);
  expect(await devices.known(entered.deviceCookie, member)).toBeUndefined();
  for (const value of [entered.value, later.value]) {
    const cookie = `claw_session=${value}`;
    await expect(authenticator.authenticate({ cookie, address: HOME_ADDRESS })).rejects.toThrow(
      refused('auth-rejected'),
    );
  }
});

test('two people of one browser share its cookie; a cookie that claw did not give out is replaced', async () => {
  const { devices, links, byAdmin, byMember, admin, member, store } = await accessKit();
  const foreign = 'f'.repeat(64);
  const first = await links.enter((await links.offerSignIn(byAdmin)).secret, browser(foreign));
  expect(first.deviceCookie).not.toBe(foreign);
  const second = await links.enter((await links.offerSignIn(byMember)).secret, browser(first.deviceCookie));
  expect(second.deviceCookie).toBe(first.deviceCookie);
  expect(await devices.known(first.deviceCookie, admin)).not.toBe(await devices.known(first.deviceCookie, member));
  await links.enter((await links.offerSignIn(byMember)).secret, browser(first.deviceCookie));
  expect(await devices.list(byAdmin)).toHaveLength(2);
  expect(JSON.stringify(await store.devices.list(0))).not.toContain(first.deviceCookie);
});

test('who asks again has one request, strangers do not take their places, and a limited key asks for nobody', async () => {
  const { devices, byAdmin, member } = await accessKit();
  for (let count = 0; count < 20; count += 1) await devices.request('stranger', HOME_ADDRESS);
  await expect(devices.request('stranger', HOME_ADDRESS)).rejects.toThrow(refused('limit-reached'));
  const old = await devices.requestFor(proven(member), 'a browser');
  await devices.requestFor(proven(member), 'a browser');
  await expect(devices.approve(byAdmin, old.code)).rejects.toThrow(refused('not-found'));
  expect((await devices.list(byAdmin)).filter(({ asker }) => asker === 'mia')).toHaveLength(1);
  await expect(async () => devices.requestFor({ ...proven(member), scopes: ['chat.*'] }, '')).rejects.toThrow(
    refused('permission-denied'),
  );
});

test.each([
  [undefined, undefined],
  [`claw_device=${'a'.repeat(64)}`, 'a'.repeat(64)],
  [`x=y; claw_device=${'a'.repeat(64)}; claw_session=1`, 'a'.repeat(64)],
  [`claw_device=${'a'.repeat(64)}; claw_device=${'b'.repeat(64)}`, undefined],
  [`claw_device=${'A'.repeat(64)}`, undefined],
  ['claw_device=', undefined],
])('the cookie of %j is %j', (header, value) => {
  expect(deviceCookieOf(header)).toBe(value);
});

test('no way in that is good for everything comes of a credential that is not', async () => {
  const { devices, passwords, users, byAdmin, member } = await accessKit();
  const limited: Actor = { ...byAdmin, scopes: ['device.*', 'user.*', 'self.*'] };
  const { code, secret } = await devices.request('stranger', HOME_ADDRESS);
  for (const act of [
    () => devices.approve(limited, code),
    () => devices.approve(limited, code, 'mia'),
    () => passwords.set(limited, member, 'correct horse battery'),
    () => users.create(limited, { username: 'eve', role: 'admin' }),
    () => users.update(limited, 'mia', { role: 'admin' }),
  ]) {
    await expect(act()).rejects.toThrow(refused('permission-denied'));
  }
  expect(await devices.claim(secret, browser())).toEqual({ state: 'pending' });
  expect(await users.update(limited, 'mia', { username: 'mina' })).toMatchObject({ username: 'mina', role: 'user' });
  expect(await devices.deny(limited, code)).toMatchObject({ state: 'denied' });
});
