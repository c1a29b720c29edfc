/** Owns what the health checks look at in an app. */
import type { Config } from '../config/open-config.ts';
import { checkMessageIndex } from '../conversations/message-index.ts';
import { checkIndex } from '../knowledge/check-index.ts';
import type { Models } from '../llm/open-models.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import { checkMemoryIndex } from '../memory/memory-index.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import { allChecks } from './checks.ts';
import { type CheckResult, runChecks } from './run-checks.ts';

interface HealthParts {
  readonly config: Config;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly models: () => Promise<Models>;
  readonly sandbox: () => Promise<Sandbox>;
  readonly reader: () => Promise<DocumentReader>;
}

/** Runs every check of an installation on what an app is made of. */
export function checkHealth({ config, store, secrets, models, sandbox, reader }: HealthParts): Promise<CheckResult[]> {
  const settings = config.unchecked();
  return runChecks(
    allChecks({
      paths: config.paths,
      settingProblems: () => [...settings.problems.map(({ message }) => message), ...settings.remarks],
      storeIntegrity: async () => (await store()).integrity(),
      secretStore: async () => ({
        place: config.paths.secrets,
        isKeychain: (await secrets()).target === 'keychain',
      }),
      indexes: {
        memories: async () => checkMemoryIndex(await store()),
        conversations: async () => checkMessageIndex(await store()),
        knowledge: async () => checkIndex(await store()),
      },
      machine: {
        providers: async () => (await (await models()).configured()).filter((name) => name !== 'offline'),
        walls: async () => [...(await (await sandbox()).walls()), await (await reader()).wall()],
      },
    }),
  );
}
