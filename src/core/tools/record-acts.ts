/** Owns what the audit trail hears of running tools: programs that begin, and what the walls refused, the latter at a bounded rate: a tool may ask a million times. */
import type { Clock } from '../kernel/clock.ts';
import { createRateWindow } from '../kernel/rate-window.ts';
import type { AuditBy } from '../store/audit-table.ts';
import type { Store } from '../store/store.ts';
import type { CallDeps, ServiceScope } from './call-tool.ts';
import type { CommandDeps } from './services/run-command.ts';

/** Rows on refusals of one tool per minute; what is over it is counted in the next row. */
const ROWS_PER_MINUTE = 20;
const REASONS_PER_ROW = 5;
const REASON_CHARS = 300;

export function createToolRecord({ store, clock }: { readonly store: Store; readonly clock: Clock }): {
  readonly started: CommandDeps['record'];
  readonly refused: CallDeps['refused'];
} {
  const rows = createRateWindow(clock, () => ({ limit: ROWS_PER_MINUTE, windowMs: 60_000 }));
  const unwritten = new Map<string, number>();
  return {
    async started(act, program, scope) {
      const detail = { tool: scope.tool.name, program };
      await store.audit.append({ at: clock.now(), by: callerOf(scope), action: 'exec.run', target: act, detail });
    },
    async refused(scope, reasons) {
      const { name } = scope.tool;
      if (!rows.take(name).isAllowed) {
        unwritten.set(name, (unwritten.get(name) ?? 0) + 1);
        return;
      }
      const before = unwritten.get(name) ?? 0;
      unwritten.delete(name);
      const detail = {
        reasons: reasons.slice(0, REASONS_PER_ROW).map((reason) => reason.slice(0, REASON_CHARS)),
        refusals: reasons.length,
        ...(before > 0 ? { calls_not_written: before } : {}),
      };
      const entry = { at: clock.now(), by: callerOf(scope), action: 'tool.refuse', target: name };
      await store.audit.append({ ...entry, outcome: 'denied', detail });
    },
  };
}

function callerOf({ call }: ServiceScope): AuditBy {
  return { user: { id: call.userId }, via: 'turn', from: call.conversationId ?? 'turn' };
}
