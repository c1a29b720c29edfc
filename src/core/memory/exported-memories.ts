/** Owns memories as a document: all of a holder, the archive and older values included, the same on every surface. */
import { memoryJson, type MemoryHolder } from './memory.ts';
import type { MemoryService } from './memory-service.ts';

export async function exportedMemories(service: MemoryService, holder: MemoryHolder) {
  const rows = [...(await service.list(holder)), ...(await service.list(holder, { state: 'archived' }))];
  const list = [];
  for (const row of rows) {
    const history = (await service.history(row)).map(({ value, why, set_at }) => ({
      value,
      why,
      set_at: new Date(set_at).toISOString(),
    }));
    list.push({ ...memoryJson(row), history });
  }
  return list;
}
