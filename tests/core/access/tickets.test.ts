import { expect, test } from 'vitest';
import { accessKit, refused } from './access-kit.ts';

test('a ticket is good once, for its purpose, for 30 seconds, and while its user may come in', async () => {
  const { tickets, users, byMember, byAdmin, pass, keys, member, signIn } = await accessKit();
  const { text } = await keys.create(byMember, member, {});
  const actor = await signIn(text);
  const { ticket } = tickets.issue(actor, 'ws');
  expect((await tickets.redeem(ticket, 'ws')).user.username).toBe('mia');
  await expect(tickets.redeem(ticket, 'ws')).rejects.toThrow(refused('auth-rejected'));
  const other = tickets.issue(actor, 'ws');
  await expect(tickets.redeem(other.ticket, 'download')).rejects.toThrow(refused('auth-rejected'));
  const late = tickets.issue(actor, 'ws');
  pass(30_000);
  await expect(tickets.redeem(late.ticket, 'ws')).rejects.toThrow(refused('auth-rejected'));
  const last = tickets.issue(actor, 'ws');
  await users.disable(byAdmin, 'mia');
  await expect(tickets.redeem(last.ticket, 'ws')).rejects.toThrow(refused('auth-rejected'));
});
