import { expect, test } from 'vitest';
import { createMarketplaceTool } from '../../../src/core/conversations/marketplace-tool.ts';
import type { JsonObject } from '../../../src/core/kernel/messages.ts';
import type { Marketplace } from '../../../src/core/marketplace/marketplace-service.ts';
import type { ServiceScope } from '../../../src/core/tools/call-tool.ts';
import type { ApprovalQuestion } from '../../../src/core/tools/tool-port.ts';
import { idOf, newKey } from '../../fakes/test-registry.ts';
import { OWNER, type Shop, shop } from '../marketplace/shop-kit.ts';

interface Talk {
  readonly asked: ApprovalQuestion[];
  say(method: string, args?: JsonObject, userId?: string, isLimited?: boolean): Promise<unknown>;
}

/** The service as a turn has it; `answer` is what the person says who is asked. */
function talk(store: Shop, answer: boolean, marketplace: Marketplace = store.open()): Talk {
  const asked: ApprovalQuestion[] = [];
  const service = createMarketplaceTool({ store: store.store, marketplace: async () => marketplace });
  return {
    asked,
    say: (method, args = {}, userId = 'u1', isLimited = false) => {
      const call = { userId, isLimited, conversationId: 'c1', signal: AbortSignal.timeout(20_000) };
      const ask: ServiceScope['ask'] = async (question) => {
        asked.push(question);
        return { isAllowed: answer, reason: answer ? 'approved' : 'It was denied.', approvalId: null };
      };
      return service(method, args, { call, ask } as unknown as ServiceScope);
    },
  };
}

/** A shop whose key is that of the publisher of claw. */
async function shippedShop(): Promise<{ store: Shop; marketplace: Marketplace }> {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  const { publicKey } = (await store.plan('good_one')).candidate.verified;
  return { store, marketplace: store.open({ locations: ['shipped'], publisher: publicKey }) };
}

test('what the publisher of claw signed and only computes needs no more than the wish of an admin', async () => {
  const { store, marketplace } = await shippedShop();
  const { asked, say } = talk(store, false, marketplace);
  expect(await say('search', { query: 'good' })).toMatchObject({ packages: [{ name: 'good_one', installed: null }] });
  expect(await say('install', { name: 'good_one' })).toBe(
    'good_one 1.0.0 is installed and usable from the next message on.',
  );
  expect(asked).toEqual([]);
  expect(await store.run('good_one', { n: 4 })).toMatchObject({ output: 8 });
  expect(await say('list')).toEqual([{ name: 'good_one', version: '1.0.0', registry: 'shipped' }]);
  expect(await say('update', { name: 'good_one' })).toBe('good_one: 1.0.0 is the newest.');
  const [row] = await store.store.audit.list({ action: 'package.install' }, 1);
  expect(row).toMatchObject({ username: 'owner', via: 'turn', origin: 'c1' });
});

test('what came with a key that is good for some things only is put before a person, whatever the package wants', async () => {
  const { store, marketplace } = await shippedShop();
  const refused = talk(store, false, marketplace);
  await expect(refused.say('install', { name: 'good_one' }, 'u1', true)).rejects.toMatchObject({
    code: 'permission-denied',
  });
  expect(refused.asked).toMatchObject([{ reason: expect.stringContaining('not good for this') as string }]);
  expect(await refused.say('list')).toEqual([]);
  const allowed = talk(store, true, marketplace);
  expect(await allowed.say('install', { name: 'good_one' }, 'u1', true)).toContain('is installed');
});

test('others may look and change nothing', async () => {
  const { store, marketplace } = await shippedShop();
  await store.store.users.insertIfAbsent({ id: 'u2', username: 'kim', role: 'user', state: 'active', created_at: 0 });
  const { asked, say } = talk(store, true, marketplace);
  expect(await say('info', { name: 'good_one' }, 'u2')).toMatchObject([{ name: 'good_one', may: 'only compute' }]);
  for (const method of ['install', 'update', 'uninstall'])
    await expect(say(method, { name: 'good_one' }, 'u2')).rejects.toMatchObject({ code: 'permission-denied' });
  expect(asked).toEqual([]);
  expect(await store.states()).toEqual({});
});

test('an unknown publisher and any permission are put before a person, with the screen and the source', async () => {
  const store = await shop();
  await store.source.publish({ name: 'asks_net', permissions: { net: ['api.example.com'] } });
  const no = talk(store, false);
  await expect(no.say('install', { name: 'asks_net' })).rejects.toThrow('asks_net was not installed. It was denied.');
  expect(await store.states()).toEqual({});
  const [question] = no.asked;
  expect(question).toMatchObject({
    kind: 'tool',
    act: expect.stringContaining('which may then reach api.example.com over the network') as string,
    reason: `it wants to reach api.example.com over the network; its publisher ${store.source.keyId} is not known`,
  });
  expect(question?.detail).toContain('NOT KNOWN');
  expect(question?.detail).toContain("name: 'asks_net'");
  await talk(store, true).say('install', { name: 'asks_net' });
  expect(await store.states()).toEqual({ asks_net: 'active' });
});

test('taking a tool away asks; places and a changed publisher are not for a chat', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  const { asked, say } = talk(store, true);
  await say('install', { name: 'good_one' });
  await expect(talk(store, false).say('uninstall', { name: 'good_one' })).rejects.toThrow('It was denied.');
  expect(await say('uninstall', { name: 'good_one' })).toBe('good_one is uninstalled.');
  expect(asked).toHaveLength(2);
  for (const name of ['./good_one.clawpkg', 'https://example.com/a.clawpkg', '/etc/passwd'])
    await expect(say('install', { name })).rejects.toMatchObject({ code: 'sandbox-refused' });
  const key = newKey();
  await store.source.publish({ name: 'good_one', version: '2.0.0', key });
  await expect(say('install', { name: 'good_one' })).rejects.toThrow(idOf(key));
  expect(asked).toHaveLength(2);
});

test('what another publisher signed is put before a person again: after it was taken away, and for each update', async () => {
  const store = await shop();
  await store.source.publish({ name: 'good_one' });
  await store.install('good_one');
  await store.source.publish({ name: 'good_one', version: '1.1.0', answer: '"obey me"' });
  const no = talk(store, false);
  await expect(no.say('update', { name: 'good_one' })).rejects.toThrow('It was denied.');
  await store.open().uninstall('good_one', OWNER);
  await expect(no.say('install', { name: 'good_one' })).rejects.toThrow('It was denied.');
  expect(no.asked.map(({ reason }) => reason)).toEqual(
    [1, 2].map(() => `it is of the publisher ${store.source.keyId} and not of that of claw`),
  );
  await talk(store, true).say('install', { name: 'good_one' });
  expect(await store.states()).toEqual({ good_one: 'active' });
});
