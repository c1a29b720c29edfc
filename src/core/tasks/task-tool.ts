/** Owns the service `tasks` of tools: the assistant acts on the tasks of the person or the room it talks with; in the main room, for an admin, on all. Who acts comes from the turn, never from what the tool says. */
import { z } from 'zod';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Store } from '../store/store.ts';
import type { TaskRow } from '../store/tasks-table.ts';
import type { Service } from '../tools/call-tool.ts';
import { scheduleInWords } from './in-words.ts';
import { readInterval, SCHEDULE_TYPES, type ScheduleType } from './schedule.ts';
import { taskJson } from './task-json.ts';
import type { TaskChange } from './change-task.ts';
import type { TaskActor } from './task-actor.ts';
import type { TaskService } from './task-service.ts';

interface TaskToolDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly service: TaskService;
  /** IANA zone for schedules that name none. */
  readonly zone: string;
}

const WHEN = {
  /** `in`: once, so long from now. */
  schedule_type: z.enum([...SCHEDULE_TYPES, 'in']),
  schedule_value: z.string().max(200),
  tz: z.string().max(100).optional(),
  context: z.enum(['group', 'isolated']).optional(),
};
const PROMPT = z.string().max(20_000);
const ID = z.strictObject({ id: z.string().max(64) });
const SCHEDULE = z.strictObject({ ...WHEN, prompt: PROMPT, id: z.string().max(64).optional() });
const UPDATE = z
  .strictObject({ ...WHEN, prompt: PROMPT })
  .partial()
  .extend(ID.shape);

const MOST_LISTED = 100;

/** Methods `schedule`, `list`, `pause`, `resume`, `cancel` and `update`. What it answers has happened. */
export function createTaskTool(deps: TaskToolDeps): Service {
  const { service } = deps;
  return async (method, args, { call }) => {
    const { find, create } = await actorsOf(deps.store, call);
    switch (method) {
      case 'schedule': {
        const { prompt, context, id, ...when } = read(SCHEDULE, args);
        const place =
          create.chatId === null && call.conversationId !== null ? { conversationId: call.conversationId } : {};
        const input = { prompt, ...place, ...(context && { context }), ...(id && { id }) };
        return told(await service.create(create, { ...input, ...scheduleFrom(deps, when) }));
      }
      case 'list': {
        read(z.strictObject({}), args);
        const tasks = await service.list(find);
        return { found: tasks.length, tasks: tasks.slice(0, MOST_LISTED).map(told) };
      }
      case 'pause':
      case 'resume':
      case 'cancel':
        return told(await service[method](find, read(ID, args).id));
      case 'update': {
        const { id, ...wanted } = read(UPDATE, args);
        return told(await service.update(find, id, changeFrom(deps, wanted)));
      }
      default:
        throw new ClawError('sandbox-refused', `the service tasks cannot ${JSON.stringify(method)}`);
    }
  };
}

/** As whom it finds tasks, and as whom it makes one: in a room both are the room's, in a chat with one person that person finds all of theirs. */
async function actorsOf(
  { users, rooms }: Store,
  call: { readonly userId: string; readonly conversationId: string | null },
): Promise<{ readonly find: TaskActor; readonly create: TaskActor }> {
  const user = await users.byId(call.userId);
  if (user === undefined) throw new ClawError('not-found', phrase('noSuchUser'));
  const places = call.conversationId === null ? [] : await rooms.placesOf(call.conversationId);
  const [first] = places;
  const chatId = first?.jid ?? null;
  const by = { ...user, via: 'tool', from: chatId ?? 'terminal' };
  const isAll = user.role === 'admin' && places.some(({ isMain }) => isMain);
  const create = { user: by, chatId, isAll };
  return { create, find: first?.isRoom === true ? create : { user: by, chatId: null, isAll } };
}

interface When {
  readonly schedule_type: ScheduleType | 'in';
  readonly schedule_value: string;
  readonly tz?: string | undefined;
}

function scheduleFrom({ clock, zone }: TaskToolDeps, { schedule_type: type, schedule_value: value, tz = zone }: When) {
  if (type !== 'in') return { type, value, zone: tz };
  return { type: 'once' as const, value: new Date(clock.now() + readInterval(value)).toISOString(), zone: tz };
}

function changeFrom(deps: TaskToolDeps, wanted: Omit<z.infer<typeof UPDATE>, 'id'>): TaskChange {
  const { prompt, context, tz, schedule_type: type, schedule_value: value } = wanted;
  if (type === 'in' && value === undefined) throw new ClawError('data-invalid', 'schedule_value is missing');
  const when =
    type === 'in'
      ? scheduleFrom(deps, { schedule_type: type, schedule_value: value ?? '', tz: tz ?? deps.zone })
      : { ...(type && { type }), ...(value !== undefined && { value }), ...(tz && { zone: tz }) };
  return { ...when, ...(prompt !== undefined && { prompt }), ...(context && { context }) };
}

function told(task: TaskRow): JsonValue {
  const { type, value, zone } = { type: task.schedule_type, value: task.schedule_value, zone: task.zone };
  const { id, state, reason, prompt, tool, tz, next_at, context } = taskJson(task);
  const next = task.next_at === null ? null : localTime(task.next_at, zone);
  return {
    id,
    state,
    reason,
    prompt,
    tool,
    schedule: scheduleInWords({ type, value, zone }),
    tz,
    next_at,
    next,
    context,
  };
}

/** `2026-03-02 09:00`, by the clock of the zone. */
function localTime(at: number, zone: string): string {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
  return local.toString({ smallestUnit: local.second === 0 ? 'minute' : 'second' }).replace('T', ' ');
}

function read<T>(shape: z.ZodType<T>, args: JsonObject): T {
  const result = shape.safeParse(args);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ClawError('data-invalid', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
}
