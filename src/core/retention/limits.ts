/** Owns how long what is kept: the settings of retention as instants. What is older goes; an instant of 0 keeps everything. */
import type { RowLimits } from '../store/retention-rules.ts';

export interface KeepSettings {
  /** Days; 0: for ever. */
  readonly conversationDays: number;
  /** Conversations of a user; 0: all. */
  readonly conversationCount: number;
  readonly deliveryDays: number;
  readonly recordDays: number;
  readonly taskRuns: number;
  readonly auditDays: number;
  readonly logDays: number;
}

export interface Limits extends RowLimits {
  readonly conversationCount: number;
}

const DAY_MS = 86_400_000;

/** Budgets of a month are counted from the calls of that month, wherever it begins. */
const COUNTED_DAYS = 62;

export function limitsAt(keep: KeepSettings, now: number): Limits {
  const before = (days: number): number => (days === 0 ? 0 : now - days * DAY_MS);
  const conversations = before(keep.conversationDays);
  return {
    now,
    conversations,
    conversationCount: keep.conversationCount,
    deliveries: before(keep.deliveryDays),
    records: before(keep.recordDays),
    sums: Math.min(conversations, before(COUNTED_DAYS)),
    taskRuns: keep.taskRuns,
  };
}

/** How long what is kept, for people: a line for each rule. */
export interface Rule {
  readonly kinds: readonly string[];
  readonly setting: string;
  /** Days, or a number of rows; 0: for ever. */
  readonly keep: number;
  readonly unit: 'days' | 'rows';
}

export function rulesOf(keep: KeepSettings): readonly Rule[] {
  const days = (setting: string, value: number, kinds: readonly string[]): Rule => ({
    kinds,
    setting,
    keep: value,
    unit: 'days',
  });
  return [
    days('CONVERSATION_KEEP_DAYS', keep.conversationDays, OF_CONVERSATIONS),
    { kinds: ['conversations'], setting: 'CONVERSATION_KEEP_COUNT', keep: keep.conversationCount, unit: 'rows' },
    days('DELIVERY_KEEP_DAYS', keep.deliveryDays, OF_DELIVERIES),
    { kinds: ['task_runs'], setting: 'TASK_RUNS_KEEP', keep: keep.taskRuns, unit: 'rows' },
    days('RECORD_KEEP_DAYS', keep.recordDays, RECORDS),
    days('AUDIT_KEEP_DAYS', keep.auditDays, ['audit_events']),
    days('LOG_KEEP_DAYS', keep.logDays, ['logs']),
  ];
}

const OF_CONVERSATIONS = ['conversations', 'messages', 'turns', 'model_calls', 'route_decisions', 'input_history'];
const OF_DELIVERIES = ['inbound_messages', 'outbox_messages', 'webhook_deliveries', 'task_runs', 'spool_files'];
const RECORDS = [
  'dead_letters',
  'approvals',
  'approval_grants',
  'learning_passes',
  'pairings',
  'pairing_attempts',
  'strangers',
  'sessions',
  'token_families',
  'devices',
  'snapshots',
];
