/** Owns the queries on the audit trail. Rows are only added, each in the transaction of the effect it tells of, and chained by codes (audit-chain.ts). */
import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import { ClawError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { type AuditChain, BROKEN } from './audit-chain.ts';
import type { AuditEventsTable, AuditHeadTable, AuditOutcome } from './audit-schema.ts';
import type { Schema } from './schema.ts';

export type AuditRow = Selectable<AuditEventsTable>;
export type AuditHead = Selectable<AuditHeadTable>;

/** Who did it; an `Actor` is one. */
export interface AuditBy {
  /** Null or absent: claw itself, or somebody it does not know. */
  readonly user?: { readonly id: string; readonly username?: string } | null;
  /** Default: `terminal` for a user, `system` for claw itself. */
  readonly via?: string;
  /** Default: as `via`. */
  readonly from?: string;
}

/** A user who does something, from wherever they do it; of an actor: `{...actor.user, via: actor.via, from: actor.from}`. */
export interface Doer {
  readonly id: string;
  readonly username?: string;
  readonly via?: string;
  readonly from?: string;
}

export const doneBy = ({ id, username, via, from }: Doer): AuditBy => ({
  user: { id, ...(username === undefined ? {} : { username }) },
  ...(via === undefined ? {} : { via }),
  ...(from === undefined ? {} : { from }),
});

export interface AuditEntry {
  /** Milliseconds UTC. */
  readonly at: number;
  readonly by: AuditBy;
  /** `noun.verb`: `user.create`, `key.revoke`. */
  readonly action: string;
  /** What it was done to: an id or a name. */
  readonly target?: string | null;
  /** Default: `ok`. */
  readonly outcome?: AuditOutcome;
  /** What else there is to know; secrets in it are masked. */
  readonly detail?: Readonly<Record<string, JsonValue>>;
}

export interface AuditFilter {
  readonly username?: string;
  /** An action, or all of a noun: `user.*`. */
  readonly action?: string;
  readonly outcome?: AuditOutcome;
  readonly target?: string;
  /** Stands in the name, the act, the target or the detail; the case of ASCII letters does not matter. */
  readonly text?: string;
  /** Milliseconds UTC; from `since` on, before `until`. */
  readonly since?: number;
  readonly until?: number;
}

export interface AuditWriter {
  /** Called at the first row; the chain is then kept. */
  readonly chain: () => AuditChain;
  /** Hides the secrets in a JSON value. */
  readonly mask: <T>(value: T) => T;
  readonly onAppend: () => void;
}

export type AuditQueries = ReturnType<typeof auditTable>;

export function auditTable(db: Kysely<Schema>, writer: AuditWriter) {
  return {
    /** Adds a row, in the transaction of what it tells of; on the store itself, in one of its own. */
    append: (entry: AuditEntry): Promise<void> => append(db, writer, entry),
    /** Inside a transaction only: takes away rows before `instant` (milliseconds UTC) from the old end; the sealed head remembers where the chain begins now. What was cut is told in a row of its own with the last step. */
    cut: (request: CutRequest): Promise<CutStep> => cut(db, writer, request),
    ...readQueries(db),
  };
}

function readQueries(db: Kysely<Schema>) {
  return {
    head: (): Promise<AuditHead | undefined> => headOf(db),
    /** At most `limit` rows, newest first; `before`: only rows with a smaller number, `from`: with this one or a larger. */
    list(filter: AuditFilter, limit: number, before?: number, from?: number): Promise<AuditRow[]> {
      let query = db.selectFrom('audit_events').selectAll().where(matches(filter)).orderBy('seq', 'desc').limit(limit);
      if (before !== undefined) query = query.where('seq', '<', before);
      if (from !== undefined) query = query.where('seq', '>=', from);
      return query.execute();
    },
    /** At most `limit` rows after number `after`, oldest first. */
    page(after: number, limit: number, filter: AuditFilter = {}): Promise<AuditRow[]> {
      const query = db.selectFrom('audit_events').selectAll().where('seq', '>', after).where(matches(filter));
      return query.orderBy('seq').limit(limit).execute();
    },
    /** Every act that the trail tells of. One step in the index for each of them: a long trail is not read through. */
    async actions(): Promise<string[]> {
      const found: string[] = [];
      for (let last = ''; ;) {
        const query = db.selectFrom('audit_events').select(({ fn }) => fn.min('action').as('next'));
        const row = await query.where('action', '>', last).executeTakeFirst();
        if (row?.next == null) return found;
        last = row.next;
        found.push(last);
      }
    },
    /** When `action` was last done well to each of these targets, in milliseconds UTC. */
    async lastOf(action: string, targets: readonly string[]): Promise<ReadonlyMap<string, number>> {
      if (targets.length === 0) return new Map();
      const rows = await db
        .selectFrom('audit_events')
        .select(({ fn }) => ['target', fn.max('at').as('at')])
        .where('action', '=', action)
        .where('outcome', '=', 'ok')
        .where('target', 'in', [...targets])
        .groupBy('target')
        .execute();
      return new Map(rows.flatMap(({ target, at }) => (target === null ? [] : [[target, at] as const])));
    },
    /** Whether `action` was done to `target` before. */
    async has(action: string, target: string): Promise<boolean> {
      const query = db.selectFrom('audit_events').select('seq').where('action', '=', action);
      return (await query.where('target', '=', target).limit(1).executeTakeFirst()) !== undefined;
    },
    find(seq: number): Promise<AuditRow | undefined> {
      return db.selectFrom('audit_events').selectAll().where('seq', '=', seq).executeTakeFirst();
    },
  };
}

function matches({ username, action, outcome, target, text, since, until }: AuditFilter) {
  const noun = action?.endsWith('.*') === true ? action.slice(0, -1) : undefined;
  return ({ eb, and }: ExpressionBuilder<Schema, 'audit_events'>) =>
    and([
      ...(username === undefined ? [] : [eb('username', '=', username)]),
      ...(action === undefined || noun !== undefined ? [] : [eb('action', '=', action)]),
      ...(noun === undefined ? [] : [eb('action', '>=', noun), eb('action', '<', `${noun}~`)]),
      ...(outcome === undefined ? [] : [eb('outcome', '=', outcome)]),
      ...(target === undefined ? [] : [eb('target', '=', target)]),
      ...(text === undefined ? [] : [holds(eb, text)]),
      ...(since === undefined ? [] : [eb('at', '>=', since)]),
      ...(until === undefined ? [] : [eb('at', '<', until)]),
    ]);
}

/** A text is looked for as it is: `%` and `_` mean themselves. */
function holds(eb: ExpressionBuilder<Schema, 'audit_events'>, text: string) {
  const pattern = `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const like = (column: 'username' | 'action' | 'target' | 'detail') =>
    sql<boolean>`${eb.ref(column)} like ${pattern} escape '\\'`;
  return eb.or([like('username'), like('action'), like('target'), like('detail')]);
}

const headOf = (db: Kysely<Schema>): Promise<AuditHead | undefined> =>
  db.selectFrom('audit_head').selectAll().executeTakeFirst();

async function append(db: Kysely<Schema>, writer: AuditWriter, entry: AuditEntry): Promise<void> {
  const chain = writer.chain();
  const head = await headOf(db);
  if (head === undefined)
    throw new ClawError('data-invalid', 'The head of the audit trail is gone.', { hint: 'claw audit verify' });
  const row = rowOf({ ...entry, by: await named(db, entry.by) }, head.seq + 1, writer.mask);
  const mac = chain.macOf(row, isSealed(chain, head) ? head.mac : BROKEN);
  await db
    .insertInto('audit_events')
    .values({ ...row, mac })
    .execute();
  await putHead(db, chain, { ...head, seq: row.seq, mac });
  writer.onAppend();
}

/** Whether this home wrote the head, or there was never a row. */
export function isSealed(chain: AuditChain, head: Omit<AuditHead, 'id'>): boolean {
  if (head.seal === '') return head.seq === 0 && head.mac === '' && head.cut_seq === 0;
  return head.seal === chain.sealOf(head);
}

async function putHead(db: Kysely<Schema>, chain: AuditChain, next: Omit<AuditHead, 'id' | 'seal'>): Promise<void> {
  const { seq, mac, cut_seq, cut_mac } = next;
  const set = { seq, mac, cut_seq, cut_mac, seal: chain.sealOf(next) };
  await db.updateTable('audit_head').set(set).where('id', '=', 1).execute();
}

/** Whoever knows only the id of a user leaves the name to the table of users. */
async function named(db: Kysely<Schema>, by: AuditBy): Promise<AuditBy> {
  if (by.user == null || by.user.username !== undefined) return by;
  const { id } = by.user;
  const found = await db.selectFrom('users').select('username').where('id', '=', id).executeTakeFirst();
  return { ...by, user: { id, username: found?.username ?? id } };
}

/** SQLite keeps UTF-8: half a surrogate pair would come back as something else than was coded. */
function rowOf(entry: AuditEntry, seq: number, mask: AuditWriter['mask']): Omit<AuditRow, 'mac'> {
  const { by, at, action, target = null, outcome = 'ok', detail = {} } = entry;
  const { user = null, via = user === null ? 'system' : 'terminal', from = via } = by;
  const text = (value: string): string => mask(value).toWellFormed();
  return {
    seq,
    at: Math.trunc(at),
    user_id: user?.id ?? null,
    username: text(user?.username ?? (via === 'system' ? 'claw' : 'nobody')),
    via,
    origin: text(from),
    action,
    target: target === null ? null : text(target),
    outcome,
    detail: JSON.stringify(mask(detail)).toWellFormed(),
  };
}

export interface CutRequest {
  readonly instant: number;
  readonly by: AuditBy;
  readonly at: number;
  /** Rows of this step at most. */
  readonly most: number;
  /** Rows that the steps before took away. */
  readonly already?: number;
}

export interface CutStep {
  readonly rows: number;
  readonly isDone: boolean;
}

async function cut(db: Kysely<Schema>, writer: AuditWriter, request: CutRequest): Promise<CutStep> {
  const { instant, by, at, most, already = 0 } = request;
  const chain = writer.chain();
  const head = await headOf(db);
  // What was tampered with stays as it is: it is evidence.
  if (head === undefined || !isSealed(chain, head)) return { rows: 0, isDone: true };
  const oldest = await db
    .selectFrom('audit_events')
    .select(['seq', 'at', 'mac'])
    .where('seq', '>', head.cut_seq)
    .orderBy('seq')
    .limit(most)
    .execute();
  const young = oldest.findIndex((row) => row.at >= instant);
  const old = young === -1 ? oldest : oldest.slice(0, young);
  const last = old.at(-1);
  const isDone = young !== -1 || oldest.length < most;
  if (last !== undefined) {
    await putHead(db, chain, { ...head, cut_seq: last.seq, cut_mac: last.mac });
    await db.deleteFrom('audit_events').where('seq', '<=', last.seq).execute();
  }
  const rows = old.length;
  if (isDone && rows + already > 0) {
    const through = last?.seq ?? head.cut_seq;
    const mac = last?.mac ?? head.cut_mac;
    await append(db, writer, { at, by, action: 'audit.cut', detail: { through, mac, rows: rows + already } });
  }
  return { rows, isDone };
}
