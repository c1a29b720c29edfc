/** Owns what people do with the audit trail: look, prove it whole, take a copy. Nothing here writes rows: whoever does the act does, in its transaction. */
import { setImmediate as immediate } from 'node:timers/promises';
import type { AuditPaths } from '../kernel/paths.ts';
import type { JsonValue } from '../kernel/messages.ts';
import type { AuditFilter, AuditQueries, AuditRow } from '../store/audit-table.ts';
import { type AuditVerdict, verifyAudit, type VerifyOptions } from './verify-audit.ts';

export type ExportFormat = 'jsonl' | 'csv';

export interface AuditService {
  /** Newest first; `before`: rows with a smaller number only. */
  list(filter: AuditFilter, limit: number, before?: number): Promise<AuditRow[]>;
  verify(options?: VerifyOptions): Promise<AuditVerdict>;
  /** The rows as text, oldest first, a page at a time. */
  export(format: ExportFormat, filter?: AuditFilter): AsyncIterable<string>;
}

const PAGE = 1000;

export function createAuditService(audit: AuditQueries, paths: AuditPaths): AuditService {
  return {
    list: (filter, limit, before) => listRows(audit, filter, { limit, before }),
    verify: (options) => verifyAudit(audit, paths, options),
    async *export(format, filter = {}) {
      if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
      let after = 0;
      for (;;) {
        const rows = await audit.page(after, PAGE, filter);
        yield rows.map((row) => (format === 'csv' ? csvLine(row) : `${JSON.stringify(auditJson(row))}\n`)).join('');
        if (rows.length < PAGE) return;
        after = rows.at(-1)?.seq ?? after;
      }
    },
  };
}

/** Rows that are looked through in one question, where no index leads to them. */
const WINDOW = 20_000;

async function listRows(
  audit: AuditQueries,
  filter: AuditFilter,
  { limit, before }: { readonly limit: number; readonly before: number | undefined },
): Promise<AuditRow[]> {
  const { outcome, target, text } = filter;
  if (outcome === undefined && target === undefined && text === undefined) return audit.list(filter, limit, before);
  const head = await audit.head();
  const rows: AuditRow[] = [];
  // A long trail is looked through in steps, so that others have their turn between them.
  for (let end = before ?? (head?.seq ?? 0) + 1; end > (head?.cut_seq ?? 0) + 1 && rows.length < limit; end -= WINDOW) {
    rows.push(...(await audit.list(filter, limit - rows.length, end, end - WINDOW)));
    await immediate();
  }
  return rows;
}

/** A row as every surface shows it. */
export function auditJson(row: AuditRow) {
  return {
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    user_id: row.user_id,
    username: row.username,
    via: row.via,
    from: row.origin,
    action: row.action,
    target: row.target,
    outcome: row.outcome,
    detail: JSON.parse(row.detail) as JsonValue,
    code: row.mac,
  };
}

/** A verdict as every surface shows it. */
export function verdictJson(verdict: AuditVerdict) {
  return {
    ok: verdict.isWhole,
    rows: verdict.rows,
    cut_through: verdict.cutThrough,
    last_row: verdict.lastRow,
    last_code: verdict.lastCode,
    first_bad_row: verdict.firstBadRow,
    problem: verdict.problem,
    remark: verdict.remark,
  };
}

const COLUMNS = ['seq', 'at', 'user_id', 'username', 'via', 'from', 'action', 'target', 'outcome', 'detail', 'code'];

/** RFC 4180. */
function csvLine(row: AuditRow): string {
  const { seq, at, user_id, username, via, origin, action, target, outcome, detail, mac } = row;
  const instant = new Date(at).toISOString();
  const cells = [user_id ?? '', username, via, origin, action, target ?? '', outcome, detail, mac];
  return `${[String(seq), instant, ...cells.map(csvCell)].join(',')}\r\n`;
}

/** A cell no spreadsheet takes for a formula: what begins like one gets an apostrophe. */
function csvCell(text: string): string {
  const safe = /^[\s]*[=+\-@\t\r\n|%]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
