/** Owns the scheduled tasks of NanoClaw as claw would take them. Whether a schedule is valid is the writer's to say. */
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { type Fields, firstOf, instantOf, lineOf, textOf } from '../foreign-values.ts';
import type { ImportedItem, ImportedTask } from '../imported.ts';
import type { Sight } from '../source-files.ts';
import type { Variant } from './variant.ts';

export interface TaskPlace {
  readonly variant: Variant;
  /** The zone of that assistant, when it names one. */
  readonly zone: string | undefined;
}

export function* taskItems(sight: Sight, database: ForeignDatabase, place: TaskPlace): Generator<ImportedItem> {
  const onDamage = (reason: string): void => sight.source.tell('store/messages.db', `scheduled_tasks: ${reason}`);
  for (const { values } of database.rows('scheduled_tasks', { orderBy: ['created_at'], onDamage })) {
    sight.signal.throwIfAborted();
    yield taskOf(values, place);
  }
  const runs = database.count('task_run_logs') ?? 0;
  if (runs > 0) sight.source.tell('store/messages.db', `${runs} finished runs of tasks are not taken over`);
}

function taskOf(row: Fields, { variant, zone }: TaskPlace): ImportedItem {
  const name = lineOf(firstOf(row, 'id'), 100) ?? '';
  const chat = textOf(firstOf(row, 'chat_jid', 'jid')) ?? `tg:${textOf(firstOf(row, 'chat_id')) ?? ''}`;
  const sourceId = `${chat}/${name}`;
  const skip = (reason: string): ImportedItem => ({ kind: 'skipped', of: 'task', sourceId, reason });
  const prompt = textOf(firstOf(row, 'prompt'));
  const schedule = scheduleOf(row);
  if (name === '') return skip('it has no name');
  if (prompt === undefined) return skip('it has no prompt');
  if (schedule === undefined) return skip('its schedule is none that claw has');
  const status = textOf(firstOf(row, 'status')) ?? 'active';
  if (status === 'completed') return skip('it has run and is over');
  const context = firstOf(row, 'context_mode') === 'group' ? 'group' : 'isolated';
  const place = { jid: variant.jid(chat), ...(zone === undefined ? {} : { zone }) };
  const script = textOf(firstOf(row, 'script'));
  const shifted = variant.shiftsWeekdays && schedule.type === 'cron' ? weekdayRemark(schedule.value) : undefined;
  const remark = script === undefined ? shifted : SCRIPT;
  const task = {
    kind: 'task',
    sourceId,
    name,
    prompt,
    ...schedule,
    context,
    isActive: status === 'active',
    ...place,
  } as const;
  return remark === undefined ? task : { ...task, remark };
}

const SCRIPT =
  'The script that ran before it is not taken over; here a tool decides whether it runs: claw task create --gate';

function scheduleOf(row: Fields): Pick<ImportedTask, 'type' | 'value'> | undefined {
  const type = textOf(firstOf(row, 'schedule_type'))?.trim();
  const value = textOf(firstOf(row, 'schedule_value'))?.trim() ?? '';
  if (type === 'cron' || type === 'interval') return { type, value };
  if (type !== 'once' && type !== 'at') return undefined;
  // RustClaw lets anything stand there; then it is the next run that counts.
  const next = instantOf(firstOf(row, 'next_run'));
  return {
    type: 'once',
    value: instantOf(value) === undefined && next !== undefined ? new Date(next).toISOString() : value,
  };
}

/** RustClaw's scheduler counts weekdays from 1 for Sunday, the tool that its agent used from 0: an expression ran a day before the day it names. The day it names is kept. */
function weekdayRemark(expression: string): string | undefined {
  const fields = expression.split(/\s+/);
  const weekday = fields[fields.length === 5 ? 4 : 5] ?? '*';
  if (!/\d/.test(weekday.replaceAll(/[/#]\d+/g, ''))) return undefined;
  return `Weekday ${weekday} counts from 0 for Sunday, as crontab does; RustClaw ran it a day earlier.`;
}
