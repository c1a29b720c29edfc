/** Owns the proof that the audit trail is whole: every row follows from the one before, the sealed head is its end, and the note beside the database does not know more. Reads a page at a time. */
import type { AuditPaths } from '../kernel/paths.ts';
import { agrees, readAnchor } from '../store/audit-anchor.ts';
import { type AuditChain, readAuditChain } from '../store/audit-chain.ts';
import { type AuditHead, type AuditQueries, type AuditRow, isSealed } from '../store/audit-table.ts';

export interface AuditVerdict {
  readonly isWhole: boolean;
  /** Rows that were found right. */
  readonly rows: number;
  /** Rows up to this number were taken away by retention, and that was sealed. */
  readonly cutThrough: number;
  /** The last row by the head, and its code: kept elsewhere, they prove that a later trail continues this one. */
  readonly lastRow: number;
  readonly lastCode: string;
  /** The first row that is wrong or missing. */
  readonly firstBadRow: number | null;
  readonly problem: string | null;
  /** What could not be proved although nothing was found wrong. */
  readonly remark: string | null;
}

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** After each page: rows checked, and the number of the last row. */
  readonly onProgress?: (checked: number, last: number) => void;
}

interface Walk {
  readonly head: AuditHead;
  readonly rows: number;
  readonly problem?: Problem;
}

interface Problem {
  readonly row: number | null;
  readonly text: string;
}

const PAGE = 2000;

/** Checks the whole trail. Throws the signal's reason. */
export async function verifyAudit(
  audit: AuditQueries,
  paths: AuditPaths,
  options: VerifyOptions = {},
): Promise<AuditVerdict> {
  const head = await audit.head();
  if (head === undefined) return verdict({ problem: { row: null, text: 'The head of the trail is gone.' } });
  const chain = readAuditChain(paths.auditKey);
  if (chain === undefined) {
    const isUnused = head.seq === 0 && head.seal === '' && (await audit.page(FIRST, 1)).length === 0;
    if (isUnused) return verdict({ head });
    return verdict({
      head,
      problem: { row: null, text: `The key ${paths.auditKey} is missing: nothing can be proved.` },
    });
  }
  const walked = await walkSteady(audit, chain, options);
  if (walked.problem !== undefined) return verdict(walked);
  return verdict({ ...walked, ...(await compareAnchor(audit, chain, paths.auditAnchor)) });
}

const FIRST = Number.MIN_SAFE_INTEGER;

function verdict(found: Partial<Walk> & { readonly remark?: string }): AuditVerdict {
  const { head, rows = 0, problem, remark = null } = found;
  return {
    isWhole: problem === undefined,
    rows,
    cutThrough: head?.cut_seq ?? 0,
    lastRow: head?.seq ?? 0,
    lastCode: head?.mac ?? '',
    firstBadRow: problem?.row ?? null,
    problem: problem?.text ?? null,
    remark,
  };
}

/** Walks again when retention has cut rows off meanwhile. */
async function walkSteady(audit: AuditQueries, chain: AuditChain, options: VerifyOptions): Promise<Walk> {
  for (;;) {
    const before = await audit.head();
    const walked = await walk(audit, chain, options);
    if (walked.problem === undefined || before?.cut_seq === (await audit.head())?.cut_seq) return walked;
  }
}

async function walk(audit: AuditQueries, chain: AuditChain, { signal, onProgress }: VerifyOptions): Promise<Walk> {
  let head = (await audit.head()) ?? NO_HEAD;
  let last: Link = { seq: head.cut_seq, mac: head.cut_mac };
  let after = FIRST;
  let rows = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = await audit.page(after, PAGE);
    for (const row of page) {
      const problem = rowProblem(chain, row, last);
      if (problem !== undefined) return { head, rows, problem };
      last = row;
      rows += 1;
    }
    if (page.length > 0) onProgress?.(rows, head.seq);
    after = last.seq;
    if (page.length === PAGE) continue;
    // Rows that came in meanwhile are checked too.
    head = (await audit.head()) ?? NO_HEAD;
    if (head.seq > last.seq && (await audit.page(after, 1)).length > 0) continue;
    const problem = endProblem(chain, head, last);
    return { head, rows, ...(problem === undefined ? {} : { problem }) };
  }
}

type Link = Pick<AuditRow, 'seq' | 'mac'>;

const NO_HEAD: AuditHead = { id: 1, seq: 0, mac: '', cut_seq: 0, cut_mac: '', seal: 'missing' };

function rowProblem(chain: AuditChain, row: AuditRow, last: Link): Problem | undefined {
  const next = last.seq + 1;
  if (row.seq < next) return { row: row.seq, text: `Row ${row.seq} stands before the beginning of the trail.` };
  if (row.seq > next) return { row: next, text: `Row ${next} is missing.` };
  if (chain.macOf(row, last.mac) === row.mac) return undefined;
  return { row: row.seq, text: `Row ${row.seq} was changed, or does not follow the row before it.` };
}

function endProblem(chain: AuditChain, head: AuditHead, last: Link): Problem | undefined {
  const next = last.seq + 1;
  if (head.seq > last.seq) return { row: next, text: `Rows ${next} to ${head.seq} are missing.` };
  if (isSealed(chain, head) && head.seq === last.seq && head.mac === last.mac) return undefined;
  return {
    row: next,
    text: `The head of the trail was not written by this home: rows after ${last.seq} may be missing.`,
  };
}

/** What the note beside the database adds to a trail that is whole in itself. */
async function compareAnchor(
  audit: AuditQueries,
  chain: AuditChain,
  file: string,
): Promise<{ problem?: Problem; remark?: string }> {
  const anchor = await readAnchor(file, chain);
  if (anchor === 'damaged') return { problem: { row: null, text: `${file} was not written by this home.` } };
  if (anchor === undefined) {
    const { seq = 0 } = (await audit.head()) ?? {};
    return seq === 0 ? {} : { remark: `${file} is missing: an older copy of the whole database would not be noticed.` };
  }
  if (await agrees(audit, anchor)) return {};
  const end = (await audit.head())?.seq ?? 0;
  const row = Math.min(anchor.seq, end + 1);
  return { problem: { row, text: `The trail once had another row ${anchor.seq}: it was cut off or put back.` } };
}
