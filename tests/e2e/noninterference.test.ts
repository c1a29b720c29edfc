import { expect, onTestFinished, test } from 'vitest';
import { terminalActor } from '../../src/core/access/actor.ts';
import { userHolder } from '../../src/core/memory/memory.ts';
import type { TaskActor } from '../../src/core/tasks/task-actor.ts';
import {
  type Asked,
  ownRoutes,
  type Person,
  randomFrom,
  startWorld,
  withoutChance,
  type World,
} from './noninterference-kit.ts';
import { openClient } from './ws-kit.ts';

/** Longer runs: CLAW_FUZZ_STEPS=5000 CLAW_FUZZ_SEED=7. */
const STEPS = Number(process.env['CLAW_FUZZ_STEPS'] ?? 260);
const SEED = Number(process.env['CLAW_FUZZ_SEED'] ?? 20_261);
const PEOPLE = 20;
const NO_ID = '01900000-0000-7000-8000-0000000000';
const onEnd = (clean: () => Promise<void> | void): void => onTestFinished(clean);

type Random = () => number;
type Operation = (world: World, person: Person, random: Random) => Promise<void>;

const pick = <T>(random: Random, list: readonly T[]): T => {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
};
const idsOf = (world: World, person: Person): string[] =>
  [...world.owners].filter(([, owner]) => owner === person).map(([id]) => id);
/** An id that somebody else was shown, mostly of that kind, when there is one. */
function anotherId(world: World, person: Person, random: Random, kind?: string): string {
  const others = [...world.owners].filter(([, owner]) => owner !== person).map(([id]) => id);
  const fitting = others.filter((id) => world.kinds.get(id) === kind);
  return pick(random, fitting.length > 0 && random() < 0.8 ? fitting : others);
}

const writes: readonly ((person: Person, random: Random) => Asked)[] = [
  ({ marker }) => ({ path: '/api/v1/chat', body: { message: `my word is ${marker}` } }),
  ({ marker }) => ({ path: '/api/v1/chat/stream', body: { message: `a stream with ${marker}` } }),
  ({ marker }) => ({
    path: '/v1/chat/completions',
    body: { model: 'claw', messages: [{ role: 'user', content: `it is ${marker}` }] },
  }),
  ({ marker }, random) => ({
    path: '/api/v1/memories',
    body: { category: 'facts', key: `k${Math.floor(random() * 4)}`, value: `the shared word and ${marker}` },
  }),
  ({ marker }, random) => ({
    path: '/api/v1/knowledge',
    body: { name: `n${Math.floor(random() * 4)}.md`, content: `the shared harbour report of ${marker}`, title: marker },
  }),
  ({ marker }) => ({ path: '/api/v1/users/me/keys', body: { name: marker } }),
  ({ marker }) => ({ path: '/api/v1/webhooks', body: { url: `https://example.com/${marker}` } }),
  () => ({ method: 'POST', path: '/api/v1/ws/tickets' }),
];

const reads = [
  '/api/v1/conversations', '/api/v1/memories', '/api/v1/memories?query=shared+word', '/api/v1/memories?room=team', '/api/v1/search?query=my+word', '/api/v1/knowledge',
  '/api/v1/knowledge/search?q=shared+harbour+report', '/api/v1/users/me/keys?all=true', '/api/v1/webhooks',
  '/api/v1/auth/me', '/api/v1/auth/sessions', '/api/v1/status', '/v1/models', '/api/v1/tools',
]; // oxfmt-ignore

const routes = ownRoutes();

/** Any route with an id of somebody else does what it does with one that nobody has. */
const guess: Operation = async (world, person, random) => {
  const route = pick(
    random,
    routes.filter(({ full }) => full.includes(':')),
  );
  const [, , , noun = ''] = route.full.split('/');
  // Keys of others are an admin's to manage.
  if (noun === 'users' && person.user.role === 'admin') return;
  const theirs = anotherId(world, person, random, noun);
  const outcome = async (id: string): Promise<string> => {
    const path = route.full.replaceAll(/:\w+/g, id);
    const body = route.body === undefined ? {} : { body: { message: person.marker, at: 1 } };
    const { status, text } = await world.ask(person, { method: route.method, path, ...body });
    return `${status} ${text.replaceAll(id, 'ID')}`;
  };
  const nobodys = NO_ID + String(Math.floor(random() * 90) + 10);
  expect([route.full, theirs, await outcome(theirs)]).toEqual([route.full, theirs, await outcome(nobodys)]);
};

/** A message into somebody else's conversation. */
const intrude: Operation = async (world, person, random) => {
  // An id that names no conversation of anybody may begin one.
  const theirs = [...world.owners].filter(([id, of]) => of !== person && world.kinds.get(id) === 'conversations');
  const [conversation_id] = pick(random, theirs);
  const path = pick(random, ['/api/v1/chat', '/api/v1/chat/stream']);
  const { status } = await world.ask(person, { path, body: { message: person.marker, conversation_id } });
  expect([path, conversation_id, status]).toEqual([path, conversation_id, 404]);
};

const own: Operation = async (world, person, random) => {
  const route = pick(
    random,
    routes.filter(({ full, method }) => full.includes(':') && method !== 'DELETE'),
  );
  const [, , , noun = ''] = route.full.split('/');
  const mine = idsOf(world, person);
  const fitting = mine.filter((id) => world.kinds.get(id) === noun);
  const path = route.full.replaceAll(/:\w+/g, () => pick(random, fitting.length > 0 ? fitting : mine));
  if (path.endsWith('/rotate')) return;
  const body = route.body === undefined ? {} : { body: { message: `more of ${person.marker}`, at: 1 } };
  await world.ask(person, { method: route.method, path, ...body });
};

