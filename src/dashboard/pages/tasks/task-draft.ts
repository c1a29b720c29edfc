/** Owns what stands in the form of a task, and the bodies that the API takes of it. Pure. */
import type { Parts } from '../../api/client.ts';
import { scheduleFrom, type Schedule } from './schedule-fields.tsx';
import { typeOfText } from './schedule-plan.ts';
import type { Task } from './task-words.ts';

export interface TaskDraft {
  readonly id: string;
  readonly way: 'prompt' | 'tool';
  readonly prompt: string;
  readonly tool: string;
  /** JSON. */
  readonly toolInput: string;
  readonly schedule: Schedule;
  readonly group: string;
  readonly context: Task['context'];
  readonly misfire: Task['misfire'];
  readonly lateness: string;
  readonly budget: string;
  readonly gate: string;
  readonly allowPast: boolean;
  readonly allowGap: boolean;
}

export function newDraft(): TaskDraft {
  return {
    id: '',
    way: 'prompt',
    prompt: '',
    tool: '',
    toolInput: '{}',
    schedule: scheduleFrom(),
    group: '',
    context: 'group',
    misfire: 'once',
    lateness: '',
    budget: '',
    gate: '',
    allowPast: false,
    allowGap: false,
  };
}

export function draftOf(task: Task): TaskDraft {
  return {
    ...newDraft(),
    id: task.id,
    way: task.prompt === null ? 'tool' : 'prompt',
    prompt: task.prompt ?? '',
    tool: task.tool ?? '',
    toolInput: JSON.stringify(task.tool_input ?? {}, null, 2),
    schedule: scheduleFrom(task.schedule_value, task.tz),
    group: task.group ?? '',
    context: task.context,
    misfire: task.misfire,
    lateness: task.max_lateness_ms === null ? '' : String(task.max_lateness_ms),
    budget: task.budget_usd === null ? '' : String(task.budget_usd),
    gate: task.gate ?? '',
  };
}

/** The input of the tool; undefined for what is no JSON object. */
export function toolInputOf({
  toolInput,
}: Pick<TaskDraft, 'toolInput'>): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(toolInput);
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

export function createBody(draft: TaskDraft): Parts<'POST /tasks'>['body'] {
  const { id, way, prompt, tool, group, lateness, budget, gate } = draft;
  return {
    ...scheduleBody(draft),
    misfire: draft.misfire,
    context: draft.context,
    ...(way === 'prompt' ? { prompt } : { tool, tool_input: toolInputOf(draft) ?? {} }),
    ...(id === '' ? {} : { id }),
    ...(group === '' ? {} : { group }),
    ...(lateness.trim() === '' ? {} : { max_lateness: lateness.trim() }),
    ...(budget.trim() === '' ? {} : { budget_usd: Number(budget) }),
    ...(gate === '' ? {} : { gate }),
    ...(draft.allowPast ? { allow_past: true } : {}),
    ...(draft.allowGap ? { allow_gap: true } : {}),
  };
}

/** Only what is another than before: a schedule that is set anew counts its moments anew. */
export function changeBody(draft: TaskDraft, task: Task): Parts<'PATCH /tasks/{id}'>['body'] {
  const before = draftOf(task);
  const isOther = (member: 'prompt' | 'misfire' | 'context' | 'group' | 'lateness' | 'budget' | 'gate'): boolean =>
    draft[member] !== before[member];
  const { value, zone } = draft.schedule;
  const isRescheduled = value.trim() !== task.schedule_value || zone !== task.tz;
  const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return {
    ...(isRescheduled ? scheduleBody(draft) : {}),
    ...(draft.way === 'prompt' && isOther('prompt') ? { prompt: draft.prompt } : {}),
    ...(draft.way === 'tool' && draft.toolInput !== before.toolInput ? { tool_input: toolInputOf(draft) ?? {} } : {}),
    ...(isOther('misfire') ? { misfire: draft.misfire } : {}),
    ...(isOther('context') ? { context: draft.context } : {}),
    ...(isOther('group') ? { group: orNull(draft.group) } : {}),
    ...(isOther('lateness') ? { max_lateness: orNull(draft.lateness) } : {}),
    ...(isOther('budget') ? { budget_usd: draft.budget.trim() === '' ? null : Number(draft.budget) } : {}),
    ...(isOther('gate') ? { gate: orNull(draft.gate) } : {}),
  };
}

function scheduleBody({ schedule: { value, zone } }: TaskDraft) {
  const tz = zone.trim() === '' ? {} : { tz: zone.trim() };
  return { schedule_type: typeOfText(value), schedule_value: value.trim(), ...tz };
}
