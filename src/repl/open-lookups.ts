/** Owns what the REPL shows of a user's memories, documents and tasks, asked of the app when somebody looks. */
import type { Actor } from '../core/access/actor.ts';
import type { App } from '../core/create-app.ts';
import { userHolder } from '../core/memory/memory.ts';
import type { ScheduleSpec } from '../core/tasks/schedule.ts';
import type { TaskRow } from '../core/store/tasks-table.ts';
import type { Lookups } from './chat-port.ts';

const MOST = 20;
const MOST_PASSAGES = 5;

/** What `actor` may see; nothing of anybody else. */
export function openLookups(app: App, actor: () => Promise<Actor>): Lookups {
  return {
    async memories(query) {
      const memory = await app.memory();
      const holder = userHolder((await actor()).user.id);
      const rows = query === '' ? await memory.list(holder) : await memory.search(holder, query, { limit: MOST });
      return rows.slice(0, MOST).map(({ category, key, value }) => ({ name: `${category}/${key}`, text: value }));
    },
    async knowledge(query) {
      const knowledge = await app.knowledge();
      const ownerId = (await actor()).user.id;
      if (query !== '') {
        const hits = await knowledge.search(ownerId, query, MOST_PASSAGES);
        return hits.map(({ title, place, text }) => ({ name: `${title}, ${place}`, text }));
      }
      const documents = await knowledge.list(ownerId, { limit: MOST, offset: 0 });
      return documents.map(({ title, source }) => ({ name: title, text: source }));
    },
    async tasks() {
      const { scheduleInWords } = await import('../core/tasks/in-words.ts');
      const { service } = await app.tasks();
      const rows = await service.list({ user: (await actor()).user, isAll: false, chatId: null });
      return rows.slice(0, MOST).map((task) => {
        const next = task.next_at === null ? task.state : `next ${new Date(task.next_at).toISOString()}`;
        return { name: task.id, text: `${scheduleInWords(specOf(task))}; ${next}` };
      });
    },
  };
}

function specOf(task: TaskRow): Pick<ScheduleSpec, 'type' | 'value' | 'zone'> {
  return { type: task.schedule_type, value: task.schedule_value, zone: task.zone };
}
