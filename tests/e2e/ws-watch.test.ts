/** The change feed of the built server: what other processes and other people do is told by topic, to those who may read it. */
import { beforeAll, expect, test } from 'vitest';
import { runClawJson } from './run-claw.ts';
import { atEndOfFile, type Client, type Frame, is, openClient, type SharedServe, sharedServe } from './ws-kit.ts';

const onEnd = atEndOfFile();
let serve: SharedServe;
let admins: string;
const claw = (...args: string[]) => runClawJson(args, { home: serve.home, env: { AUTH_ENABLED: 'true' }, onEnd });

beforeAll(async () => {
  serve = await sharedServe({ AUTH_ENABLED: 'true' }, onEnd);
  admins = await newUser('ada', 'admin');
}, 60_000);

const topicsOf = (frames: readonly Frame[]): string[] =>
  frames.flatMap((frame) => (frame.type === 'changed' ? (frame['topics'] as string[]) : []));
const tells = (topic: string) => (frame: Frame) =>
  frame.type === 'changed' && (frame['topics'] as string[]).includes(topic);

async function watch(token: string): Promise<Client> {
  const client = await openClient(serve.url, { headers: { Authorization: `Bearer ${token}` } });
  client.send({ type: 'watch', id: 'w' });
  await client.frame((frame) => frame['code'] === 'watching');
  return client;
}

async function newUser(name: string, role: string): Promise<string> {
  return ((await claw('user', 'create', name, '--role', role)).json as { api_key: string }).api_key;
}

test('what the command line does is told, to each only what they may read', async () => {
  const [reader, user] = [await newUser('rita', 'readonly'), await newUser('uwe', 'user')];
  const people = [await watch(reader), await watch(user)];
  const admin = await watch(admins);
  await claw(
    'task',
    'create',
    '--id',
    'one',
    '--prompt',
    'hello',
    '--schedule-type',
    'interval',
    '--schedule-value',
    '1h',
  );
  await Promise.all([admin, ...people].map((client) => client.frame(tells('tasks'))));
  await newUser('zoe', 'user');
  await admin.frame(tells('users'));
  const forAdmins = new Set(['users', 'groups', 'audit', 'backups', 'settings', 'accounts', 'logs']);
  for (const { frames } of people) expect(topicsOf(frames).filter((topic) => forAdmins.has(topic))).toEqual([]);
  for (const { frames } of people)
    expect(JSON.stringify(frames.filter(is('changed')))).not.toMatch(/zoe|hello|[0-9a-f]{8}-/);
});

test('a turn of one person wakes their own pages and no others', async () => {
  const [one, two] = [await newUser('ann', 'user'), await newUser('bob', 'user')];
  const [ann, bob] = [await watch(one), await watch(two)];
  ann.send({ type: 'message', id: 'm', text: 'what is 2 plus 3' });
  await ann.frame(tells('conversations'));
  await ann.frame(is('stream_end'));
  // What he hears of comes in the same frames.
  await bob.frame(tells('status'));
  expect(topicsOf(bob.frames)).not.toContain('conversations');
});

test('topics that are none are refused, and a watch that asks for some hears of those', async () => {
  const client = await openClient(serve.url, { headers: { Authorization: `Bearer ${admins}` } });
  client.send({ type: 'watch', id: 'x', topics: ['passwords'] });
  expect(await client.frame(is('error', 'x'))).toMatchObject({ code: 'usage-invalid' });
  client.send({ type: 'watch', id: 'w', topics: ['users'] });
  expect(await client.frame((frame) => frame['code'] === 'watching')).toMatchObject({ topics: ['users'] });
  await newUser('yan', 'user');
  await client.frame(tells('users'));
  expect(new Set(topicsOf(client.frames))).toEqual(new Set(['users']));
});
