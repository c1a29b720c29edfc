/** Owns that what the page shows is asked again when the server says it changed: what is seen at once, what was asked for before when it is shown again, and nothing while the tab is hidden. */
import type { QueryClient } from '@tanstack/react-query';
import type { Topic } from '../../core/kernel/topics.ts';
import { createPace } from './pace.ts';
import type { Socket } from './socket.ts';
import { topicsOfKey } from './topics-of.ts';

/** After this the answers that the page began with are asked for once more: what changed before it was watched would be missed, in milliseconds. */
const SETTLE_MS = 1_500;
/** Follows until what it gives is called. */
export function followChanges(socket: Socket, queries: QueryClient): () => void {
  /** What changed while nobody saw the page; `all` after a break, when nothing is known. */
  let missed: 'all' | Set<Topic> = new Set();
  let hasWatched = false;
  let timer: number | undefined;
  const pace = createPace(() => {
    if (document.hidden) return false;
    const changed = missed;
    missed = new Set();
    if (changed !== 'all' && changed.size === 0) return false;
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => {
        const topics = topicsOfKey(queryKey);
        return changed === 'all' ? topics.length > 0 : topics.some((topic) => changed.has(topic));
      },
    });
    return true;
  });
  const refresh = (): void => pace.request();
  const refreshAll = (): void => {
    missed = 'all';
    refresh();
  };
  const unlisten = socket.listen({
    onState(state) {
      if (state === 'open') socket.send({ type: 'watch' });
    },
    onFrame(frame) {
      if (frame.type === 'changed') {
        if (missed !== 'all') for (const topic of frame.topics) missed.add(topic);
        refresh();
      } else if (frame.type === 'info' && frame.code === 'watching') {
        if (hasWatched) refreshAll();
        else timer = window.setTimeout(refreshAll, SETTLE_MS);
        hasWatched = true;
      }
    },
  });
  document.addEventListener('visibilitychange', refresh);
  return () => {
    unlisten();
    window.clearTimeout(timer);
    pace.stop();
    document.removeEventListener('visibilitychange', refresh);
  };
}
