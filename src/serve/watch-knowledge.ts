/** Owns keeping watched folders of documents in step while the server runs: it looks every few seconds, by time and size. A folder that fails is told once and looked at again. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

/** Looks at all watched folders again and again until `signal` aborts. */
export async function watchKnowledge(
  app: Pick<App, 'clock' | 'settings' | 'store' | 'knowledge'>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const failed = new Set<string>();
  while (!signal.aborted) {
    await app.clock.sleep(app.settings.get('KNOWLEDGE_WATCH_SECONDS') * 1000, signal).catch(() => {});
    if (signal.aborted) return;
    // The service is loaded only where somebody watches a folder.
    const folders = await (await app.store()).knowledge.folders();
    for (const folder of folders) {
      try {
        const { added, updated, removed } = await (await app.knowledge()).syncFolder(folder, { signal });
        failed.delete(folder.id);
        if (added + updated + removed > 0)
          log.info({ folder: folder.path, added, updated, removed }, 'documents changed');
      } catch (error) {
        if (signal.aborted) return;
        if (!failed.has(folder.id)) log.warn({ folder: folder.path, error: toError(error).message }, 'folder not read');
        failed.add(folder.id);
      }
    }
  }
}
