/** Owns requests for approval: durable, bound to one exact act, answered once, used once, and lapsing by themselves. Nothing is run from here: an approval is found when the same act is asked for again. */
import { createHash } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import type { JsonValue } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { makeLinesVisible, makeVisible } from '../sandbox/exec/show-act.ts';
import {
  type ApprovalFilter,
  type ApprovalRow,
  GRANT_USED,
  type GrantRow,
  type ShownApproval,
  type ShownGrant,
} from '../store/approvals-table.ts';
import { type Doer, doneBy } from '../store/audit-table.ts';
import type { ApprovalScope } from '../store/schema.ts';
import type { Store, Tables } from '../store/store.ts';
import type { ApprovalAnswer, ApprovalCaller, ApprovalGate, ApprovalQuestion } from '../tools/tool-port.ts';

export interface Decision {
  readonly isApproved: boolean;
  readonly scope: ApprovalScope;
  /** For scope `pattern`: how long, in milliseconds. */
  readonly forMs?: number;
  /** Id of the user who decides. */
  readonly by: string;
  /** How they proved who they are, and from where they speak, for the audit trail; the terminal when absent. */
  readonly via?: string;
  readonly from?: string;
}

export interface ApprovalService extends ApprovalGate {
  /** Newest first; only those that can still be answered unless `all`. */
  list(options: ApprovalList): Promise<ShownApproval[]>;
  /** By its id or the beginning of it; with `userId` only what was asked for that user. Throws `not-found`. */
  find(id: string, userId?: string): Promise<ShownApproval>;
  /** Throws `conflict` when it was answered before or has lapsed, `permission-denied` when `by` may not. */
  decide(id: string, decision: Decision): Promise<ShownApproval>;
  grants(userId?: string): Promise<ShownGrant[]>;
  revoke(id: string, by: Doer): Promise<ShownGrant>;
}

export interface ApprovalList extends Pick<ApprovalFilter, 'userId' | 'before' | 'limit'> {
  /** Also those that were answered or have lapsed. */
  readonly all: boolean;
  /** Only those in that state. */
  readonly state?: NonNullable<ApprovalFilter['view']>['state'] | undefined;
}

export interface ApprovalDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** How long a request can be answered, and an approval used, in milliseconds. */
  readonly expiryMs: number;
}

/** How often a waiting call looks for an answer, which may come from another process, in milliseconds. */
const POLL_MS = 150;

export function createApprovalService(deps: ApprovalDeps): ApprovalService {
  const find = async (id: string, userId?: string): Promise<ShownApproval> =>
    only(await deps.store.approvals.findByPrefix(id, userId), id, 'request for approval', 'claw approval list');
  return {
    ask: (question, caller) => ask(deps, question, caller),
    list: ({ all, state, ...filter }) => {
      const now = deps.clock.now();
      const view = state === undefined ? undefined : { state, now };
      return deps.store.approvals.list({ ...filter, view, pendingAt: all || view !== undefined ? undefined : now });
    },
    find,
    async decide(id, decision) {
      // Before anything is looked up: who may not decide learns nothing of what is there.
      await requireAdmin(deps.store, decision.by);
      const row = await find(id);
      await decide(deps, row, decision);
      return find(row.id);
    },
    grants: (userId) => deps.store.approvals.grants(deps.clock.now(), userId),
    async revoke(id, by) {
      await requireAdmin(deps.store, by.id);
      const grant = only(await deps.store.approvals.grantsByPrefix(id), id, 'grant', 'claw approval grants');
      const at = deps.clock.now();
      const isRevoked = await deps.store.transaction(async ({ approvals, audit }) => {
        if (!(await approvals.revoke(grant.id, by.id, at))) return false;
        // The yes that made the grant goes with it.
        await approvals.use(grant.approval_id, at);
        const detail = { scope: grant.scope, act: grant.act };
        await audit.append({ at, by: doneBy(by), action: 'grant.revoke', target: grant.id, detail });
        return true;
      });
      if (isRevoked) return grant;
      throw new ClawError('conflict', 'This grant was revoked before.', { hint: 'claw approval grants' });
    },
  };
}

