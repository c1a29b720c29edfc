/** Owns the shapes of tasks in the API, and as whom a caller acts on them. */
import { z } from 'zod';
import type { App } from '../../core/create-app.ts';
import { type Actor, doerOf } from '../../core/access/actor.ts';
import { SCHEDULE_TYPES } from '../../core/tasks/schedule.ts';
import type { TaskActor } from '../../core/tasks/task-actor.ts';
import type { TaskService } from '../../core/tasks/task-service.ts';
import { instant } from './wire-schemas.ts';

const ownId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'is no id');
/** For an admin also `USER/ID`, with the slash encoded. */
export const taskId = z.object({ id: z.string().min(1).max(200) });

export const when = {
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

export const newTask = z.object({
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

export const changedTask = z.object({
  ...z.object(when).partial().shape,
  ...changes,
  max_lateness: changes.max_lateness.nullable().describe('90m, or milliseconds; null: none'),
  budget_usd: changes.budget_usd.nullable().describe('Most that one run may cost; null: no limit of its own'),
  group: z.string().max(100).nullish().describe('Chat that gets the answers; null: they are kept'),
  tool_input: z.record(z.string(), z.json()).optional(),
  gate: z.string().max(100).nullish().describe('Tool that decides whether a due moment runs; null: none'),
});

export const taskSchema = z.object({
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

export const runSchema = z.object({
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

export const taskActorOf = (actor: Actor): TaskActor => ({
  user: doerOf(actor),
  chatId: null,
  isAll: actor.user.role === 'admin',
});
export const serviceOf = async (app: App): Promise<TaskService> => (await app.tasks()).service;
export const zoneOf = (app: App, given: string | undefined): string =>
  given ?? app.settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
