/** Owns the JSON of tasks and of their ledger, the same on every surface. */
import type { JsonObject } from '../kernel/messages.ts';
import type { TaskRow, TaskRunRow } from '../store/tasks-table.ts';

export function taskJson(task: TaskRow) {
  return {
    id: task.name,
    uid: task.id,
    owner_id: task.owner_id,
    group: task.chat_id,
    prompt: task.prompt,
    tool: task.tool,
    tool_input: task.tool_input === null ? null : (JSON.parse(task.tool_input) as JsonObject),
    gate: task.gate,
    schedule_type: task.schedule_type,
    schedule_value: task.schedule_value,
    tz: task.zone,
    misfire: task.misfire,
    max_lateness_ms: task.max_lateness_ms,
    context: task.context,
    budget_usd: task.budget_micro_usd === null ? null : task.budget_micro_usd / 1e6,
    state: task.state,
    reason: task.reason,
    next_at: isoOrNull(task.next_at),
    failures: task.failures,
    backoff_until: isoOrNull(task.backoff_until),
    created_at: iso(task.created_at),
    updated_at: iso(task.updated_at),
  };
}

export function runJson(run: TaskRunRow) {
  return {
    id: run.id,
    due_at: iso(run.due_at),
    manual: run.is_manual === 1,
    instants: run.instants,
    last_due_at: iso(run.last_due_at),
    state: run.state,
    reason: run.reason,
    conversation_id: run.conversation_id,
    turn_id: run.turn_id,
    output: run.output,
    claimed_at: iso(run.claimed_at),
    ended_at: isoOrNull(run.ended_at),
  };
}

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));
