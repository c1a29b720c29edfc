/** Owns the jobs of OpenClaw's scheduler: its file, or the table of its newer database. What runs a program instead of asking the assistant is left out. */
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import {
  type Fields,
  fieldsOf,
  firstOf,
  flagOf,
  instantOf,
  lineOf,
  listOf,
  textOf,
  valueAt,
} from '../foreign-values.ts';
import type { ImportedItem, ImportedTask } from '../imported.ts';
import { readJson } from '../json-lines.ts';
import { chatIdOf } from '../platforms.ts';
import { fileJson, type Sight } from '../source-files.ts';
import { readSessionKey } from './session-key.ts';

const FILES = ['cron/jobs.json', 'cron.json', 'cron/cron.json'];

export async function* cronItems(sight: Sight, state: ForeignDatabase | undefined): AsyncGenerator<ImportedItem> {
  const jobs = new Map<string, unknown>();
  const names = new Set<string>();
  for (const { values } of state?.rows('cron_jobs', { orderBy: ['sort_order'] }) ?? []) {
    const id = textOf(values['job_id']);
    if (id !== undefined) jobs.set(id, jobOfRow(sight, values));
  }
  for (const file of FILES) {
    const content = await fileJson(sight, file);
    for (const job of listOf(valueAt(content, 'jobs') ?? content)) {
      const id = textOf(valueAt(job, 'id'));
      if (id === undefined) sight.source.tell(file, 'a job without an id was left out');
      else if (!jobs.has(id)) jobs.set(id, job);
    }
  }
  for (const [id, job] of jobs) yield jobOf(id, job, names);
}

/** The whole job as JSON, with the columns over it: they are what that program goes by. */
function jobOfRow(sight: Sight, values: Fields): unknown {
  const json = textOf(values['job_json']);
  const tell = (why: string): void => sight.source.tell('state/openclaw.sqlite', `a job of cron_jobs: ${why}`);
  const job = json === undefined ? {} : (fieldsOf(readJson(json, tell)) ?? {});
  const schedule = {
    kind: values['schedule_kind'],
    expr: values['schedule_expr'],
    tz: values['schedule_tz'],
    everyMs: values['every_ms'],
    at: values['at'],
  };
  const payload = { kind: values['payload_kind'], message: values['payload_message'] };
  return {
    ...job,
    name: values['name'] ?? valueAt(job, 'name'),
    enabled: values['enabled'] ?? valueAt(job, 'enabled'),
    schedule: valueAt(job, 'schedule') ?? schedule,
    payload: valueAt(job, 'payload') ?? payload,
    state: valueAt(job, 'state') ?? { lastRunAtMs: values['last_run_at_ms'] },
  };
}

function jobOf(id: string, job: unknown, names: Set<string>): ImportedItem {
  const skip = (reason: string): ImportedItem => ({ kind: 'skipped', of: 'task', sourceId: id, reason });
  const kind = valueAt(job, 'payload', 'kind');
  if (kind !== undefined && kind !== null && kind !== 'agentTurn' && kind !== 'systemEvent')
    return skip('it runs a program, and none is taken over');
  const prompt = textOf(firstOf(valueAt(job, 'payload'), 'message', 'text')) ?? textOf(valueAt(job, 'prompt'));
  if (prompt === undefined) return skip('it has no prompt');
  const schedule = scheduleOf(valueAt(job, 'schedule'));
  if (schedule === undefined) return skip('its schedule is none that claw has');
  const isEnabled = flagOf(valueAt(job, 'enabled')) ?? true;
  const hasRun = instantOf(valueAt(job, 'state', 'lastRunAtMs')) !== undefined;
  if (schedule.type === 'once' && hasRun) return skip('it has run and is over');
  const written = lineOf(valueAt(job, 'name'), 60) ?? `job-${id.slice(0, 8)}`;
  const name = names.has(written) ? `${written}-${id.slice(0, 8)}` : written;
  names.add(written);
  const jid = chatOf(job);
  const context = valueAt(job, 'sessionTarget') === 'main' ? 'group' : 'isolated';
  const task = { kind: 'task', sourceId: id, name, prompt, ...schedule, context, isActive: isEnabled } as const;
  const isByMachine = schedule.type === 'cron' && schedule.zone === undefined;
  const remark = isByMachine
    ? { remark: 'It ran by the clock of its machine; look at its zone with: claw task show' }
    : {};
  return { ...task, ...(jid === undefined ? {} : { jid }), ...remark };
}

type Schedule = Pick<ImportedTask, 'type' | 'value' | 'zone'>;

/** `{kind: 'at', at}` and `atMs`, `{kind: 'every', everyMs}`, `{kind: 'cron', expr, tz}`; kinds that wait for an event are none. */
function scheduleOf(schedule: unknown): Schedule | undefined {
  const kind = valueAt(schedule, 'kind');
  const at = instantOf(firstOf(schedule, 'at', 'atMs'));
  const every = Number(firstOf(schedule, 'everyMs') ?? Number.NaN);
  const expression = lineOf(firstOf(schedule, 'expr', 'cron'), 200);
  if (kind === 'at') return at === undefined ? undefined : { type: 'once', value: new Date(at).toISOString() };
  if (kind === 'every') return every >= 1 ? { type: 'interval', value: String(Math.floor(every)) } : undefined;
  if (kind !== 'cron' || expression === undefined) return undefined;
  const zone = lineOf(firstOf(schedule, 'tz', 'timezone'), 80);
  return { type: 'cron', value: expression, ...(zone === undefined ? {} : { zone }) };
}

/** The chat that gets the answers: where they are delivered, else the talk in which the job was made. */
function chatOf(job: unknown): string | undefined {
  if (valueAt(job, 'delivery', 'mode') === 'webhook') return undefined;
  const delivery = fieldsOf(valueAt(job, 'delivery')) ?? valueAt(job, 'payload');
  const channel = textOf(valueAt(delivery, 'channel'));
  const to = textOf(valueAt(delivery, 'to'));
  if (channel !== undefined && to !== undefined) return chatIdOf(channel, to);
  return readSessionKey(textOf(valueAt(job, 'sessionKey')) ?? '').jid;
}
