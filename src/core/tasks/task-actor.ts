/** Owns who acts on tasks and which they find: each their own, by the id they gave it; an admin and the main room those of all. Another's task is as one that does not exist. */
import type { User } from '../access/local-user.ts';
import { requirePermission } from '../access/permissions.ts';
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { Store, Tables } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';

/** Who acts; with `via` and `from` the audit trail tells from where. `chatId`: the chat it is asked in, for those who may act for that chat only; `isAll`: may act on every task. */
export interface TaskActor {
  readonly user: User & Pick<Doer, 'via' | 'from'>;
  readonly chatId: string | null;
  readonly isAll: boolean;
}

type TaskTables = Pick<Tables, 'tasks'>;

/** The task that the actor means with `id`; for an admin also another's, by `user/id`, by the id of the store, or by an id that one task alone has. Throws `not-found`. */
export async function findTask({ tasks }: TaskTables, actor: TaskActor, id: string): Promise<TaskRow> {
  requirePermission({ user: actor.user, scopes: null }, 'task.read');
  const own = await tasks.named(actor.user.id, id);
  if (own !== undefined && isOwn(actor, own)) return own;
  if (!actor.isAll) throw noTask(id);
  const known = await tasks.find(id);
  if (known !== undefined) return known;
  const [username, name, ...rest] = id.split('/');
  const found = name === undefined || rest.length > 0 ? await tasks.allNamed(id) : await tasks.allNamed(name, username);
  const [one, other] = found;
  if (one === undefined) throw noTask(id);
  if (other === undefined) return one;
  throw new ClawError('usage-invalid', `Several people have a task ${JSON.stringify(id)}.`, {
    hint: `Say whose: such as USER/${id}.`,
  });
}

export function isOwn(actor: TaskActor, task: TaskRow): boolean {
  return actor.isAll || (task.owner_id === actor.user.id && (actor.chatId === null || task.chat_id === actor.chatId));
}

/** Writes into the audit trail, in the transaction of the effect, what the actor did. */
export function auditTask(tables: Pick<Tables, 'audit'>, actor: TaskActor, verb: string, task: TaskRow, at: number) {
  const detail = { owner: task.owner_id };
  return tables.audit.append({ at, by: doneBy(actor.user), action: `task.${verb}`, target: task.name, detail });
}

/** Writes down that the actor was refused, when `thrown` says so: the task is not theirs, or a tool may not what it tries; the other surfaces write that down themselves. */
export async function auditRefusal(
  store: Pick<Store, 'audit' | 'tasks'>,
  actor: TaskActor,
  { verb, target, at }: { readonly verb: string; readonly target: string; readonly at: number },
  thrown: unknown,
): Promise<void> {
  if (!(thrown instanceof ClawError)) return;
  const isTheirs = thrown.code === 'not-found' && (await store.tasks.allNamed(target)).length > 0;
  const isTool = actor.user.via === 'tool' && thrown.code === 'permission-denied';
  if (!isTheirs && !isTool) return;
  const reason = isTheirs ? 'the task is not theirs' : thrown.message;
  const entry = { at, by: doneBy(actor.user), action: `task.${verb}`, target, detail: { reason } };
  await store.audit.append({ ...entry, outcome: 'denied' });
}

function noTask(id: string): ClawError {
  return new ClawError('not-found', phrase('noTask', JSON.stringify(id)), {
    hint: phrase('seeTasks'),
  });
}
