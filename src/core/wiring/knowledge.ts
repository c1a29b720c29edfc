/** Owns how knowledge is put together: the guarded client and files, the reader in a process of its own, and the store. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Knowledge } from '../knowledge/knowledge-service.ts';
import type { Store } from '../store/store.ts';

interface KnowledgeParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
}

export async function buildKnowledge({ config, clock, store }: KnowledgeParts): Promise<Knowledge> {
  const { createKnowledge } = await import('../knowledge/knowledge-service.ts');
  const { readBytes } = await import('../knowledge/read/read-bytes.ts');
  const { createGuardedFetch } = await import('../net/guarded-fetch.ts');
  const { ownAddresses, resolveBySystem } = await import('../net/resolve.ts');
  const { openGuardedFiles } = await import('../sandbox/files.ts');
  const { ownProgram } = await import('../tools/source/own-program.ts');
  const settings = config.valid();
  const maxBytes = Math.round(settings.get('KNOWLEDGE_MAX_FILE_MB') * 1024 * 1024);
  const trustedOrigins = settings.get('TRUSTED_ORIGINS').map((text) => new URL(text).origin);
  const program = ownProgram('core/knowledge/read/read-document-main');
  const { home } = config.paths;
  return createKnowledge({
    store: await store(),
    clock,
    read: (source, signal) => readBytes({ program, maxBytes }, source, signal),
    outside: {
      fetch: createGuardedFetch({ resolve: resolveBySystem, ownAddresses, trustedOrigins }),
      files: (folder) => openGuardedFiles({ roots: [{ name: 'folder', folder, mode: 'read' }], home }),
      maxBytes,
    },
  });
}
