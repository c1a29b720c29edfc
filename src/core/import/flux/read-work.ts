/** Owns what flux-openclaw does by itself: `schedules.json`, and the webhooks of `data/webhooks.db`. */
import { fieldsOf, flagOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import type { JsonObject } from '../../kernel/messages.ts';
import type { Source } from '../reader.ts';
import { readJsonFile } from './read-text.ts';
import type { Owners } from './read-users.ts';

const PLACES = ['schedules.json', 'data/schedules.json', 'memory/schedules.json'] as const;
/** Its events and what claw calls them. */
const EVENTS: Readonly<Record<string, string>> = { 'chat.completed': 'turn.completed', 'chat.error': 'turn.failed' };
const BOTH_DAYS = 'It ran when day of month and weekday both fit; claw, as cron does, runs when either fits.';

export async function* readSchedules(source: Source, maxBytes: number): AsyncGenerator<ImportedItem> {
  for (const path of PLACES) {
    const content = await readJsonFile(source, path, maxBytes);
    const entries = listOf(Array.isArray(content) ? content : valueAt(content, 'schedules'));
    for (const [index, entry] of entries.entries()) yield scheduleOf(entry, `${path} ${index + 1}`);
  }
}

function scheduleOf(entry: unknown, place: string): ImportedItem {
  const sourceId = lineOf(valueAt(entry, 'id')) ?? place;
  const skip = (reason: string): ImportedItem => ({ kind: 'skipped', of: 'task', sourceId, reason });
  const when = whenOf(entry);
  if (when === undefined) return skip('it says no time');
  const what = whatOf(entry);
  if (what === undefined) return skip('it says nothing to do');
  const [minute, , day, , weekday] = when.value.split(/\s+/);
  const isBoth = when.type === 'cron' && minute !== undefined && !day?.startsWith('*') && !weekday?.startsWith('*');
  return {
    kind: 'task',
    sourceId,
    name: `flux-${sourceId.slice(0, 8)}`,
    ...when,
    ...what,
    isActive: flagOf(valueAt(entry, 'enabled')) ?? true,
    ...(isBoth ? { remark: BOTH_DAYS } : {}),
  };
}

function whenOf(entry: unknown): { type: 'cron' | 'interval' | 'once'; value: string } | undefined {
  const type = lineOf(valueAt(entry, 'type'))?.toLowerCase();
  const cron = lineOf(valueAt(entry, 'cron'));
  if (cron !== undefined && type !== 'once') return { type: 'cron', value: cron };
  const every = Number(valueAt(entry, 'interval_seconds') ?? valueAt(entry, 'interval'));
  if (type === 'interval' && every > 0) return { type, value: String(Math.round(every * 1000)) };
  const at = lineOf(valueAt(entry, 'next_run') ?? valueAt(entry, 'datetime'), 40);
  return at === undefined ? undefined : { type: 'once', value: at.replace(' ', 'T') };
}

function whatOf(entry: unknown): { prompt: string } | { tool: string; toolInput: JsonObject } | undefined {
  const task = valueAt(entry, 'task');
  const tool = lineOf(valueAt(task, 'tool_name'), 64);
  if (valueAt(task, 'action') === 'tool' && tool !== undefined)
    return { tool, toolInput: (fieldsOf(valueAt(task, 'tool_args')) ?? {}) as JsonObject };
  const content = textOf(valueAt(task, 'content')) ?? textOf(valueAt(entry, 'description'));
  if (content === undefined) return undefined;
  return { prompt: valueAt(task, 'action') === 'message' ? content : `Remind me: ${content}` };
}

export async function* readWebhooks(source: Source, path: string, owners: Owners): AsyncGenerator<ImportedItem> {
  const database = await source.database(path);
  if (database === undefined) return;
  const onDamage = (why: string): void => source.tell(path, `the table webhooks ends early: ${why}`);
  for (const { values } of database.rows('webhooks', { onDamage })) {
    const url = lineOf(values['url'], 2_000);
    const sourceId = lineOf(values['id']) ?? url ?? '?';
    const of = lineOf(values['user_id']);
    if (url === undefined) yield { kind: 'skipped', of: 'webhook', sourceId, reason: 'it has no address' };
    else if (flagOf(values['is_active']) === false)
      yield { kind: 'skipped', of: 'webhook', sourceId, reason: 'it was switched off there' };
    else {
      const owner = of === undefined || of === 'default' ? undefined : (owners.get(of) ?? of);
      yield {
        kind: 'webhook',
        sourceId,
        owner,
        url,
        events: eventsOf(values['events']),
        secret: textOf(values['secret']),
      };
    }
  }
}

/** None means all. */
function eventsOf(raw: unknown): string[] {
  try {
    const named = listOf(JSON.parse(String(raw)));
    const wanted = named.length === 0 ? Object.keys(EVENTS) : named.map(String);
    return wanted.flatMap((event) => EVENTS[event] ?? []);
  } catch {
    return [];
  }
}
