/** Owns what the memory tests share: a real store in a home of its own, two users, a room, and a clock that stands still. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createMemoryService, type MemoryDeps } from '../../../src/core/memory/memory-service.ts';
import { roomHolder, userHolder } from '../../../src/core/memory/memory.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

export const SOURCE = { origin: 'person', why: 'a test said so' } as const;

export async function memoryKit(limits: Partial<MemoryDeps['limits']> = {}) {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 0 });
  onTestFinished(() => store.close());
  const clock = manualClock();
  for (const id of ['u1', 'u2'])
    await store.users.insertIfAbsent({ id, username: id, role: 'user', state: 'active', created_at: 0 });
  const memory = createMemoryService({
    store,
    clock,
    mask: (text) => text.replaceAll('made-up-secret', '[masked]'),
    limits: { user_info: 20, preferences: 30, facts: 50, notes: 80, reminders: 20, ...limits },
  });
  const holder = userHolder('u1');
  const remember = (key: string, value: string, more: Partial<Parameters<typeof memory.add>[1]> = {}) =>
    memory.add(holder, { category: 'facts', key, value, ...more }, SOURCE);
  return { store, clock, memory, holder, other: userHolder('u2'), room: roomHolder('team'), remember };
}
