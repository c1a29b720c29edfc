/** Owns how settings become the memory service, and the service behind the tool that uses it. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { MemoryService } from '../memory/memory-service.ts';
import type { Masker } from '../secrets/mask.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';

export interface MemoryNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly masker: () => Promise<Masker>;
}

export async function buildMemory({ config, clock, store, masker }: MemoryNeeds): Promise<MemoryService> {
  const { createMemoryService } = await import('../memory/memory-service.ts');
  const settings = config.valid();
  return createMemoryService({
    store: await store(),
    clock,
    mask: (await masker()).mask,
    limits: {
      user_info: settings.get('MEMORY_LIMIT_USER_INFO'),
      preferences: settings.get('MEMORY_LIMIT_PREFERENCES'),
      facts: settings.get('MEMORY_LIMIT_FACTS'),
      notes: settings.get('MEMORY_LIMIT_NOTES'),
      reminders: settings.get('MEMORY_LIMIT_REMINDERS'),
    },
  });
}

/** The service `memory` of tools, built at its first question. */
export function memoryTool(
  { clock, store }: Pick<MemoryNeeds, 'clock' | 'store'>,
  memory: () => Promise<MemoryService>,
): Service {
  return async (...question) => {
    const { createMemoryTool } = await import('../conversations/memory-tool.ts');
    return createMemoryTool({ store: await store(), clock, memory: await memory() })(...question);
  };
}
