/** Owns the wall of budgets: what a model call may need is reserved in the transaction that writes it down, and settled in the one that closes it, over all processes of a home. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { currentProcess, isProcessAlive } from '../kernel/process-identity.ts';
import { phrase, type Phrase } from '../kernel/language/phrase.ts';
import type { CallOwner } from '../store/budgets-table.ts';
import type { Store, Tables } from '../store/store.ts';
import { inUnit, type Limit, limitPhrase, type Use, usedPhrase } from './limit.ts';
import { localTime, periodAt } from './period.ts';
import { type Decision, decide, type Standing, type Wanted } from './reservation.ts';
import { subjectName } from './subject-name.ts';
import { createWaitingLine } from './waiting-line.ts';

export interface BudgetSettings {
  /** IANA zone in which days begin. */
  readonly zone: string;
  /** MAX_DAILY_CALLS and PER_USER_DAILY_CALLS; 0 is no limit. */
  readonly dailyCalls: number;
  readonly userDailyCalls: number;
}

/** A model call that wants to be made. */
export interface PlannedCall extends Wanted {
  readonly id: string;
  readonly owner: CallOwner;
  /** What the calls of one turn may be charged together, in micro-USD. */
  readonly run?: { readonly turnId: string; readonly amount: number };
}

export interface Reserved {
  readonly maxOutputTokens: number;
  readonly use: Use;
}

