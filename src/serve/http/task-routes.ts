/** Owns the scheduled tasks of the API: each caller's own, and for an admin those of all. */
import { z } from 'zod';
import type { Actor } from '../../core/access/actor.ts';
import { requirePermission } from '../../core/access/permissions.ts';
import type { TaskChange } from '../../core/tasks/change-task.ts';
import { runJson, taskJson } from '../../core/tasks/task-json.ts';
import { readSchedule } from '../../core/tasks/schedule.ts';
import { upcoming } from '../../core/tasks/upcoming.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { taskCalendarRoutes } from './task-calendar-routes.ts';
import {
  changedTask,
  newTask,
  runSchema,
  serviceOf,
  taskActorOf,
  taskId,
  taskSchema,
  when,
  zoneOf,
} from './task-wire.ts';
import { instant } from './wire-schemas.ts';

export function taskRoutes(deps: RouteDeps): readonly Route[] {
  return [
    ...readRoutes(deps),
    ...lookRoutes(deps),
    ...changeRoutes(deps),
    ...actRoutes(deps),
    ...taskCalendarRoutes(deps),
  ];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks',
      action: 'task.read',
      summary: 'Your tasks; with all=true also those that are over',
      query: z.object({ all: z.stringbool().default(false) }),
      result: z.array(taskSchema),
      handle: async ({ actor, query }) =>
        (await (await serviceOf(app)).list(taskActorOf(actor), query.all)).map(taskJson),
    }),
    route({
      method: 'GET',
      path: '/tasks/:id',
      action: 'task.read',
      summary: 'A task',
      params: taskId,
      result: taskSchema,
      handle: async ({ actor, params }) => taskJson(await (await serviceOf(app)).find(taskActorOf(actor), params.id)),
    }),
    route({
      method: 'GET',
      path: '/tasks/:id/history',
      action: 'task.read',
      summary: 'What became of each due instant, newest first',
      params: taskId,
      query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
      result: z.array(runSchema),
      handle: async ({ actor, params, query }) =>
        (await (await serviceOf(app)).history(taskActorOf(actor), params.id, query.limit)).map(runJson),
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
      result: z.object({ id: z.string(), state: z.string(), explanation: z.string(), run: runSchema.nullable() }),
      handle: async ({ actor, params, query }) => {
        const at = query.at === undefined ? undefined : Date.parse(query.at);
        const found = await (await serviceOf(app)).explain(taskActorOf(actor), params.id, at);
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
        from: z.iso
          .datetime({ offset: true })
          .refine((from) => /^(?:19[7-9]|2)\d/.test(from), 'years from 1970 to 2999')
          .optional(),
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
      result: taskSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        requireRightToDo(actor, body);
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
        return taskJson(await (await serviceOf(app)).create(taskActorOf(actor), input));
      },
    }),
    route({
      method: 'PATCH',
      path: '/tasks/:id',
      action: 'task.change',
      summary: 'Change what a task does or when',
      params: taskId,
      body: changedTask,
      result: taskSchema,
      handle: async ({ actor, params, body }) => {
        requireRightToDo(actor, body);
        return taskJson(await (await serviceOf(app)).update(taskActorOf(actor), params.id, patchOf(body)));
      },
    }),
  ];
}

/** What of a task says what it does. */
interface Doings {
  readonly prompt?: unknown;
  readonly tool?: unknown;
  readonly tool_input?: unknown;
  readonly gate?: unknown;
}

/** What somebody may not do at once, they let no task do. Throws `permission-denied`. */
function requireRightToDo(actor: Actor, { prompt, tool, tool_input: input, gate }: Doings): void {
  if (prompt !== undefined) requirePermission(actor, 'chat.send');
  if (tool !== undefined || input !== undefined || typeof gate === 'string') requirePermission(actor, 'tool.run');
}

function changeOf({ prompt, misfire: policy, max_lateness, context: kind, budget_usd }: z.output<typeof newTask>) {
  return {
    ...(prompt !== undefined && { prompt }),
    ...(policy && { misfire: policy }),
    ...(max_lateness !== undefined && { maxLateness: max_lateness }),
    ...(kind && { context: kind }),
    ...(budget_usd !== undefined && { budgetUsd: budget_usd }),
  };
}

/** What a PATCH names, under the names of the core; null takes a thing away. */
function patchOf(body: z.output<typeof changedTask>): TaskChange {
  const named = {
    type: body.schedule_type,
    value: body.schedule_value,
    zone: body.tz,
    prompt: body.prompt,
    misfire: body.misfire,
    maxLateness: body.max_lateness,
    context: body.context,
    budgetUsd: body.budget_usd,
    chatId: body.group,
    toolInput: body.tool_input,
    gate: body.gate,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
}

function actRoutes({ app }: RouteDeps): readonly Route[] {
  const act = (verb: 'pause' | 'cancel', summary: string): Route =>
    route({
      method: 'POST',
      path: `/tasks/:id/${verb}`,
      action: 'task.change',
      summary,
      params: taskId,
      result: taskSchema,
      handle: async ({ actor, params }) => taskJson(await (await serviceOf(app))[verb](taskActorOf(actor), params.id)),
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
      result: taskSchema,
      handle: async ({ actor, params, body }) =>
        taskJson(await (await serviceOf(app)).resume(taskActorOf(actor), params.id, body.catch_up)),
    }),
    act('cancel', 'Cancel a task for good; its history is kept'),
    route({
      method: 'POST',
      path: '/tasks/:id/run',
      action: 'task.change',
      summary: 'Run a task now and wait for it; its schedule stays as it is',
      params: taskId,
      result: runSchema,
      handle: async ({ actor, params, signal }) => {
        const tasks = await app.tasks();
        const claimed = await tasks.service.claim(taskActorOf(actor), params.id);
        await tasks.run(claimed, signal);
        return runJson((await (await app.store()).tasks.run(claimed.run.id)) ?? claimed.run);
      },
    }),
  ];
}
