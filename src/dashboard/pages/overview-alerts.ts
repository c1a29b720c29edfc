/** Owns what the first page warns of: facts in, things that need somebody out, the worst first. Pure. */
import type { Api } from '../api/types.ts';

type Result<Name extends keyof Api> = Api[Name]['result'];

/** The part of the status that is shown; what a role may not see is absent. */
export interface Status {
  readonly state: string;
  readonly version: string | null;
  readonly started_at?: number | null;
  readonly safe_mode?: boolean;
  readonly recent_crashes?: number;
  readonly channels?: readonly ChannelState[];
  readonly queues?: { readonly inbound: Counts; readonly outbox: Counts; readonly running_turns: number };
  readonly last_errors?: readonly LastError[];
  readonly breakers?: Readonly<Record<string, string>>;
  readonly accounts?: readonly { readonly account: string; readonly state: string }[];
}

export interface ChannelState {
  readonly name: string;
  readonly state: string;
  readonly account?: string | null;
  readonly detail?: string | null;
}

export interface LastError {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly reason: string | null;
  readonly at: number;
}

type Counts = Readonly<Record<string, number>>;

/** What is known by now; an answer that has not come warns of nothing. */
export interface Facts {
  readonly status?: Status | undefined;
  readonly checks?: Result<'GET /doctor'> | undefined;
  readonly budgets?: Result<'GET /budgets'> | undefined;
  readonly plan?: Result<'GET /backup-plan'> | undefined;
  readonly backups?: Result<'GET /backups'> | undefined;
  readonly updates?: Result<'GET /marketplace/updates'>['updates'] | undefined;
  readonly approvals?: number | undefined;
  /** People and browsers that ask to be let in. */
  readonly strangers?: number | undefined;
  /** Milliseconds UTC. */
  readonly now: number;
}

export interface Alert {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly kind:
    | 'safeMode'
    | 'channel'
    | 'breaker'
    | 'account'
    | 'letters'
    | 'uncertain'
    | 'check'
    | 'budget'
    | 'noBackup'
    | 'oldBackup'
    | 'update'
    | 'approvals'
    | 'strangers';
  /** What it is about: a name, or how many. */
  readonly name: string;
  /** What else there is to know. */
  readonly detail?: string;
  /** The budget it is about. */
  readonly budget?: Result<'GET /budgets'>[number];
  /** Below /dashboard. */
  readonly page: string;
}

const HOUR_MS = 60 * 60_000;
/** A home without a plan for backups is told of one that is older than this. */
const OLD_MS = 7 * 24 * HOUR_MS;
/** The share of a budget from which on it is told. */
export const MOST_OF_BUDGET = 0.8;
/** From here on a meter is as bad as it gets. */
export const NEARLY_ALL = 0.999;

const RANK = { bad: 0, warn: 1, info: 2 } as const;

export function alertsOf(facts: Facts): readonly Alert[] {
  const found = [...ofStatus(facts), ...ofChecks(facts), ...ofBackups(facts), ...ofOthers(facts)];
  return found.toSorted((a, b) => RANK[a.tone] - RANK[b.tone]);
}

function ofStatus({ status }: Facts): Alert[] {
  if (status === undefined) return [];
  const { safe_mode: isSafe, channels = [], breakers = {}, accounts = [], queues } = status;
  const { failed = 0, uncertain = 0 } = queues?.outbox ?? {};
  return [
    ...(isSafe === true ? [{ tone: 'bad', kind: 'safeMode', name: '', page: 'logs' } as const] : []),
    ...channels
      .filter(({ state }) => state === 'failed')
      .map(({ name, detail }): Alert => ({
        tone: 'bad',
        kind: 'channel',
        name,
        detail: detail ?? '',
        page: 'channels',
      })),
    ...Object.entries(breakers)
      .filter(([, state]) => state !== 'closed')
      .map(([name]): Alert => ({ tone: 'warn', kind: 'breaker', name, page: 'accounts' })),
    ...accounts
      .filter(({ state }) => state === 'needs-login' || state === 'revoked')
      .map(({ account }): Alert => ({ tone: 'bad', kind: 'account', name: account, page: 'accounts' })),
    ...(failed > 0 ? [{ tone: 'warn', kind: 'letters', name: String(failed), page: 'conversations' } as const] : []),
    ...(uncertain > 0
      ? [{ tone: 'warn', kind: 'uncertain', name: String(uncertain), page: 'conversations' } as const]
      : []),
  ];
}

/** What the doctor says and something here says in its own words already. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['dead-letters', 'channels', 'accounts', 'backups']);

function ofChecks({ checks = [] }: Facts): Alert[] {
  return checks
    .filter(({ status, check }) => status !== 'ok' && !SAID_ELSEWHERE.has(check))
    .map(({ check, status, detail }) => ({
      tone: status === 'error' ? 'bad' : 'warn',
      kind: 'check',
      name: detail,
      detail: check,
      page: 'doctor',
    }));
}

function ofBackups({ backups, plan, now }: Facts): Alert[] {
  if (backups === undefined || plan === undefined) return [];
  const [newest] = backups;
  if (newest === undefined) return [{ tone: 'warn', kind: 'noBackup', name: '', page: 'backups' }];
  const limit = plan.every_hours === 0 ? OLD_MS : 2 * plan.every_hours * HOUR_MS;
  if (now - Date.parse(newest.created_at) <= limit) return [];
  return [{ tone: 'warn', kind: 'oldBackup', name: newest.created_at, page: 'backups' }];
}

function ofOthers({ budgets = [], updates = [], approvals = 0, strangers = 0 }: Facts): Alert[] {
  return [
    ...budgets
      .filter(({ used, amount }) => amount > 0 && used >= amount * MOST_OF_BUDGET)
      .map((budget): Alert => ({
        tone: budget.used >= budget.amount ? 'bad' : 'warn',
        kind: 'budget',
        name: `${budget.budget} ${budget.scope} ${budget.name}`,
        detail: `${Math.round((budget.used / budget.amount) * 100)} %`,
        budget,
        page: 'costs',
      })),
    ...updates
      .filter(({ status }) => status === 'available')
      .map(({ name, to }): Alert => ({ tone: 'info', kind: 'update', name, detail: to ?? '', page: 'tools' })),
    ...(approvals > 0
      ? [{ tone: 'info', kind: 'approvals', name: String(approvals), page: 'approvals' } as const]
      : []),
    ...(strangers > 0 ? [{ tone: 'info', kind: 'strangers', name: String(strangers), page: 'users' } as const] : []),
  ];
}
