/** A run of an import over a real store, for tests of its parts. */
import { type Actor, terminalActor } from '../../../src/core/access/actor.ts';
import type { ImportedItem } from '../../../src/core/import/imported.ts';
import type { ImportRun } from '../../../src/core/import/taker.ts';
import { peopleKit } from '../access/people-kit.ts';

export async function importKit() {
  const { store, clock, admin, member, home } = await peopleKit();
  const by: Actor = terminalActor(admin);
  const run: ImportRun = {
    source: 'flux',
    label: 'flux-openclaw',
    by,
    owner: admin,
    now: clock.now(),
    activates: false,
    users: new Map(),
    rooms: new Set(),
    conversation: undefined,
  };
  return { store, clock, admin, member, home, run };
}

export async function* streamOf(items: readonly ImportedItem[]): AsyncGenerator<ImportedItem> {
  yield* items;
}
