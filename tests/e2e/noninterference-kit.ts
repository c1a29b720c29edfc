/** Owns a server with many people in it for tests of noninterference: what each of them wrote bears their own marker, and everything that reaches somebody is looked at for what is another's. */
import { expect } from 'vitest';
import { terminalActor } from '../../src/core/access/actor.ts';
import type { User } from '../../src/core/access/local-user.ts';
import { type App, openApp } from '../../src/core/create-app.ts';
import { fullPath, type RouteDeps } from '../../src/serve/http/route.ts';
import { allRoutes } from '../../src/serve/http/routes.ts';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { type ModelServer, startModelServer } from '../fakes/llm/model-server.ts';
import { ask } from './http-kit.ts';
import { temporaryDirectory } from './run-claw.ts';
import { type RunningServe, startServe } from './serve-kit.ts';

export interface Person {
  readonly user: User;
  readonly key: string;
  /** A word that stands in everything this person writes, and nowhere else. */
  readonly marker: string;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface World {
  readonly serve: RunningServe;
  /** The services of the terminal, on the same home. */
  readonly app: App;
  readonly people: readonly Person[];
  readonly model: ModelServer;
  /** Every id that somebody was shown, with whose it is. */
  readonly owners: Map<string, Person>;
  /** What each of these ids names, as the word of its routes: `conversations`. */
  readonly kinds: Map<string, string>;
  /** Asks as that person; the answer is looked at. */
  ask(person: Person, asked: Asked): Promise<{ status: number; text: string }>;
  /** Looks at something that reached that person, who asked for `known`. */
  look(person: Person, told: string, known: string): void;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MARKER = /mk[0-9]{3}zq/g;

/** Numbers from 0 to 1 that a seed tells whole (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Everything that the model is told comes back in its answer, so that a leak into a prompt is seen too. */
async function startEcho(onEnd: (clean: () => Promise<void> | void) => void): Promise<ModelServer> {
  const server = await startModelServer([
    (request) => {
      const heard = new Set(JSON.stringify(request.body).match(MARKER));
      return { pieces: anthropicWire.speak({ text: ['heard ', [...heard].toSorted().join(' ')] }) };
    },
  ]);
  onEnd(() => server.close());
  return server;
}

export async function startWorld(count: number, onEnd: (clean: () => Promise<void> | void) => void): Promise<World> {
  const model = await startEcho(onEnd);
  const home = await temporaryDirectory(onEnd);
  const app = await openApp({ home, overrides: { CLAW_SECRET_STORE: 'file' } });
  onEnd(() => app.close());
  const { users, keys } = await app.access();
  const owner = await app.actor();
  const people: Person[] = [];
  for (let at = 0; at < count; at += 1) {
    const role = at % 7 === 6 ? 'admin' : 'user';
    const marker = `mk${String(at).padStart(3, '0')}zq`;
    const { user } = await users.create(owner, { username: `p${marker}`, role });
    people.push({ user, marker, key: (await keys.create(terminalActor(user), user, {})).text });
  }
  const serve = await startServe({ home, onEnd, env: environment(model) });
  const owners = new Map<string, Person>(people.map((person) => [person.user.id, person]));
  const kinds = new Map<string, string>(people.map(({ user }) => [user.id, 'users']));
  const look = (person: Person, told: string, known: string): void => examine(owners, person, told, known);
  return {
    serve,
    app,
    people,
    model,
    owners,
    kinds,
    look,
    async ask(person, { method, path, body }) {
      const headers = { authorization: `Bearer ${person.key}` };
      const answer = await ask(serve, path, {
        headers,
        ...(method && { method }),
        ...(body !== undefined && { body }),
      });
      const { 'x-request-id': _, ...shown } = Object.fromEntries(answer.headers);
      look(person, `${JSON.stringify(shown)}\n${answer.text}`, `${path} ${JSON.stringify(body ?? '')}`);
      noteKinds(kinds, path, answer.text);
      return { status: answer.status, text: answer.text };
    },
  };
}

function environment(model: ModelServer): Record<string, string> {
  return {
    AUTH_ENABLED: 'true',
    API_RATE_LIMIT: '1000000',
    WS_RATE_LIMIT: '1000',
    MAX_DAILY_CALLS: '0',
    LLM_RETRY_COUNT: '0',
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    ANTHROPIC_API_KEY: 'made-up-key-of-the-tests',
    ANTHROPIC_BASE_URL: model.url,
  };
}

/** What was in the question may come back in the answer; everything else is one's own, or new. */
function examine(owners: Map<string, Person>, person: Person, told: string, known: string): void {
  const foreign = (told.match(MARKER) ?? []).filter((each) => each !== person.marker && !known.includes(each));
  const ids = [...new Set(told.match(UUID))].filter((id) => !known.includes(id));
  const taken = ids.filter((id) => (owners.get(id) ?? person) !== person);
  expect({
    by: person.user.username,
    known,
    foreign,
    taken,
    told: foreign.length + taken.length > 0 ? told : '',
  }).toEqual({ by: person.user.username, known, foreign: [], taken: [], told: '' });
  for (const id of ids) owners.set(id, person);
}

function noteKinds(kinds: Map<string, string>, path: string, text: string): void {
  // The things inside of a thing, such as the turns of a conversation, are of another kind.
  const [, noun = ''] = /^\/api\/v1\/([a-z]+)(?:\?|$)/.exec(path) ?? [];
  const named: Readonly<Record<string, string>> = { id: noun, conversation_id: 'conversations', turn_id: 'turns' };
  for (const [, name = '', id = ''] of text.matchAll(/"(id|conversation_id|turn_id)":"([0-9a-f-]{36})"/g)) {
    if (!kinds.has(id)) kinds.set(id, named[name] ?? '');
  }
}

/** The routes about one's own things: those that an admin has for all are left out. */
export function ownRoutes() {
  // The rows are data until a request comes.
  const deps = {
    app: {} as App,
    streams: {} as RouteDeps['streams'],
    uploads: {} as RouteDeps['uploads'],
    version: '1.2.3',
    metricsText: async () => '',
    metricsHistory: () => ({ every_seconds: 10, points: [] }),
  };
  const forAll =
    /^(?:user|audit|budget|pairing|device|group|channel|config|secret|backup|tool|metrics)\.|^approval\.|-all$/;
  return allRoutes(deps, () => ({ isReady: true, report: {} }))
    .filter(({ action }) => action !== 'public' && !forAll.test(action))
    .map((route) => ({ ...route, full: fullPath(route) }));
}

/** What an answer says when names, instants and durations are left aside: ids count by their first appearance. */
export function withoutChance(text: string, ids: Map<string, string>): string {
  const named = (id: string): string => {
    const name = ids.get(id) ?? `id-${ids.size}`;
    ids.set(id, name);
    return name;
  };
  return text
    .replaceAll(UUID, named)
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replaceAll(/"(ms|at|created|[a-z_]*_at)":\d+(?:\.\d+)?/g, '"$1":0')
    .replaceAll(/claw_[0-9a-f]+/g, 'KEY')
    .replaceAll(/id: \d+/g, 'id: N');
}
