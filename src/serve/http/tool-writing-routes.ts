/** Owns the writing of tools by way of the API, and what they did lately: begin one, try it behind the wall, hand it in as a draft, take it away. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { newId } from '../../core/kernel/ids.ts';
import type { ToolUse } from '../../core/store/journal-tables.ts';
import { versionJson } from '../../core/tools/registry/tool-json.ts';
import { isToolName, NAME_RULE } from '../../core/tools/registry/tool-name.ts';
import { MAX_SOURCE_BYTES } from '../../core/tools/source/read-source.ts';
import { toolTemplate } from '../../core/tools/tool-template.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const toolName = z.string().refine(isToolName, `is no name of a tool: ${NAME_RULE}`);
const nameParams = z.object({ name: z.string().regex(/^[\w.-]{1,64}$/, 'is no name of a tool') });
const sourceText = z.strictObject({
  source: z.string().min(1).max(MAX_SOURCE_BYTES),
  language: z.enum(['ts', 'js']).default('ts'),
});
const trial = z.object({ input: z.json(), status: z.string(), result: z.string() });

const DAY_MS = 86_400_000;
const USE_DAYS = 30;
/** Calls that are looked at: beyond that the sums are of the newest. */
const MOST_CALLS = 5000;
const MOST_SHOWN = 20;

export function toolWritingRoutes(deps: RouteDeps): readonly Route[] {
  return [templateRoute(), trialRoute(deps), draftRoute(deps), deleteRoute(deps), ...useRoutes(deps)];
}

function templateRoute(): Route {
  return route({
    method: 'GET',
    path: '/tool-template',
    action: 'tool.manage',
    summary: 'The beginning of a tool of that name; it works as it is',
    query: z.object({ name: toolName }),
    result: z.object({ source: z.string() }),
    handle: ({ query }) => ({ source: toolTemplate(query.name) }),
  });
}

function trialRoute({ app }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/tools/trial',
    action: 'tool.manage',
    summary: 'Load a source behind the wall with nothing granted, run its examples, and keep nothing',
    body: sourceText,
    result: z.object({
      name: z.string().nullable(),
      description: z.string().nullable(),
      verdict: z.enum(['passed', 'wants-more', 'failed']),
      reason: z.string().nullable(),
      permissions: z.looseObject({}).nullable(),
      findings: z.array(z.object({ rule: z.string(), line: z.number(), message: z.string() })),
      trials: z.array(trial),
    }),
    async handle({ body, signal }) {
      const { verdict, reason, description, findings, trials } = await (await app.tools()).examine(body, { signal });
      const { name = null, description: text = null, permissions = null } = description ?? {};
      return { name, description: text, verdict, reason, permissions, findings: [...findings], trials: [...trials] };
    },
  });
}

function draftRoute({ app }: RouteDeps): Route {
  return route({
    method: 'POST',
    path: '/tools',
    action: 'tool.manage',
    summary: 'Hand in a tool as a draft: it is tried, and waits for approval like any other',
    body: sourceText,
    result: z.object({ name: z.string(), version: z.string(), hash: z.string(), state: z.string() }),
    status: 201,
    async handle({ actor, body, signal }) {
      return versionJson(await (await app.tools()).draft(body, doerOf(actor), signal));
    },
  });
}

function deleteRoute({ app }: RouteDeps): Route {
  return route({
    method: 'DELETE',
    path: '/tools/:name',
    action: 'tool.manage',
    summary: 'Take away a tool that was written here, with its file; its versions are kept and do not run',
    params: nameParams,
    result: z.object({ name: z.string(), state: z.string() }),
    handle: async ({ actor, params }) => versionJson(await (await app.tools()).remove(params.name, doerOf(actor))),
  });
}

const sums = z.object({
  name: z.string(),
  calls: z.int(),
  failures: z.int(),
  mean_ms: z.int().nullable(),
  last_at: instant.nullable(),
});

function useRoutes({ app }: RouteDeps): readonly Route[] {
  const calls = async (role: string, id: string, name?: string): Promise<ToolUse[]> =>
    (await app.store()).journal.toolUse({
      name,
      sinceId: newId(app.clock.now() - USE_DAYS * DAY_MS).slice(0, 13),
      userId: role === 'admin' ? undefined : id,
      most: MOST_CALLS,
    });
  return [
    route({
      method: 'GET',
      path: '/tool-use',
      action: 'tool.read',
      summary:
        'What each tool did in the last 30 days, the newest 5,000 calls; your own calls, and of all for an admin',
      result: z.array(sums),
      async handle({ actor: { user } }) {
        const all = Map.groupBy(await calls(user.role, user.id), ({ name }) => name);
        return [...all].map(([name, rows]) => sumsOf(name, rows));
      },
    }),
    route({
      method: 'GET',
      path: '/tools/:name/use',
      action: 'tool.read',
      summary: 'What a tool did in the last 30 days, with its newest calls; your own, and of all for an admin',
      params: nameParams,
      result: sums.extend({
        latest: z.array(
          z.object({
            at: instant.nullable(),
            status: z.string().nullable(),
            ms: z.int().nullable(),
            conversation_id: z.string().nullable().describe('Of your own conversations alone'),
          }),
        ),
      }),
      async handle({ actor: { user }, params }) {
        const rows = await calls(user.role, user.id, params.name);
        const latest = rows.slice(0, MOST_SHOWN).map(({ started_at: at, status, ms, conversation_id, user_id }) => ({
          at: isoOrNull(at),
          status,
          ms,
          conversation_id: user_id === user.id ? conversation_id : null,
        }));
        return { ...sumsOf(params.name, rows), latest };
      },
    }),
  ];
}

/** `rows`: newest first. */
function sumsOf(name: string, rows: readonly ToolUse[]) {
  const times = rows.flatMap(({ ms }) => (ms === null ? [] : [ms]));
  return {
    name,
    calls: rows.length,
    failures: rows.filter(({ status }) => status !== 'ok').length,
    mean_ms: times.length === 0 ? null : Math.round(times.reduce((sum, ms) => sum + ms, 0) / times.length),
    last_at: isoOrNull(rows[0]?.started_at ?? null),
  };
}

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
