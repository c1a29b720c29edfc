/** Owns the scheduled tasks of the API: each caller's own, and for an admin those of all. */
import { z } from 'zod';
import type { App } from '../../core/create-app.ts';
import { type Actor, doerOf } from '../../core/access/actor.ts';
import type { TaskActor } from '../../core/tasks/task-actor.ts';
import type { TaskService } from '../../core/tasks/task-service.ts';
import { runJson, taskJson } from '../../core/tasks/task-json.ts';
import { readSchedule, SCHEDULE_TYPES } from '../../core/tasks/schedule.ts';
import { upcoming } from '../../core/tasks/upcoming.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const ownId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is no id');
/** For an admin also `USER/ID`, with the slash encoded. */
const taskId = z.object({ id: z.string().min(1).max(200) });

const when = {
  schedule_type: z.enum(SCHEDULE_TYPES),
  schedule_value: z.string().max(200).describe('A cron expression, an interval such as 90m, or a date and time'),
  tz: z.string().max(100).optional().describe('IANA zone; that of the home when left out'),
};
const misfire = z.enum(['skip', 'once', 'all']);
const context = z.enum(['group', 'isolated']);

const changes = {
  prompt: z.string().max(20_000).optional(),
  misfire: misfire.optional(),
  max_lateness: z.string().max(40).optional().describe('90m, or milliseconds'),
  context: context.optional(),
  budget_usd: z.number().optional().describe('Most that one run may cost'),
};

const newTask = z.object({
  ...when,
  ...changes,
  id: ownId.optional(),
  group: z.string().max(100).optional().describe('Chat that gets the answers'),
  tool: z.string().max(100).optional(),
  tool_input: z.record(z.string(), z.json()).optional(),
  gate: z.string().max(100).optional(),
  allow_past: z.boolean().default(false),
  allow_gap: z.boolean().default(false),
});

const changedTask = z.object({ ...z.object(when).partial().shape, ...changes });

const task = z.object({
  id: z.string().describe('Unique among the tasks of its owner'),
  uid: z.string().describe('Unique in the home'),
  owner_id: z.string(),
  group: z.string().nullable(),
  prompt: z.string().nullable(),
  tool: z.string().nullable(),
  tool_input: z.json(),
  gate: z.string().nullable(),
  schedule_type: z.enum(SCHEDULE_TYPES),
  schedule_value: z.string(),
  tz: z.string(),
  misfire,
  max_lateness_ms: z.number().nullable(),
  context,
  budget_usd: z.number().nullable(),
  state: z.enum(['active', 'paused', 'disabled', 'done', 'cancelled']),
  reason: z.string().nullable(),
  next_at: instant.nullable(),
  failures: z.int(),
  backoff_until: instant.nullable(),
  created_at: instant,
  updated_at: instant,
});

const run = z.object({
  id: z.string(),
  due_at: instant,
  manual: z.boolean(),
  instants: z.int(),
  last_due_at: instant,
  state: z.enum(['running', 'ran', 'skipped', 'missed', 'failed']),
  reason: z.string().nullable(),
  conversation_id: z.string().nullable(),
  turn_id: z.string().nullable(),
  output: z.string().nullable(),
  claimed_at: instant,
  ended_at: instant.nullable(),
});

export function taskRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...lookRoutes(deps), ...changeRoutes(deps), ...actRoutes(deps)];
}

const by = (actor: Actor): TaskActor => ({
  user: doerOf(actor),
  chatId: null,
  isAll: actor.user.role === 'admin',
});
const serviceOf = async (app: App): Promise<TaskService> => (await app.tasks()).service;
const zoneOf = (app: App, given: string | undefined): string =>
  given ?? app.settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks',
      action: 'task.read',
      summary: 'Your tasks; with all=true also those that are over',
      query: z.object({ all: z.stringbool().default(false) }),
      result: z.array(task),
      handle: async ({ actor, query }) => (await (await serviceOf(app)).list(by(actor), query.all)).map(taskJson),
    }),
    route({
      method: 'GET',
      path: '/tasks/:id',
      action: 'task.read',
      summary: 'A task',
      params: taskId,
      result: task,
      handle: async ({ actor, params }) => taskJson(await (await serviceOf(app)).find(by(actor), params.id)),
    }),
    route({
      method: 'GET',
      path: '/tasks/:id/history',
      action: 'task.read',
      summary: 'What became of each due instant, newest first',
      params: taskId,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
      result: z.array(run),
      handle: async ({ actor, params, query }) =>
        (await (await serviceOf(app)).history(by(actor), params.id, query.limit)).map(runJson),
    }),
  ];
}

function lookRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks/:id/explain',
      action: 'task.read',
      summary: 'Why it ran or did not, now or at an instant',
      params: taskId,
      query: z.object({ at: z.iso.datetime({ offset: true }).optional() }),
      result: z.object({ id: z.string(), state: z.string(), explanation: z.string(), run: run.nullable() }),
      handle: async ({ actor, params, query }) => {
        const at = query.at === undefined ? undefined : Date.parse(query.at);
        const found = await (await serviceOf(app)).explain(by(actor), params.id, at);
        const { name: id, state } = found.task;
        return { id, state, explanation: found.text, run: found.run === undefined ? null : runJson(found.run) };
      },
    }),
    route({
      method: 'GET',
      path: '/task-preview',
      action: 'task.read',
      summary: 'When a schedule would be due, without making a task of it',
      query: z.object({
        ...when,
        from: z.iso.datetime({ offset: true }).optional(),
        count: z.coerce.number().int().min(1).max(1000).default(5),
      }),
      result: z.array(instant),
      handle: ({ query }) => {
        const { schedule_type: type, schedule_value: value, tz, from, count } = query;
        const anchor = from === undefined ? app.clock.now() : Date.parse(from);
        const schedule = readSchedule({ type, value, zone: zoneOf(app, tz), anchor });
        return upcoming(schedule, anchor, count).map((at) => new Date(at).toISOString());
      },
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/tasks',
      action: 'task.change',
      summary: 'Make a task; it does not run before it is due',
      body: newTask,
      result: task,
      status: 201,
      handle: async ({ actor, body }) => {
        const { id, group: chatId, tool, tool_input: toolInput, gate, allow_past, allow_gap, tz } = body;
        const { schedule_type: type, schedule_value: value } = body;
        const input = {
          ...changeOf(body),
          ...(id && { id }),
          ...(chatId !== undefined && { chatId }),
          ...(tool !== undefined && { tool }),
          ...(toolInput && { toolInput }),
          ...(gate !== undefined && { gate }),
          type,
          value,
          zone: zoneOf(app, tz),
          allowsPast: allow_past,
          allowsGap: allow_gap,
        };
        return taskJson(await (await serviceOf(app)).create(by(actor), input));
      },
    }),
    route({
      method: 'PATCH',
      path: '/tasks/:id',
      action: 'task.change',
      summary: 'Change what a task does or when',
      params: taskId,
      body: changedTask,
      result: task,
      handle: async ({ actor, params, body }) => {
        const { schedule_type: type, schedule_value: value, tz: zone } = body;
        const at = {
          ...(type && { type }),
          ...(value !== undefined && { value }),
          ...(zone !== undefined && { zone }),
        };
        return taskJson(await (await serviceOf(app)).update(by(actor), params.id, { ...changeOf(body), ...at }));
      },
    }),
  ];
}

function changeOf({ prompt, misfire: policy, max_lateness, context: kind, budget_usd }: z.output<typeof changedTask>) {
  return {
    ...(prompt !== undefined && { prompt }),
    ...(policy && { misfire: policy }),
    ...(max_lateness !== undefined && { maxLateness: max_lateness }),
    ...(kind && { context: kind }),
    ...(budget_usd !== undefined && { budgetUsd: budget_usd }),
  };
}

function actRoutes({ app }: RouteDeps): readonly Route[] {
  const act = (verb: 'pause' | 'cancel', summary: string): Route =>
    route({
      method: 'POST',
      path: `/tasks/:id/${verb}`,
      action: 'task.change',
      summary,
      params: taskId,
      result: task,
      handle: async ({ actor, params }) => taskJson(await (await serviceOf(app))[verb](by(actor), params.id)),
    });
  return [
    act('pause', 'Pause a task: what is due meanwhile does not run'),
    route({
      method: 'POST',
      path: '/tasks/:id/resume',
      action: 'task.change',
      summary: 'Resume a task that is paused or disabled; what was due meanwhile is skipped, unless catch_up',
      params: taskId,
      body: z.object({ catch_up: z.boolean().default(false) }),
      result: task,
      handle: async ({ actor, params, body }) =>
        taskJson(await (await serviceOf(app)).resume(by(actor), params.id, body.catch_up)),
    }),
    act('cancel', 'Cancel a task for good; its history is kept'),
    route({
      method: 'POST',
      path: '/tasks/:id/run',
      action: 'task.change',
      summary: 'Run a task now and wait for it; its schedule stays as it is',
      params: taskId,
      result: run,
      handle: async ({ actor, params, signal }) => {
        const tasks = await app.tasks();
        const claimed = await tasks.service.claim(by(actor), params.id);
        await tasks.run(claimed, signal);
        return runJson((await (await app.store()).tasks.run(claimed.run.id)) ?? claimed.run);
      },
    }),
  ];
}
