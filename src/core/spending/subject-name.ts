/** Owns how whoever a budget is for is named to people. */
import type { Tables } from '../store/store.ts';
import type { Limit } from './limit.ts';

/** The name of the user, `user/id` of the task, the folder or the tool; the id of what is gone. */
export async function subjectName(
  { users, tasks }: Pick<Tables, 'users' | 'tasks'>,
  { scope, subject }: Pick<Limit, 'scope' | 'subject'>,
): Promise<string> {
  if (scope === 'user') return (await users.byId(subject))?.username ?? subject;
  return scope === 'task' ? ((await tasks.titleOf(subject)) ?? subject) : subject;
}
