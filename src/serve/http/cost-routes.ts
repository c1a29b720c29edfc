/** Owns the money of the API: what was spent, and budgets. Everybody sees their own, an admin sees and sets all. */
import { z } from 'zod';
import { budgetJson } from '../../core/spending/budget-json.ts';
import type { BudgetView } from '../../core/spending/budget-service.ts';
import { COST_GROUPS, type CostLine, type CostReport } from '../../core/spending/cost-service.ts';
import { costJson } from '../../core/spending/cost-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const costs = z.looseObject({
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cached_tokens: z.int(),
  cache_write_tokens: z.int(),
  cost_usd: z.number(),
  unpriced_calls: z.int(),
  estimated_calls: z.int(),
});

const budget = z.object({
  scope: z.enum(['home', 'user', 'room', 'task', 'tool']),
  name: z.string(),
  budget: z.string().describe('As it is written: 5/day, 100000tokens/month'),
  unit: z.enum(['usd', 'tokens', 'calls']),
  period: z.enum(['day', 'month']),
  amount: z.number(),
  used: z.number(),
  reserved: z.number().describe('Held for calls that run'),
  renews_at: instant,
  subject: z.string().describe('Id of the user, folder of the room, id of the task, name of the tool'),
  setting: z.string().nullable().describe('The setting that this limit comes from; null for a budget'),
});

const target = {
  scope: budget.shape.scope.default('home'),
  name: z
    .string()
    .max(200)
    .default('')
    .describe('Name of the user, folder of the room, id of the task, name of the tool'),
};
const day = z.iso.date().optional();

export function costRoutes(deps: RouteDeps): readonly Route[] {
  return [readCosts(deps), ...compareCosts(deps), ...readBudgets(deps), ...changeBudgets(deps)];
}

const spanQuery = z.object({
  days: z.coerce.number().int().min(1).max(3650).default(30),
  from: day,
  to: day,
  user: z.string().max(200).optional(),
});

const span = z.object({ first_day: z.string(), last_day: z.string(), total: costs });

function readCosts({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/costs',
    action: 'cost.read',
    summary: 'Tokens and money spent on models; for who is no admin their own',
    query: spanQuery.extend({
      by: z.enum(COST_GROUPS).default('day').describe('The member of each row that says what it is about'),
    }),
    result: z.array(costs),
    handle: async ({ actor, query }) => {
      const { lines } = await (await app.costs()).report(actor, query);
      return lines.map((line: CostLine) => costJson(query.by, line));
    },
  });
}

function compareCosts({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/costs/daily',
      action: 'cost.read',
      summary: 'Tokens and money spent on models of each day, split by model, user and so on',
      query: spanQuery.extend({ by: z.enum(COST_GROUPS).exclude(['day']).default('model') }),
      result: z.array(costs.extend({ day: z.string() })),
      handle: async ({ actor, query }) => {
        const lines = await (await app.costs()).daily(actor, query);
        return lines.map(({ day: at, ...line }) => ({ ...costJson(query.by, line), day: at }));
      },
    }),
    route({
      method: 'GET',
      path: '/costs/total',
      action: 'cost.read',
      summary: 'What was spent on models in all, and in as many days before',
      query: spanQuery,
      result: z.object({ zone: z.string(), now: span, before: span }),
      handle: async ({ actor, query }) => {
        const { now, before } = await (await app.costs()).compare(actor, query);
        return { zone: now.zone, now: spanJson(now), before: spanJson(before) };
      },
    }),
  ];
}

function spanJson({ firstDay, lastDay, total }: CostReport): z.input<typeof span> {
  return { first_day: firstDay, last_day: lastDay, total: costJson('key', total) };
}

function readBudgets({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/budgets',
      action: 'cost.read',
      summary: 'Your budgets, or with all=true those of everybody, and what is used of them',
      query: z.object({ all: z.stringbool().default(false) }),
      result: z.array(budget),
      handle: async ({ actor, query }) => {
        const budgets = await app.budgets();
        return rows(query.all ? await budgets.list(actor) : await budgets.own(actor));
      },
    }),
  ];
}

function changeBudgets({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/budgets',
      action: 'budget.manage',
      summary: 'Set budgets of a user, room, task or tool, or of the home; answers all of that one',
      body: z.strictObject({ ...target, budgets: z.array(z.string().max(100)).min(1).max(20) }),
      result: z.array(budget),
      handle: async ({ actor, body: { budgets: texts, ...whose } }) =>
        rows(await (await app.budgets()).set(actor, whose, texts)),
    }),
    route({
      method: 'DELETE',
      path: '/budgets',
      action: 'budget.manage',
      summary: 'Take all budgets of a user, room, task or tool, or of the home away',
      query: z.object(target),
      result: z.array(budget),
      handle: async ({ actor, query }) => rows(await (await app.budgets()).set(actor, query, ['none'])),
    }),
  ];
}

function rows(views: readonly BudgetView[]): z.input<typeof budget>[] {
  return views.map(budgetJson);
}
