/** Owns the tools of the API: looking, running one inside its walls, and what an admin decides about them. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { newId } from '../../core/kernel/ids.ts';
import type { JsonObject } from '../../core/kernel/messages.ts';
import {
  findToolInfo,
  toolInfoJson,
  listedToolJson,
  toolVersions,
  versionJson,
} from '../../core/tools/registry/tool-json.ts';
import { MAX_SOURCE_BYTES, readSource } from '../../core/tools/source/read-source.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { toolWritingRoutes } from './tool-writing-routes.ts';

const nameParams = z.object({ name: z.string().regex(/^[\w.-]{1,64}$/, 'is no name of a tool') });
const versionNumber = z.coerce.number().int().min(1);

const seenHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional()
  .describe('SHA-256 of the source that was looked at: refused when another waits by now');

const tool = z.object({
  name: z.string(),
  version: z.string(),
  origin: z.string(),
  state: z.string(),
  permissions: z.looseObject({}),
  reason: z.string().nullable(),
});

const finding = z.object({ rule: z.string(), line: z.number(), message: z.string() });

const decidedMembers = z.object({
  /** Who made it, and who decided on it; null where nobody did or they are gone. */
  created_by: z.string().nullish(),
  decided_by: z.string().nullish(),
  file: z.string(),
  failures: z.int(),
  findings: z.array(finding),
  trials: z.array(z.object({ input: z.json(), status: z.string(), result: z.string() })),
  /** Milliseconds UTC. */
  created_at: z.int(),
  decided_at: z.int().nullable(),
});

const storedVersion = tool.extend({ hash: z.string(), ...decidedMembers.shape });

export function toolRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), runRoute(deps), checkRoute(), ...manageRoutes(deps), ...toolWritingRoutes(deps)];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/tools',
      action: 'tool.read',
      summary: 'List the tools',
      result: z.array(tool.extend({ description: z.string().nullable() })),
      handle: async () => (await (await app.tools()).registry.entries()).map(listedToolJson),
    }),
    route({
      method: 'GET',
      path: '/tools/:name',
      action: 'tool.read',
      summary: 'A tool: what it does and may do, what was noticed in it, and its source',
      params: nameParams,
      query: z.object({ version: versionNumber.optional() }),
      result: tool.extend({
        description: z.string().nullable(),
        input_schema: z.looseObject({}).nullable(),
        hash: z.string(),
        source: z.string(),
        ...decidedMembers.partial().shape,
      }),
      handle: async ({ params, query }) => {
        const { admin } = await app.tools();
        const info = await findToolInfo(admin, params.name, query.version);
        return toolInfoJson(info);
      },
    }),
    route({
      method: 'GET',
      path: '/tools/:name/versions',
      action: 'tool.read',
      summary: 'The versions of a tool, newest first; none of one that ships with claw',
      params: nameParams,
      result: z.array(storedVersion),
      async handle({ params }) {
        const { admin } = await app.tools();
        const rows = await toolVersions(admin, params.name);
        return Promise.all(rows.map(async (row) => ({ ...versionJson(row), ...(await admin.people(row)) })));
      },
    }),
  ];
}

function runRoute({ app }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/tools/:name/run',
    action: 'tool.run',
    summary: 'Run a tool with an input, inside its walls; what needs approval is refused and asked for',
    params: nameParams,
    body: z.strictObject({
      input: z.looseObject({}).default({}),
      timeout_seconds: z.int().min(1).max(600).optional().describe('Absent: TOOL_TIMEOUT'),
    }),
    result: z.object({
      status: z.enum(['ok', 'error', 'refused', 'timeout']),
      output: z.unknown(),
      ms: z.number(),
      error: z.string().nullable(),
    }),
    handle: async ({ actor, params, body, signal }) => {
      const run = await (
        await app.tools()
      ).run(params.name, {
        callId: newId(app.clock.now()),
        userId: actor.user.id,
        conversationId: null,
        input: body.input as JsonObject,
        timeoutMs: 1000 * (body.timeout_seconds ?? app.settings.get('TOOL_TIMEOUT')),
        signal,
      });
      await (await app.secrets()).registerStored();
      const { mask, maskJson } = await app.masker();
      const error = run.error === undefined ? null : mask(run.error);
      return { status: run.status, output: maskJson(run.output), ms: run.ms, error };
    },
  });
}

function checkRoute(): Route {
  return route({
    method: 'POST',
    path: '/tools/check',
    action: 'tool.run',
    summary: 'Read the source of a tool without running it and say what stands out',
    body: z.strictObject({ source: z.string().max(MAX_SOURCE_BYTES), language: z.enum(['ts', 'js']).default('ts') }),
    result: z.object({ ok: z.boolean(), findings: z.array(finding) }),
    handle: async ({ body, signal }) => {
      const { findings } = await readSource(body, signal);
      return { ok: findings.length === 0, findings: [...findings] };
    },
  });
}

function manageRoutes({ app }: RouteDeps): readonly Route[] {
  const acts = [
    ['approve', 'Agree to what a tool wants, for exactly the bytes it has now'],
    ['reject', 'Refuse a tool that waits; its bytes stay refused'],
    ['rollback', 'Go back to an earlier version of a tool; its file is rewritten'],
    ['enable', 'Switch a tool on that was switched off, rejected or in quarantine'],
    ['disable', 'Switch a tool off; it stays off when its file changes'],
  ] as const;
  return acts.map(([act, summary]) =>
    route({
      method: 'POST',
      path: `/tools/:name/${act}`,
      action: 'tool.manage',
      summary,
      params: nameParams,
      body:
        act === 'enable' || act === 'disable'
          ? z.strictObject({})
          : z.strictObject({ version: z.int().min(1).optional(), ...(act === 'rollback' ? {} : { hash: seenHash }) }),
      result: storedVersion,
      handle: async ({ actor, params, body }) => {
        const { admin } = await app.tools();
        const { version, hash } = body as { readonly version?: number; readonly hash?: string };
        return versionJson(await admin[act](params.name, doerOf(actor), version, hash));
      },
    }),
  );
}