/** The frames of a socket, with ids of others. */
const overSocket: Operation = async (world, person, random) => {
  const url = `ws://127.0.0.1:${world.serve.state().ports.websocket}`;
  const client = await openClient(url, { headers: { authorization: `Bearer ${person.key}` } });
  const [first, second, third] = ['turns', 'conversations', 'approvals'].map((kind) =>
    anotherId(world, person, random, kind),
  );
  const frames = [
    { id: 'a', type: 'resume', turn_id: first },
    { id: 'b', type: 'resume', conversation_id: second },
    { id: 'c', type: 'cancel', turn_id: first, conversation_id: second },
    { id: 'd', type: 'approve', approval_id: third, decision: 'approve' },
    { id: 'e', type: 'message', text: `over a socket: ${person.marker}`, stream: false },
  ];
  for (const frame of frames) client.send(frame);
  await client.frame(({ type, id }) => id === 'e' && (type === 'response' || type === 'error'));
  const refused = client.frames.filter(({ type, id }) => type === 'error' && id !== 'e').map(({ id }) => id);
  expect(refused).toEqual(['a', 'b', 'c', 'd']);
  world.look(person, JSON.stringify(client.frames), JSON.stringify(frames));
  client.socket.close();
};

/** The services behind the commands of the terminal. */
const atTerminal: Operation = async (world, person, random) => {
  const { app } = world;
  const { user, marker } = person;
  const theirs = anotherId(world, person, random, 'conversations');
  const conversations = await app.conversations();
  const memory = await app.memory();
  const { service } = await app.tasks();
  const actor: TaskActor = { user, chatId: null, isAll: false };
  const id = `t-${marker}-${Math.floor(random() * 1e6)}`;
  const schedule = { scheduleType: 'interval', scheduleValue: '90m', zone: 'UTC' };
  const told = await Promise.allSettled([
    conversations.search(user.id, 'word', { limit: 20 }),
    conversations.list(user.id, { limit: 50, offset: 0 }),
    conversations.tags(user.id),
    conversations.story(user.id, theirs),
    conversations.tag(user.id, theirs, marker),
    conversations.branch(user.id, theirs, 1),
    memory.find(userHolder(user.id), anotherId(world, person, random, 'memories')),
    memory.search(userHolder(user.id), 'shared word', { limit: 50 }),
    service.create(actor, { id, prompt: `do ${marker}`, ...schedule } as never),
    service.list(actor, true),
    app.webhooks().then((webhooks) => webhooks.deliveries(terminalActor(user), theirs, 10)),
  ]);
  world.look(person, JSON.stringify(told.map((each) => (each.status === 'fulfilled' ? each.value : '-'))), theirs);
  for (const at of [3, 4, 5, 6]) expect([at, told[at]?.status]).toEqual([at, 'rejected']);
};

const write: Operation = async (world, person, random) => {
  await world.ask(person, pick(random, writes)(person, random));
};
const read: Operation = async (world, person, random) => {
  await world.ask(person, { path: pick(random, reads) });
};
const OPERATIONS: readonly Operation[] = [write, write, write, read, read, guess, guess, guess, own, intrude, overSocket, atTerminal]; // oxfmt-ignore

async function live(world: World, people: readonly Person[], random: Random, steps: number): Promise<void> {
  for (let at = 0; at < steps; at += 1) await pick(random, OPERATIONS)(world, pick(random, people), random);
}

test('whatever people do, nobody sees what is another’s', { timeout: 600_000 }, async () => {
  const world = await startWorld(PEOPLE, onEnd);
  const random = randomFrom(SEED);
  for (const person of world.people) await write(world, person, random);
  await live(world, world.people, random, STEPS);
  // Nor does a model hear of two people at once.
  for (const { body } of world.model.requests) {
    expect(new Set(JSON.stringify(body).match(/mk\d{3}zq/g)).size).toBeLessThanOrEqual(1);
  }
});

/** The same for one person, whatever the others have. */
async function script(world: World, person: Person, meanwhile: () => Promise<void>): Promise<string[]> {
  const ids = new Map<string, string>();
  const told: string[] = [];
  const say = async (asked: Asked): Promise<void> => {
    const { status, text } = await world.ask(person, asked);
    told.push(withoutChance(`${asked.path} ${status} ${text}`, ids));
    await meanwhile();
  };
  const random = (): number => 0.3;
  for (const make of writes.slice(0, 6)) await say(make(person, random));
  for (const [at, words] of ['harbour opens at dawn', 'the report is late', 'a word on ships'].entries()) {
    const body = { content: `${words} ${person.marker}`, name: `s${at}.md` };
    await say({ path: '/api/v1/knowledge', body });
    await say({ path: '/api/v1/memories', body: { category: 'facts', key: `s${at}`, value: words } });
  }
  for (const path of reads) if (path !== '/api/v1/status') await say({ path });
  return told;
}

test('what one person is told does not depend on what the others have', { timeout: 600_000 }, async () => {
  const run = async (seed: number, steps: number): Promise<string[]> => {
    const world = await startWorld(4, onEnd);
    const [person, ...others] = world.people;
    if (person === undefined) throw new Error('nobody is there');
    const random = randomFrom(seed);
    const meanwhile = async (): Promise<void> => {
      for (let at = 0; at < steps; at += 1) await write(world, pick(random, others), random);
    };
    await meanwhile();
    return script(world, person, meanwhile);
  };
  const [few, many] = [await run(SEED, 1), await run(SEED + 1, 4)];
  expect(many).toEqual(few);
});
