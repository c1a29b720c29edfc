/** Owns requests for approval and grants of the API: everybody sees what was asked for them, an admin all of it, and an admin answers. */
import { z } from 'zod';
import { type Actor, doerOf } from '../../core/access/actor.ts';
import { approvalJson, grantJson } from '../../core/conversations/approval-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { idParams } from './wire-schemas.ts';

const scope = z.enum(['once', 'conversation', 'pattern', 'always']);

const approval = z.object({
  id: z.string(),
  kind: z.string(),
  act: z.string(),
  reason: z.string(),
  state: z.string(),
  scope: scope.nullable(),
  conversation_id: z.string().nullable(),
  /** Instants are milliseconds UTC. */
  created_at: z.int(),
  expires_at: z.int(),
  decided_at: z.int().nullable(),
  used_at: z.int().nullable(),
  user: z.string().nullable().describe('Whoever it was asked for'),
  decided_by: z.string().nullable(),
});

const grant = z.object({
  id: z.string(),
  kind: z.string(),
  act: z.string(),
  scope,
  conversation_id: z.string().nullable(),
  expires_at: z.int().nullable(),
  created_at: z.int(),
  user: z.string().nullable().describe('Whom it is for'),
  granted_by: z.string().nullable(),
  uses: z.int(),
  last_used_at: z.int().nullable(),
});

const listQuery = z.object({
  all: z.stringbool().default(false).describe('Also those that were answered or have lapsed'),
  state: z.enum(['pending', 'approved', 'denied', 'used', 'cancelled', 'expired']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(200),
  before: idParams.shape.id.optional().describe('Only those after the one with this id in the list'),
});

const HOUR_MS = 3_600_000;

export function approvalRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...decideRoutes(deps), ...grantRoutes(deps)];
}

/** Whose requests the actor sees: undefined for those of everybody. */
function ownerOf({ user }: Actor): string | undefined {
  return user.role === 'admin' ? undefined : user.id;
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/approvals',
      action: 'approval.read',
      summary: 'The acts that wait for a yes or no: yours, or those of all for an admin',
      query: listQuery,
      result: z.array(approval),
      handle: async ({ actor, query }) => {
        const rows = await (await app.approvals()).list({ ...query, userId: ownerOf(actor) });
        return rows.map((row) => approvalJson(row, app.clock.now()));
      },
    }),
    route({
      method: 'GET',
      path: '/approvals/:id',
      action: 'approval.read',
      summary: 'All there is to see before deciding on an act',
      params: idParams,
      result: approval.extend({ detail: z.string() }),
      handle: async ({ actor, params }) => {
        const row = await (await app.approvals()).find(params.id, ownerOf(actor));
        return { ...approvalJson(row, app.clock.now()), detail: row.detail };
      },
    }),
  ];
}

function decideRoutes({ app }: RouteDeps): readonly Route[] {
  /** What is not the actor's to see is not there for them; whether they may answer it is the service's to say. */
  const decide = async (
    actor: Actor,
    id: string,
    decision: Pick<Parameters<Decide>[1], 'isApproved' | 'scope' | 'forMs'>,
  ) => {
    const approvals = await app.approvals();
    const { id: whole } = await approvals.find(id, ownerOf(actor));
    const { id: by, via, from } = doerOf(actor);
    const proof = { by, ...(via === undefined ? {} : { via }), ...(from === undefined ? {} : { from }) };
    return approvalJson(await approvals.decide(whole, { ...decision, ...proof }), app.clock.now());
  };
  return [
    route({
      method: 'POST',
      path: '/approvals/:id/approve',
      action: 'approval.decide',
      summary: 'Agree to an act, for once or for longer',
      params: idParams,
      body: z.strictObject({
        scope: scope.default('once'),
        hours: z.int().min(1).max(720).default(8).describe('Hours that the scope pattern lasts'),
      }),
      result: approval,
      handle: ({ actor, params, body }) =>
        decide(actor, params.id, { isApproved: true, scope: body.scope, forMs: body.hours * HOUR_MS }),
    }),
    route({
      method: 'POST',
      path: '/approvals/:id/deny',
      action: 'approval.decide',
      summary: 'Refuse an act',
      params: idParams,
      result: approval,
      handle: ({ actor, params }) => decide(actor, params.id, { isApproved: false, scope: 'once' }),
    }),
  ];
}

type Decide = Awaited<ReturnType<RouteDeps['app']['approvals']>>['decide'];

function grantRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/grants',
      action: 'approval.read',
      summary: 'What was allowed for longer than once',
      result: z.array(grant),
      handle: async ({ actor }) => (await (await app.approvals()).grants(ownerOf(actor))).map(grantJson),
    }),
    route({
      method: 'DELETE',
      path: '/grants/:id',
      action: 'approval.decide',
      summary: 'Take a standing grant back; the next such act is asked for again',
      params: idParams,
      result: grant.extend({ revoked: z.boolean() }),
      handle: async ({ actor, params }) => ({
        ...grantJson(await (await app.approvals()).revoke(params.id, doerOf(actor))),
        revoked: true,
      }),
    }),
  ];
}
