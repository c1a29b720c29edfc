import { expect, test } from 'vitest';
import { accessKit, HOME_ADDRESS, refused } from './access-kit.ts';

const KEY = `claw_${'0123456789abcdef'.repeat(4)}`;

test('B5: whatever is wrong with a credential, it is refused in the same words', async () => {
  const { authenticator, keys, byMember, member, users, byAdmin } = await accessKit();
  const gone = await users.create(byAdmin, { username: 'gone', role: 'user' });
  await users.disable(byAdmin, 'gone');
  const { text } = await keys.create(byMember, member, {});
  const words = new Set<string>();
  for (const authorization of [
    '',
    'Bearer',
    'Bearer ',
    `Basic ${text}`,
    text,
    `Bearer ${KEY}`,
    `Bearer ${text.replace('claw_', 'flux_')}`,
    `Bearer ${text.slice(0, -1)}`,
    `Bearer ${text}0`,
    `Bearer ${text.toUpperCase()}`,
    `Bearer ${text},Bearer ${text}`,
    `Bearer ${text} ${text}`,
    `Bearer ${gone.key.text}`,
    `Bearer ${'x'.repeat(69)}`,
    `Bearer ${'x'.repeat(100_000)}`,
  ]) {
    const error = await authenticator
      .authenticate({ authorization, address: HOME_ADDRESS })
      .catch((thrown: unknown) => thrown);
    expect(error, authorization.slice(0, 40)).toMatchObject({ code: 'auth-rejected' });
    words.add(String(error));
  }
  expect(words.size).toBe(1);
});

test('B6: a disabled user is out at once, on open connections too, and a change of role counts at once', async () => {
  const { authenticator, users, byAdmin, signIn } = await accessKit();
  const { key } = await users.create(byAdmin, { username: 'sam', role: 'user' });
  const actor = await signIn(key.text);
  await users.update(byAdmin, 'sam', { role: 'readonly' });
  expect((await authenticator.renew(actor)).user.role).toBe('readonly');
  await users.disable(byAdmin, 'sam');
  await expect(authenticator.renew(actor)).rejects.toThrow(refused('auth-rejected'));
  await expect(signIn(key.text)).rejects.toThrow(refused('auth-rejected'));
});

test('a revoked key ends open connections', async () => {
  const { authenticator, keys, byMember, member, signIn } = await accessKit();
  const { row, text } = await keys.create(byMember, member, {});
  const actor = await signIn(text);
  await authenticator.renew(actor);
  await keys.revoke(byMember, member, row.id);
  await expect(authenticator.renew(actor)).rejects.toThrow(refused('auth-rejected'));
});

test('without a credential only loopback is let in, and only while authentication is off', async () => {
  const { authenticator, switches } = await accessKit();
  await expect(authenticator.authenticate({ address: HOME_ADDRESS })).rejects.toThrow(refused('auth-missing'));
  switches.isAuthOn = false;
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(await authenticator.authenticate({ address })).toMatchObject({
      user: { username: 'owner' },
      via: 'loopback',
    });
  }
  for (const address of ['192.0.2.7', '', '127.0.0.1.example.com', '::ffff:192.0.2.7', '2001:db8::1']) {
    await expect(authenticator.authenticate({ address })).rejects.toThrow(refused('auth-missing'));
  }
  const actor = await authenticator.authenticate({ address: HOME_ADDRESS });
  switches.isAuthOn = true;
  await expect(authenticator.renew(actor)).rejects.toThrow(refused('auth-rejected'));
});

test('a wrong credential is refused even while authentication is off', async () => {
  const { switches, signIn } = await accessKit();
  switches.isAuthOn = false;
  await expect(signIn(KEY)).rejects.toThrow(refused('auth-rejected'));
});

test('a token of the settings stands for the owner, within its scopes and while it is set; a short one for nobody', async () => {
  const { authenticator, switches, signIn } = await accessKit();
  const token = 'a-token-of-the-settings-for-tests';
  switches.ownerTokens = [
    { token, scopes: ['chat.*'] },
    { token: 'short', scopes: null },
    { token: undefined, scopes: null },
  ];
  const actor = await signIn(token);
  expect(actor).toMatchObject({ user: { username: 'owner' }, scopes: ['chat.*'] });
  await expect(signIn('short')).rejects.toThrow(refused('auth-rejected'));
  switches.ownerTokens = [];
  await expect(authenticator.renew(actor)).rejects.toThrow(refused('auth-rejected'));
});
