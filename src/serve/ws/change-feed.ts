/** Owns who is told that something has changed: by topic, at most twice a second a socket, and nothing but the topic. Writes of this process are heard, those of others found by one look a second; while nobody watches, nothing is looked at. */
import { type Action, mayDo } from '../../core/access/permissions.ts';
import type { Clock } from '../../core/kernel/clock.ts';
import { type Topic, TOPICS } from '../../core/kernel/topics.ts';
import type { Store } from '../../core/store/store.ts';
import type { Connection } from './connection.ts';

export interface ChangeFeedDeps {
  readonly clock: Clock;
  readonly store: () => Promise<Pick<Store, 'changeMark' | 'watchWrites'>>;
  /** Another text when the log has grown; asked only for those who may read it. */
  readonly logStamp: () => string;
  /** How the server is, as it says of itself; another object when that changed. */
  readonly serverState: () => object;
  readonly onTrouble: (error: unknown) => void;
}

/** How often writes of other processes are looked for, in milliseconds. */
const LOOK_MS = 1000;
/** How long writes are gathered before they are told, and how long after the last time, in milliseconds. */
const GATHER_MS = 60;
const PAUSE_MS = 500;

/** Who hears of a topic: those who may read it at all. */
const NEEDS: Readonly<Record<Topic, Action>> = {
  conversations: 'conversation.read',
  approvals: 'approval.read',
  tools: 'tool.read',
  tasks: 'task.read',
  memory: 'memory.read',
  knowledge: 'knowledge.read',
  users: 'user.read',
  groups: 'group.read',
  costs: 'cost.read',
  audit: 'audit.read',
  backups: 'backup.manage',
  settings: 'config.read',
  accounts: 'account.manage',
  logs: 'log.read',
  deliveries: 'webhook.read',
  status: 'status.read',
};
/** Of these an admin sees what is everybody's; of the others everybody sees their own. */
const SEEN_BY_ADMINS: ReadonlySet<Topic> = new Set(['approvals', 'tasks', 'memory', 'costs', 'deliveries']);

type Owners = ReadonlySet<string | null>;

export class ChangeFeed {
  readonly #deps: ChangeFeedDeps;
  readonly #watchers = new Map<Connection, ReadonlySet<Topic>>();
  #pending = new Map<Topic, Set<string | null>>();
  #isTelling = false;
  #toldAt = -PAUSE_MS;
  #looking = new AbortController();
  #heard: Promise<void> | undefined;

  constructor(deps: ChangeFeedDeps) {
    this.#deps = deps;
  }

  /** Tells `connection` of changes until it closes, of all topics unless some are named. Returns those it may hear of now. */
  async watch(connection: Connection, topics: readonly Topic[] = TOPICS): Promise<readonly Topic[]> {
    const store = await this.#deps.store();
    await (this.#heard ??= store.watchWrites((topic, owner) => this.note(topic, owner)));
    const { signal } = connection.closed;
    if (signal.aborted) return [];
    const isFirst = this.#watchers.size === 0;
    if (!this.#watchers.has(connection)) signal.addEventListener('abort', () => this.#leave(connection));
    this.#watchers.set(connection, new Set(topics));
    if (isFirst) {
      this.#looking = new AbortController();
      this.#look(store, this.#looking.signal).catch(this.#deps.onTrouble);
    }
    return topics.filter((topic) => mayHear(connection, topic));
  }

  /** Something of `topic` changed; `ownerId` is whose it is, null for what is nobody's own. */
  note(topic: Topic, ownerId: string | null): void {
    if (this.#watchers.size === 0) return;
    const owners = this.#pending.get(topic);
    if (owners === undefined) this.#pending.set(topic, new Set([ownerId]));
    else owners.add(ownerId);
    if (!this.#isTelling) this.#tellSoon().catch(this.#deps.onTrouble);
  }

  #leave(connection: Connection): void {
    this.#watchers.delete(connection);
    if (this.#watchers.size > 0) return;
    this.#looking.abort();
    this.#pending.clear();
  }

  async #tellSoon(): Promise<void> {
    const { clock } = this.#deps;
    this.#isTelling = true;
    await clock.sleep(Math.max(GATHER_MS, this.#toldAt + PAUSE_MS - clock.elapsed()));
    this.#isTelling = false;
    this.#toldAt = clock.elapsed();
    const changed = this.#pending;
    this.#pending = new Map();
    for (const [connection, wanted] of this.#watchers) {
      const topics = [...changed].flatMap(([topic, owners]) =>
        wanted.has(topic) && concerns(connection, topic, owners) ? [topic] : [],
      );
      if (topics.length > 0) connection.send({ type: 'changed', topics });
    }
  }

  /** Another process may have written anything; what is not in the store is looked at beside it. */
  async #look(store: Pick<Store, 'changeMark'>, signal: AbortSignal): Promise<void> {
    const { clock, serverState } = this.#deps;
    let mark = store.changeMark();
    let state = serverState();
    let log = this.#logStamp();
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => {});
      if (signal.aborted) return;
      const before = { mark, state, log };
      [mark, state, log] = [store.changeMark(), serverState(), this.#logStamp()];
      if (mark !== before.mark) for (const topic of TOPICS) this.note(topic, null);
      if (state !== before.state) this.note('status', null);
      if (log !== before.log) this.note('logs', null);
    }
  }

  #logStamp(): string {
    const isWanted = [...this.#watchers].some(
      ([connection, wanted]) => wanted.has('logs') && mayHear(connection, 'logs'),
    );
    return isWanted ? this.#deps.logStamp() : '';
  }
}

function mayHear({ actor }: Connection, topic: Topic): boolean {
  return actor !== undefined && mayDo(actor, NEEDS[topic]);
}

function concerns(connection: Connection, topic: Topic, owners: Owners): boolean {
  if (!mayHear(connection, topic)) return false;
  const user = connection.actor?.user;
  const seesAll = user?.role === 'admin' && SEEN_BY_ADMINS.has(topic);
  return seesAll || owners.has(null) || (user !== undefined && owners.has(user.id));
}