async function ask(deps: ApprovalDeps, question: ApprovalQuestion, caller: ApprovalCaller): Promise<ApprovalAnswer> {
  const { approvals } = deps.store;
  const { userId, conversationId } = caller;
  const act = { actHash: hashOf(question), pattern: question.pattern, userId, conversationId };
  const now = deps.clock.now();
  const grant = await approvals.grantFor(act, now);
  if (grant !== undefined) {
    await recordUse(deps, grant, caller);
    return { isAllowed: true, reason: `granted before (${grant.scope})`, approvalId: null };
  }
  const approved = await approvals.approvedFor(act, now);
  if (approved !== undefined && (await use(deps, approved))) {
    return { isAllowed: true, reason: 'approved', approvalId: approved.id };
  }
  const pending = (await approvals.pendingFor(act, now)) ?? (await request(deps, question, caller, act.actHash));
  if (caller.onApproval === undefined) return unasked(pending);
  const { id: approvalId, expires_at: expiresAt, reason } = pending;
  caller.onApproval({
    type: 'approval-request',
    approvalId,
    callId: caller.callId,
    act: pending.act,
    reason,
    expiresAt,
  });
  return wait(deps, pending, caller.signal);
}

async function request(
  deps: ApprovalDeps,
  question: ApprovalQuestion,
  caller: ApprovalCaller,
  actHash: string,
): Promise<ApprovalRow> {
  const now = deps.clock.now();
  const row: ApprovalRow = {
    id: newId(now),
    kind: question.kind,
    act: makeVisible(question.act),
    act_hash: actHash,
    pattern: question.pattern,
    reason: makeVisible(question.reason),
    detail: makeLinesVisible(question.detail),
    state: 'pending',
    user_id: caller.userId,
    conversation_id: caller.conversationId,
    call_id: caller.callId,
    created_at: now,
    expires_at: now + deps.expiryMs,
    decided_by: null,
    decided_at: null,
    scope: null,
    used_at: null,
  };
  await deps.store.transaction(async ({ approvals, webhooks }) => {
    await approvals.insert(row);
    const data = { approval_id: row.id, kind: row.kind, act: row.act, reason: row.reason, expires_at: row.expires_at };
    await webhooks.queue(row.user_id, 'approval.requested', data, now);
  });
  return row;
}

/** Waits until someone answers, the time is over, or the turn is stopped. */
async function wait(deps: ApprovalDeps, pending: ApprovalRow, signal: AbortSignal): Promise<ApprovalAnswer> {
  const { approvals } = deps.store;
  for (;;) {
    const row = (await approvals.find(pending.id)) ?? pending;
    const now = deps.clock.now();
    if (row.state === 'denied') return refused(row, 'It was denied.');
    if (row.state === 'approved') {
      const isMine = await use(deps, row);
      return isMine
        ? { isAllowed: true, reason: 'approved', approvalId: row.id }
        : refused(row, 'The approval was used by another call.');
    }
    if (row.state !== 'pending') return refused(row, `The request is ${row.state}.`);
    if (row.expires_at <= now) {
      await lapse(deps, row);
      return refused(row, 'Nobody answered in time.');
    }
    try {
      await deps.clock.sleep(POLL_MS, signal);
    } catch {
      await deps.store.transaction(async (tables) => {
        const to = { state: 'cancelled', by: null, scope: null, expiresAt: now } as const;
        if (await tables.approvals.decide(row.id, to, now)) await record(tables, row, 'approval.cancel', now);
      });
      return refused(row, 'The turn was stopped while it waited for approval.');
    }
  }
}

/** Takes the approval for this one act; false when another call was first. */
function use({ store, clock }: ApprovalDeps, row: ApprovalRow): Promise<boolean> {
  const now = clock.now();
  return store.transaction(async (tables) => {
    if (!(await tables.approvals.use(row.id, now))) return false;
    await record(tables, row, 'approval.use', now);
    return true;
  });
}

/** Several calls may wait for the same answer: the trail says once that none came. */
async function lapse({ store, clock }: ApprovalDeps, row: ApprovalRow): Promise<void> {
  await store.transaction(async (tables) => {
    if (!(await tables.audit.has('approval.expire', row.id))) await record(tables, row, 'approval.expire', clock.now());
  });
}

/** What became of a request, in the name of whoever it was made for. */
async function record({ audit }: Tables, row: ApprovalRow, action: string, at: number): Promise<void> {
  const by = { user: { id: row.user_id }, via: 'turn', from: row.conversation_id ?? 'turn' };
  await audit.append({ at, by, action, target: row.id, detail: { kind: row.kind, act: row.act } });
}

