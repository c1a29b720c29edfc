/** Owns the checks of the database: its pages, references, schema, write-ahead log, audit trail and search indexes. */
import type { OwnedIndexCheck } from '../store/sqlite/check-owned-index.ts';
import { toError } from '../kernel/errors.ts';
import { commandText } from './command-text.ts';
import { MEND, sizeText } from './home-checks.ts';
import { type Check, NotLookedAt, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface TrailVerdict {
  readonly isWhole: boolean;
  readonly rows: number;
  readonly problem: string | null;
  readonly remark: string | null;
}

export interface StoreFacts {
  readonly database: string;
  /** Result of SQLite's own check: `ok`, or the first thing that is wrong. Throws when the database cannot be opened. */
  readonly integrity: () => Promise<string>;
  /** Path of the newest backup. */
  readonly newestBackup: () => Promise<string | undefined>;
  /** How many rows refer to rows that are missing. */
  readonly looseRows: () => Promise<number>;
  /** Number of the last migration, and of the newest one this program knows. */
  readonly schema: () => Promise<{ readonly found: number; readonly known: number }>;
  /** Bytes of the write-ahead log. */
  readonly walBytes: () => Promise<number>;
  /** Undefined when it is too long to be looked at here. */
  readonly trail: () => Promise<TrailVerdict | undefined>;
  readonly indexes: {
    readonly memories: () => Promise<OwnedIndexCheck>;
    readonly conversations: () => Promise<OwnedIndexCheck>;
    readonly knowledge: () => Promise<Omit<OwnedIndexCheck, 'waiting'>>;
  };
}

/** A write-ahead log of this size is read anew at each start. */
const LONG_LOG_BYTES = 64 * 1024 * 1024;

export function storeChecks(facts: StoreFacts): readonly Check[] {
  const { memories, conversations, knowledge } = facts.indexes;
  return [
    { check: 'store', run: () => checkStore(facts) },
    { check: 'foreign-keys', run: async () => checkLoose(facts, await facts.looseRows()) },
    { check: 'schema', run: async () => checkSchema(await facts.schema()) },
    { check: 'write-ahead-log', run: async () => checkLog(await facts.walBytes()) },
    { check: 'audit', run: async () => checkTrail(await facts.trail()) },
    { check: 'memory-index', run: async () => checkIndex(await memories(), 'memories', 'memory') },
    { check: 'conversation-index', run: async () => checkIndex(await conversations(), 'messages', 'conversation') },
    {
      check: 'knowledge-index',
      run: async () => checkIndex({ ...(await knowledge()), waiting: 0 }, 'passages', 'knowledge'),
    },
  ];
}

async function checkStore(facts: StoreFacts): Promise<Verdict> {
  const integrity = await facts.integrity().catch((error: unknown) => {
    if (error instanceof NotLookedAt) throw error;
    return toError(error).message;
  });
  if (integrity === 'ok') return ok('the database is sound');
  if (isIndexDamage(integrity)) return problem(`An index of the database is damaged: ${integrity}`, MEND);
  const code = /\bschema (\d+); this claw knows up to (\d+)/.exec(integrity);
  if (code !== null) return problem(integrity, NEWER);
  return problem(`The database is damaged: ${integrity}`, await replaceFix(facts));
}

/** Only an index: its table holds all there is, so that it can be made anew. */
function isIndexDamage(integrity: string): boolean {
  return /missing from index|wrong # of entries in index|non-unique entry in index/.test(integrity);
}

/** The newest backup in its place; without one the file is put aside, and a new one is begun. */
async function replaceFix({ database, newestBackup }: StoreFacts): Promise<string> {
  const file = await newestBackup().catch(() => undefined);
  if (file !== undefined) return commandText('claw', 'backup', 'restore', file, '--yes');
  return commandText('mv', database, `${database}.damaged`);
}

async function checkLoose(facts: StoreFacts, count: number): Promise<Verdict> {
  if (count === 0) return ok('every row refers to rows that are there');
  return problem(`${count} rows of the database refer to rows that are missing.`, await replaceFix(facts));
}

const NEWER = 'npm update --global claw';

function checkSchema({ found, known }: { readonly found: number; readonly known: number }): Verdict {
  if (found === known) return ok(`schema ${found}`);
  if (found > known) return problem(`The home has schema ${found}; this claw knows up to ${known}.`, NEWER);
  return warning(`The home has schema ${found}, and ${known} is the newest.`, 'claw status');
}

function checkLog(bytes: number): Verdict {
  const text = `the write-ahead log holds ${sizeText(bytes)}`;
  return bytes < LONG_LOG_BYTES ? ok(text) : warning(`${text}: somebody kept it from being moved.`, MEND);
}

function checkTrail(trail: TrailVerdict | undefined): Verdict {
  if (trail === undefined) return ok('too long to prove here; "claw audit verify" does');
  const { isWhole, rows, problem: what, remark } = trail;
  if (!isWhole) return problem(`The audit trail is not whole: ${what ?? 'no reason'}`, 'claw audit verify');
  return remark === null ? ok(`${rows} rows follow from one another`) : warning(remark, 'claw audit verify');
}

function checkIndex(index: OwnedIndexCheck, what: string, noun: string): Verdict {
  const { ok: isRight, indexed, waiting, problems } = index;
  if (!isRight)
    return problem(`The search index of ${what} is not right: ${problems.join('; ')}.`, `claw ${noun} reindex`);
  return ok(
    waiting === 0 ? `${indexed} ${what} found` : `${indexed} ${what} found, ${waiting} wait for the next search`,
  );
}
