/** Owns the models that are chosen for a room, a task or a user: who may choose, for whom, and that each choice is one that can be used. Each change has its row in the audit trail, in the same transaction. */
import type { Actor } from '../access/actor.ts';
import { requirePermission } from '../access/permissions.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Phrase } from '../kernel/language/phrase.ts';
import type { ModelChoiceRow, ModelScope } from '../store/chain-schema.ts';
import type { Store, Tables } from '../store/store.ts';

/** For whom: `name` is the user's name, the room's folder or chat, the task's id. */
export interface ModelTarget {
  readonly scope: ModelScope;
  readonly name: string;
}

export interface ModelChoice {
  readonly scope: ModelScope;
  /** Id of the user, folder of the room, id of the task. */
  readonly subject: string;
  /** Name of it, for people. */
  readonly name: string;
  /** `provider/model`, several with commas between them. */
  readonly models: string;
}

export interface ModelChoiceService {
  /** Chooses what `models` names, one or a chain; everybody for themselves and their tasks, an admin for all. Throws `permission-denied`, `not-found`, and why a model cannot be used. */
  set(by: Actor, target: ModelTarget, models: string): Promise<ModelChoice>;
  /** Takes the choice back; false when there was none. Throws like `set`. */
  unset(by: Actor, target: ModelTarget): Promise<boolean>;
  /** An admin sees all, everybody else their own. */
  list(by: Actor): Promise<ModelChoice[]>;
}

export interface ModelChoiceDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The chain that a text names. Throws why one of it cannot be used. */
  readonly chain: (text: string) => Promise<string>;
  /** The task that the actor means. Throws `not-found`. */
  readonly findTask: (tables: Tables, by: Actor, name: string) => Promise<{ id: string; owner_id: string }>;
}

interface Subject {
  readonly id: string;
  /** Whose it is; undefined: the home's. */
  readonly ownerId: string | undefined;
}

export function createModelChoices(deps: ModelChoiceDeps): ModelChoiceService {
  const { store, clock } = deps;
  const permitted = async (by: Actor, target: ModelTarget): Promise<Subject> => {
    requirePermission(by, 'self.change');
    // Whether somebody is there is not everyone's business.
    if (target.scope === 'room' || (target.scope === 'user' && !isSelf(by, target.name))) {
      requirePermission(by, 'model.change');
    }
    const subject = await subjectOf(deps, by, target);
    if (subject.ownerId !== by.user.id) requirePermission(by, 'model.change');
    return subject;
  };
  return {
    async set(by, target, text) {
      const { id } = await permitted(by, target);
      const models = await deps.chain(text);
      const at = clock.now();
      const row: ModelChoiceRow = { scope: target.scope, subject: id, models, set_by: by.user.id, set_at: at };
      await store.transaction(async ({ chain, audit }) => {
        await chain.putChoice(row);
        const detail = { scope: target.scope, models };
        await audit.append({ at, by, action: 'model.choose', target: id, detail });
      });
      return choiceOf(store, row);
    },
    async unset(by, target) {
      const { id } = await permitted(by, target);
      return store.transaction(async ({ chain, audit }) => {
        const wasThere = await chain.removeChoice(target.scope, id);
        const detail = { scope: target.scope, models: null };
        if (wasThere) await audit.append({ at: clock.now(), by, action: 'model.choose', target: id, detail });
        return wasThere;
      });
    },
    async list(by) {
      requirePermission(by, 'model.read');
      const rows = await store.chain.choices();
      const mine = await Promise.all(rows.map(async (row) => ((await isOwn(store, by, row)) ? [row] : [])));
      return Promise.all((seesAll(by) ? rows : mine.flat()).map((row) => choiceOf(store, row)));
    },
  };
}

const isSelf = ({ user }: Actor, name: string): boolean => name === user.username || name === user.id;

function seesAll(by: Actor): boolean {
  try {
    requirePermission(by, 'model.change');
    return true;
  } catch (error) {
    if (error instanceof ClawError) return false;
    throw error;
  }
}

async function isOwn({ tasks }: Tables, { user }: Actor, { scope, subject }: ModelChoiceRow): Promise<boolean> {
  if (scope === 'task') return (await tasks.find(subject))?.owner_id === user.id;
  return scope === 'user' && subject === user.id;
}

async function subjectOf(
  { store, findTask }: ModelChoiceDeps,
  by: Actor,
  { scope, name }: ModelTarget,
): Promise<Subject> {
  if (scope === 'task') {
    const { id, owner_id: ownerId } = await findTask(store, by, name);
    return { id, ownerId };
  }
  if (scope === 'user') {
    const user = isSelf(by, name) ? by.user : ((await store.users.byName(name)) ?? (await store.users.byId(name)));
    if (user === undefined) throw notFound(phrase('noUser', JSON.stringify(name)), 'claw user list --all');
    return { id: user.id, ownerId: user.id };
  }
  const room = await store.rooms.find(name);
  const folder = room?.folder ?? (await store.rooms.folder(name))?.folder;
  if (folder === undefined) throw notFound(`There is no room ${JSON.stringify(name)}.`, 'claw group list');
  return { id: folder, ownerId: undefined };
}

function notFound(message: string | Phrase, hint: string): ClawError {
  return new ClawError('not-found', message, { hint });
}

async function choiceOf({ users, tasks }: Tables, { scope, subject, models }: ModelChoiceRow): Promise<ModelChoice> {
  const name =
    scope === 'user'
      ? (await users.byId(subject))?.username
      : scope === 'task'
        ? await tasks.titleOf(subject)
        : subject;
  return { scope, subject, name: name ?? subject, models };
}
