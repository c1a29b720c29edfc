/** Owns what a calendar and a list of tasks need of the API: when tasks run on which days, how each ran last; and taking a task away that is over. */
import { z } from 'zod';
import { runJson, taskJson } from '../../core/tasks/task-json.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { runSchema, serviceOf, taskActorOf, taskId, taskSchema, zoneOf } from './task-wire.ts';
import { instant } from './wire-schemas.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 62;
/** Between these every zone and schedule can be reckoned with. */
const FIRST_DAY = '1970-01-02';
const LAST_DAY = '2999-12-31';

const day = z.object({
  date: z.iso.date(),
  starts_at: instant,
  ends_at: instant.describe('Days with a change of the clock have 23 or 25 hours'),
  items: z.array(
    z.object({
      uid: z.string(),
      id: z.string(),
      state: z.enum(['planned', 'running', 'ran', 'skipped', 'missed', 'failed']),
      at: z.array(instant),
      is_more: z.boolean().describe('There are more on this day'),
    }),
  ),
});

export function taskCalendarRoutes(deps: RouteDeps): readonly Route[] {
  return [calendarRoute(deps), lastRunsRoute(deps), deleteRoute(deps)];
}

function calendarRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/task-calendar',
    action: 'task.read',
    summary: 'Your tasks on the days of a calendar: what is planned, and what the ledger says of days that are over',
    query: z
      .object({
        from: z.iso.date(),
        to: z.iso.date(),
        tz: z.string().max(100).optional().describe('IANA zone of the days; that of the home when left out'),
      })
      .refine(
        ({ from, to }) => to >= from && Date.parse(to) - Date.parse(from) < MOST_DAYS * DAY_MS,
        `to comes at most ${MOST_DAYS} days after from`,
      )
      .refine(({ from, to }) => from >= FIRST_DAY && to <= LAST_DAY, `days are from ${FIRST_DAY} to ${LAST_DAY}`),
    result: z.object({ tz: z.string(), days: z.array(day) }),
    async handle({ actor, query }) {
      const zone = zoneOf(app, query.tz);
      const service = await serviceOf(app);
      const { days, tasks } = await service.calendar(taskActorOf(actor), { from: query.from, to: query.to, zone });
      const names = new Map(tasks.map((task) => [task.id, task.name]));
      return {
        tz: zone,
        days: days.map(({ date, startsAt, endsAt, items }) => ({
          date,
          starts_at: iso(startsAt),
          ends_at: iso(endsAt),
          items: items.map(({ taskId: uid, state, at, isMore }) => ({
            uid,
            id: names.get(uid) ?? uid,
            state,
            at: at.map(iso),
            is_more: isMore,
          })),
        })),
      };
    },
  });
}

function lastRunsRoute({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/task-last-runs',
    action: 'task.read',
    summary: 'How each of your tasks ran last, and whose it is; with all=true also of those that are over',
    query: z.object({ all: z.stringbool().default(false) }),
    result: z.array(z.object({ uid: z.string(), owner: z.string().nullable(), run: runSchema.nullable() })),
    async handle({ actor, query }) {
      const service = await serviceOf(app);
      const by = taskActorOf(actor);
      const runs = new Map((await service.lastRuns(by, query.all)).map((run) => [run.task_id, run]));
      const tasks = await service.list(by, query.all);
      const { users } = await app.store();
      const owners = new Map<string, string | null>();
      for (const id of new Set(tasks.map(({ owner_id: owner }) => owner)))
        owners.set(id, (await users.byId(id))?.username ?? null);
      return tasks.map(({ id: uid, owner_id: owner }) => {
        const run = runs.get(uid);
        return { uid, owner: owners.get(owner) ?? null, run: run === undefined ? null : runJson(run) };
      });
    },
  });
}

function deleteRoute({ app }: RouteDeps): Route {
  return route({
    method: 'DELETE',
    path: '/tasks/:id',
    action: 'task.change',
    summary: 'Take a task away that is over, with its history',
    params: taskId,
    result: taskSchema,
    handle: async ({ actor, params }) => taskJson(await (await serviceOf(app)).remove(taskActorOf(actor), params.id)),
  });
}

const iso = (at: number): string => new Date(at).toISOString();