export interface Budgets {
  /** Reserves, and runs `write` in the same transaction. Throws `limit-reached` when what is really spent leaves nothing; waits for calls that run when only they stand in the way. */
  reserve(
    call: PlannedCall,
    write: (tables: Tables, reserved: Reserved) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Reserved>;
  /** Call in the transaction that closes the call. Returns what is to be told: budgets of which most is used now. */
  settle(tables: Tables, callId: string, use: Use): Promise<Phrase[]>;
  /** Counts the call of a process that died with all it had reserved: nobody knows what it used. */
  settleLost(tables: Tables, callId: string): Promise<void>;
  /** Tells those who wait that something was settled. */
  settled(): void;
}

const WARN_SHARE = 0.8;
/** How long a call waits for others to settle, in milliseconds. */
const MAX_WAIT_MS = 120_000;

export function createBudgets(deps: { store: Store; clock: Clock }, settings: BudgetSettings): Budgets {
  const line = createWaitingLine(deps.clock);
  return {
    async reserve(call, write, signal) {
      const place = line.join();
      const giveUpAt = deps.clock.elapsed() + MAX_WAIT_MS;
      const isOver = (): boolean => deps.clock.elapsed() >= giveUpAt;
      try {
        for (;;) {
          const isLast = isOver();
          const result = await attempt(deps, settings, { call, write, isLast, mayPass: place.mayPass });
          if ('use' in result) return result;
          if (result.kind === 'refused') throw await refusal(deps, settings, result.by);
          await freeDead(deps.store, result.on);
          await place.wait(result.on.limit.id, signal, isOver);
        }
      } finally {
        place.leave();
      }
    },
    async settle(tables, callId, use) {
      const holds = await tables.budgets.holdsOfCall(callId);
      const told: Phrase[] = [];
      for (const { budget_id: budgetId, starts_at: startsAt, amount, budget_amount, unit } of holds) {
        const key = { budgetId, startsAt };
        await tables.budgets.changePeriod(key, { spent: inUnit(unit, use), reserved: -amount });
        const period = await tables.budgets.period(key);
        if (period === undefined || period.warned_at !== null || period.spent < budget_amount * WARN_SHARE) continue;
        await tables.budgets.markWarned(key, deps.clock.now());
        const percent = Math.floor((period.spent / budget_amount) * 100);
        told.push(phrase('budgetMostlyUsed', percent, usedPhrase(unit, period.spent, budget_amount)));
      }
      if (holds.length > 0) await tables.budgets.removeHolds(callId);
      return told;
    },
    settleLost: (tables, callId) => keepHolds(tables, callId),
    settled: line.wake,
  };
}

interface Attempt {
  readonly call: PlannedCall;
  readonly write: (tables: Tables, reserved: Reserved) => Promise<void>;
  readonly isLast: boolean;
  /** Whether nobody waits for this limit who came before. */
  readonly mayPass: (limitId: string) => boolean;
}

type Failed = Exclude<Decision, { kind: 'granted' }>;

/** Decides, reserves and writes in one transaction, so that no other process can come between. */
async function attempt(
  { store, clock }: { store: Store; clock: Clock },
  settings: BudgetSettings,
  { call, write, isLast, mayPass }: Attempt,
): Promise<Reserved | Failed> {
  return store.transaction(async (tables) => {
    const now = clock.now();
    const standings: Standing[] = [];
    for (const limit of await limitsFor(tables, call.owner, settings)) {
      standings.push(await standingOf(tables, limit, periodAt(limit.period, now, settings.zone).startsAt));
    }
    const decision = decide([...standings, ...(await runStanding(tables, call))], call, isLast);
    const earlier = standings.find(({ limit }) => !mayPass(limit.id));
    if (decision.kind === 'refused') return decision;
    if (earlier !== undefined && !isLast) return { kind: 'busy', on: earlier };
    if (decision.kind === 'busy') return decision;
    const { maxOutputTokens } = decision;
    const reserved = { maxOutputTokens, use: call.atMost(maxOutputTokens) };
    for (const { limit, startsAt } of standings) {
      const amount = inUnit(limit.unit, reserved.use);
      const key = { budget_id: limit.id, starts_at: startsAt };
      await tables.budgets.changePeriod({ budgetId: limit.id, startsAt }, { spent: 0, reserved: amount });
      const { amount: budget_amount, unit } = limit;
      await tables.budgets.addHold({ ...key, call_id: call.id, amount, budget_amount, unit, runner: currentProcess() });
    }
    await write(tables, reserved);
    return reserved;
  });
}

const RUN = 'run ';

/** The budget of the turn itself. Its calls are made one after the other, so that the journal alone tells what is left. */
async function runStanding({ journal }: Tables, { run, owner }: PlannedCall): Promise<Standing[]> {
  if (run === undefined) return [];
  const { turnId, amount } = run;
  const spent = (await journal.modelCalls(turnId)).reduce((sum, call) => sum + call.charged_micro_usd, 0);
  const limit = { scope: 'task', subject: owner.taskId ?? '', unit: 'money', period: 'day', amount } as const;
  return [{ limit: { id: `${RUN}${turnId}`, ...limit }, startsAt: 0, spent, reserved: 0 }];
}

async function limitsFor(tables: Tables, owner: CallOwner, settings: BudgetSettings): Promise<Limit[]> {
  return [...(await tables.budgets.budgetsFor(owner)), ...callLimits(owner.userId, settings)];
}

/** The limits that the settings put on a user's calls. */
export function callLimits(userId: string, { dailyCalls, userDailyCalls }: BudgetSettings): Limit[] {
  const calls = { unit: 'calls', period: 'day' } as const;
  return [
    ...(dailyCalls === 0
      ? []
      : [{ id: 'MAX_DAILY_CALLS', scope: 'home' as const, subject: '', amount: dailyCalls, ...calls }]),
    ...(userDailyCalls === 0
      ? []
      : [
          {
            id: `PER_USER_DAILY_CALLS:${userId}`,
            scope: 'user' as const,
            subject: userId,
            amount: userDailyCalls,
            ...calls,
          },
        ]),
  ];
}

/** Reads the row of the period; the first call of a period, or after the budget was set, begins it with what the journal says. */
async function standingOf({ budgets }: Tables, limit: Limit, startsAt: number): Promise<Standing> {
  const known = await budgets.period({ budgetId: limit.id, startsAt });
  if (known !== undefined) return { limit, startsAt, spent: known.spent, reserved: known.reserved };
  const spent = await budgets.usedSince(limit, startsAt);
  await budgets.addPeriod({ budget_id: limit.id, starts_at: startsAt, spent, reserved: 0, warned_at: null });
  return { limit, startsAt, spent, reserved: 0 };
}

/** Counts what calls of processes that died had reserved as spent. */
async function freeDead(store: Store, { limit, startsAt }: Standing): Promise<void> {
  const held = await store.budgets.holdsOnBudget({ budgetId: limit.id, startsAt });
  const dead = held.filter(({ runner }) => !isProcessAlive(runner));
  for (const { call_id } of dead) await store.transaction((tables) => keepHolds(tables, call_id));
}

async function keepHolds({ budgets }: Tables, callId: string): Promise<void> {
  for (const { budget_id: budgetId, starts_at: startsAt, amount } of await budgets.holdsOfCall(callId)) {
    await budgets.changePeriod({ budgetId, startsAt }, { spent: amount, reserved: -amount });
  }
  await budgets.removeHolds(callId);
}

async function refusal(
  { store, clock }: { store: Store; clock: Clock },
  { zone }: BudgetSettings,
  { limit, spent, reserved }: Standing,
): Promise<ClawError> {
  if (limit.id.startsWith(RUN)) {
    const text = phrase('runBudgetUsedUp', usedPhrase('money', spent, limit.amount));
    return new ClawError('limit-reached', text, { hint: phrase('raiseRunBudget') });
  }
  const { endsAt } = periodAt(limit.period, clock.now(), zone);
  const name = limitPhrase(limit, await subjectName(store, limit));
  const used = usedPhrase(limit.unit, spent, limit.amount);
  return new ClawError(
    'limit-reached',
    phrase('budgetUsedUp', name, used, reserved === 0 ? 0 : 1, localTime(endsAt, zone)),
    { hint: phrase('waitOrRaiseBudget') },
  );
}
