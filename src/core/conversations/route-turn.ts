/** Owns whether a turn asks the cheap model first: decides from the person's own words before the turn, and keeps the decision as a row with what came of it. */
import { prepareRoutes, routeRequest } from '../agent/route/route-request.ts';
import { turnAnswer } from '../agent/turn-answer.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Part } from '../kernel/messages.ts';
import { FAMILIES } from '../kernel/metric-families.ts';
import type { Meters } from '../kernel/meters.ts';
import type { InboundRow } from '../store/inbound-table.ts';
import type { RouteDecisionRow } from '../store/routes-schema.ts';
import type { Store, Tables } from '../store/store.ts';
import type { IncomingMessage } from './channel-messages.ts';
import type { Claim } from './claim-turn.ts';

interface RouterDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** The decision about one turn. */
export interface Routed {
  /** The cheap model is to be asked first. */
  readonly isLight: boolean;
  /** Hears why the main model has to take over. */
  readonly onEscalate: (why: string) => void;
  /** Writes what came of it; called in the transaction that closes the turn. */
  readonly close: (tables: Tables) => Promise<void>;
  /** Counts it. */
  readonly count: (meters: Meters) => void;
}

/** It holds only when the main model was asked then: the light answer may have been whole already. */
const PROCESS_ENDED = 'the process ended';

interface Choice {
  readonly main: string;
  readonly light: string;
}

/** Decides about a turn and writes it down. A turn that goes on after its process died is the main model's. */
export async function routeTurn(deps: RouterDeps, claim: Claim, choice: Choice): Promise<Routed | undefined> {
  if (!claim.resumed) return decided(deps, claim, await decide(deps, claim, choice), choice);
  const row = await deps.store.routes.ofTurn(claim.turnId);
  if (row === undefined) return undefined;
  const routed = decided(deps, claim, row, choice);
  if (row.tier === 'light' && row.escalated === 0) routed.onEscalate(PROCESS_ENDED);
  return { ...routed, isLight: false };
}

async function decide({ store, clock }: RouterDeps, claim: Claim, { main, light }: Choice): Promise<RouteDecisionRow> {
  const { conversationId, userId, turnId, startSeq } = claim;
  const inbound = await store.inbound.ofTurn(turnId);
  const now = clock.now();
  const pending = await store.approvals.list({ pendingAt: now, userId });
  const request = {
    text: inbound.map(ownWords).join('\n'),
    hasAttachments: inbound.some(hasAttachments),
    hasPendingApproval: pending.some((row) => row.conversation_id === conversationId),
    isAnswer: await asksSomething(store, conversationId, startSeq),
  };
  prepareRoutes();
  const started = clock.elapsed();
  const { tier, reason, score, parts } = routeRequest(request);
  const decisionUs = Math.round((clock.elapsed() - started) * 1000);
  const row: RouteDecisionRow = {
    turn_id: turnId,
    conversation_id: conversationId,
    user_id: userId,
    tier,
    reason,
    score,
    parts: JSON.stringify(parts),
    decision_us: decisionUs,
    decided_at: now,
    model: tier === 'light' ? light : main,
    input_tokens: null,
    output_tokens: null,
    cost_micro_usd: null,
    ms: null,
    escalated: 0,
    escalated_why: null,
  };
  await store.transaction(async ({ routes }) => {
    const last = reason === 'asked for more' ? await routes.last(conversationId) : undefined;
    if (last?.tier === 'light' && last.escalated === 0)
      await routes.update(last.turn_id, { escalated: 1, escalated_why: reason });
    await routes.insert(row);
  });
  return row;
}

function decided(
  { clock }: RouterDeps,
  { turnId }: Claim,
  { tier, decided_at: decidedAt }: Pick<RouteDecisionRow, 'tier' | 'decided_at'>,
  { main, light }: Choice,
): Routed {
  let why: string | undefined;
  const isLight = tier === 'light';
  return {
    isLight,
    onEscalate: (reason) => (why = reason),
    async close({ routes, journal }) {
      const calls = await journal.modelCalls(turnId);
      const sum = (name: 'input_tokens' | 'output_tokens'): number => calls.reduce((all, call) => all + call[name], 0);
      const isPriced = calls.every((call) => call.cost_micro_usd !== null || call.state !== 'done');
      const cost = calls.reduce((all, call) => all + (call.cost_micro_usd ?? 0), 0);
      if (why === PROCESS_ENDED && calls.every((call) => call.model === light)) why = undefined;
      const isAnswer = isLight && why === undefined;
      const model = isAnswer ? light : ((await journal.turn(turnId))?.model ?? main);
      await routes.update(turnId, {
        model,
        input_tokens: sum('input_tokens'),
        output_tokens: sum('output_tokens'),
        cost_micro_usd: isPriced ? cost : null,
        ms: clock.now() - decidedAt,
        ...(why === undefined ? {} : { escalated: 1 as const, escalated_why: why }),
      });
      if (isAnswer) await journal.updateTurn(turnId, { model });
    },
    count: (meters) => meters.add(FAMILIES.routes, { tier, escalated: why === undefined ? 'no' : 'yes' }),
  };
}

/** What the person wrote, without what a room or claw adds. The name that calls the assistant is left out. */
function ownWords(row: InboundRow): string {
  const { text } = JSON.parse(row.payload ?? '{}') as Partial<IncomingMessage>;
  const words = text ?? (JSON.parse(row.parts) as Part[]).map(wordsOf).join(' ');
  return words.trim().replace(/^@[\p{L}\p{N}_-]+[,:]?\s+/u, '');
}

const wordsOf = (part: Part): string =>
  part.type === 'text' && (part.provenance === 'user' || part.provenance === 'owner') ? part.text : '';

function hasAttachments(row: InboundRow): boolean {
  const { attachments = [] } = JSON.parse(row.payload ?? '{}') as Partial<IncomingMessage>;
  const parts = JSON.parse(row.parts) as Part[];
  return (
    attachments.length > 0 ||
    parts.some((part) => part.type === 'image' || (part.type === 'text' && part.provenance === 'file'))
  );
}

/** Whether the last answer ends with a question. */
async function asksSomething({ conversations }: Store, conversationId: string, startSeq: number): Promise<boolean> {
  const rows = await conversations.messages(conversationId, Math.max(1, startSeq - 4), undefined, 0);
  const last = rows.findLast((row) => row.role === 'assistant' && row.seq < startSeq);
  return last !== undefined && /[?？]\s*$/.test(turnAnswer([last], last.turn_id));
}