/** What a standing grant let through, so that it is known how often it was needed. */
async function recordUse({ store, clock }: ApprovalDeps, grant: GrantRow, caller: ApprovalCaller): Promise<void> {
  const by = { user: { id: caller.userId }, via: 'turn', from: caller.conversationId ?? 'turn' };
  const detail = { kind: grant.kind, act: grant.act, scope: grant.scope };
  await store.audit.append({ at: clock.now(), by, action: GRANT_USED, target: grant.id, detail });
}

async function decide(deps: ApprovalDeps, row: ApprovalRow, decision: Decision): Promise<void> {
  const now = deps.clock.now();
  if (decision.scope === 'conversation' && row.conversation_id === null) {
    throw new ClawError('usage-invalid', 'This act belongs to no conversation.', {
      hint: 'Use the scope once, pattern or always.',
    });
  }
  const isSettled = await deps.store.transaction(async (tables) => {
    const state = decision.isApproved ? 'approved' : 'denied';
    const to = { state, by: decision.by, scope: decision.scope, expiresAt: now + deps.expiryMs } as const;
    if (!(await tables.approvals.decide(row.id, to, now))) return false;
    if (decision.isApproved && decision.scope !== 'once') await grant(tables, row, decision, now);
    const action = decision.isApproved ? 'approval.approve' : 'approval.deny';
    const by = doneBy({ ...decision, id: decision.by });
    const detail = { kind: row.kind, act: row.act, scope: decision.scope };
    await tables.audit.append({ at: now, by, action, target: row.id, detail });
    return true;
  });
  if (isSettled) return;
  const { state, expires_at } = (await deps.store.approvals.find(row.id)) ?? row;
  const why = state === 'pending' && expires_at <= now ? 'has lapsed' : `is ${state} already`;
  throw new ClawError('conflict', `The request ${why}.`, { hint: 'claw approval list' });
}

async function grant(tables: Tables, row: ApprovalRow, decision: Decision, now: number): Promise<void> {
  const { scope, by, forMs } = decision;
  if (scope === 'once') return;
  await tables.approvals.insertGrant({
    id: newId(now),
    approval_id: row.id,
    kind: row.kind,
    act: scope === 'pattern' ? makeVisible(row.pattern) : row.act,
    scope,
    act_hash: scope === 'pattern' ? null : row.act_hash,
    pattern: scope === 'pattern' ? row.pattern : null,
    user_id: row.user_id,
    conversation_id: scope === 'conversation' ? row.conversation_id : null,
    expires_at: scope === 'pattern' ? now + (forMs ?? DEFAULT_PATTERN_MS) : null,
    created_by: by,
    created_at: now,
    revoked_by: null,
    revoked_at: null,
  });
}

const DEFAULT_PATTERN_MS = 8 * 3_600_000;

/** Whoever asked may be repeating what a stranger's text told the model; only an admin's yes counts. */
async function requireAdmin(store: Store, userId: string): Promise<void> {
  const user = await store.users.byId(userId);
  if (user?.state === 'active' && user.role === 'admin') return;
  throw new ClawError('permission-denied', phrase('onlyAdminAnswers'), {
    hint: phrase('askAdmin'),
  });
}

function unasked(row: ApprovalRow): ApprovalAnswer {
  const short = row.id;
  return {
    isAllowed: false,
    approvalId: row.id,
    reason: `It needs approval (${row.reason}), and nobody can be asked here. To agree: claw approval approve ${short} and try again.`,
  };
}

function refused(row: ApprovalRow, reason: string): ApprovalAnswer {
  return { isAllowed: false, approvalId: row.id, reason };
}

function hashOf({ kind, exact }: ApprovalQuestion): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, sorted(exact)]))
    .digest('hex');
}

/** The same value with its keys in one order. */
function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => [key, sorted(entry)]),
  );
}

function only<T>(rows: readonly T[], id: string, what: string, hint: string): T {
  const [first, second] = rows;
  if (first === undefined || id === '')
    throw new ClawError('not-found', `There is no ${what} ${JSON.stringify(id)}.`, { hint });
  if (second !== undefined)
    throw new ClawError('usage-invalid', `${JSON.stringify(id)} begins several ids; write more of it.`, { hint });
  return first;
}
