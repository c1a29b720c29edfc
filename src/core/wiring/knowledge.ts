/** Owns how knowledge is put together: the guarded client and files, the reader in a process of its own, and the store. */
import { join } from 'node:path';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { lazy } from '../kernel/lazy.ts';
import type { Knowledge } from '../knowledge/knowledge-service.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';

interface KnowledgeParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly reader: () => Promise<DocumentReader>;
  readonly secrets: () => Promise<SecretService>;
}

/** The wall in which documents are read. */
export async function buildReader(): Promise<DocumentReader> {
  const { createDocumentReader } = await import('../sandbox/document-reader.ts');
  const { packageRoot } = await import('../tools/source/own-program.ts');
  return createDocumentReader({ folder: join(packageRoot(), 'dist', 'sandbox') });
}

export async function buildKnowledge({ config, clock, store, reader, secrets }: KnowledgeParts): Promise<Knowledge> {
  const { createKnowledge } = await import('../knowledge/knowledge-service.ts');
  const { readBytes } = await import('../knowledge/read/read-bytes.ts');
  const { createGuardedFetch } = await import('../net/guarded-fetch.ts');
  const { ownAddresses, resolveBySystem } = await import('../net/resolve.ts');
  const { openGuardedFiles } = await import('../sandbox/files.ts');
  const settings = config.valid();
  const maxBytes = Math.round(settings.get('KNOWLEDGE_MAX_FILE_MB') * 1024 * 1024);
  const trustedOrigins = settings.get('TRUSTED_ORIGINS').map((text) => new URL(text).origin);
  const { home } = config.paths;
  const meanings = lazy(async () => (await import('./embeddings.ts')).buildMeanings({ config, clock, store, secrets }));
  return createKnowledge({
    meanings: settings.get('EMBEDDING_MODEL') === undefined ? undefined : meanings,
    store: await store(),
    clock,
    read: async (source, signal) => readBytes({ reader: await reader(), maxBytes }, source, signal),
    outside: {
      fetch: createGuardedFetch({ resolve: resolveBySystem, ownAddresses, trustedOrigins }),
      files: (folder) => openGuardedFiles({ roots: [{ name: 'folder', folder, mode: 'read' }], home }),
      maxBytes,
    },
  });
}

/** The service `knowledge` of tools, built at its first question. */
export function knowledgeTool(
  { config, store }: Pick<KnowledgeParts, 'config' | 'store'>,
  knowledge: () => Promise<Knowledge>,
): Service {
  return async (...question) => {
    const { createKnowledgeTool } = await import('../conversations/knowledge-tool.ts');
    const { openGuardedFiles } = await import('../sandbox/files.ts');
    const settings = config.valid();
    const folder = settings.get('WORKSPACE');
    const roots = [{ name: 'workspace', folder, mode: 'read' as const }];
    const files = openGuardedFiles({ roots, home: config.paths.home });
    const maxBytes = Math.round(settings.get('KNOWLEDGE_MAX_FILE_MB') * 1024 * 1024);
    const workspace = { folder, files, maxBytes };
    return createKnowledgeTool({ store: await store(), knowledge: await knowledge(), workspace })(...question);
  };
}
