/** Owns what changes that can be taken back will most likely come to: a list reads what each makes of which answers. */
import { guessOf } from './guess.ts';

export const TOOL_OFF = [
  guessOf<'POST /tools/{name}/disable', 'GET /tools'>('GET /tools', (tools, { params }) =>
    tools.map((tool) => (tool.name === params.name ? { ...tool, state: 'disabled' } : tool)),
  ),
] as const;

export const TOOL_ON = [
  guessOf<'POST /tools/{name}/enable', 'GET /tools'>('GET /tools', (tools, { params }) =>
    tools.map((tool) => (tool.name === params.name ? { ...tool, state: 'active' } : tool)),
  ),
] as const;

export const TASK_PAUSED = [
  guessOf<'POST /tasks/{id}/pause', 'GET /tasks'>('GET /tasks', (tasks, { params }) =>
    tasks.map((task) => (isNamed(task, params.id) ? { ...task, state: 'paused' } : task)),
  ),
  guessOf<'POST /tasks/{id}/pause', 'GET /tasks/{id}'>('GET /tasks/{id}', (task, { params }, askedFor) =>
    askedFor.params.id === params.id ? { ...task, state: 'paused' } : task,
  ),
] as const;

export const TASK_RESUMED = [
  guessOf<'POST /tasks/{id}/resume', 'GET /tasks'>('GET /tasks', (tasks, { params }) =>
    tasks.map((task) => (isNamed(task, params.id) ? { ...task, state: 'active' } : task)),
  ),
  guessOf<'POST /tasks/{id}/resume', 'GET /tasks/{id}'>('GET /tasks/{id}', (task, { params }, askedFor) =>
    askedFor.params.id === params.id ? { ...task, state: 'active' } : task,
  ),
] as const;

export const TAG_ADDED = [
  guessOf<'PUT /conversations/{id}/tags/{tag}', 'GET /conversations/{id}/tags'>(
    'GET /conversations/{id}/tags',
    (tags, { params }, askedFor) =>
      askedFor.params.id === params.id ? [...new Set([...tags, params.tag.trim().toLowerCase()])].toSorted() : tags,
  ),
] as const;

/** A task is called by its own name, or by the id that no other has. */
function isNamed({ id, uid }: { readonly id: string; readonly uid: string }, name: string): boolean {
  return id === name || uid === name;
}
