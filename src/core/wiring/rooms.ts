/** Owns how settings become the services of rooms and of pairing. */
import type { PairingService } from '../access/pairing.ts';
import type { Config } from '../config/open-config.ts';
import type { GroupService } from '../conversations/groups.ts';
import type { Clock } from '../kernel/clock.ts';
import { loadCatalogue } from '../kernel/language/load-catalogue.ts';
import type { Masker } from '../secrets/mask.ts';
import type { Store } from '../store/store.ts';

export interface RoomParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly masker: () => Promise<Masker>;
}

export async function buildPairing({ config, clock, store }: Omit<RoomParts, 'masker'>): Promise<PairingService> {
  const { createPairingService } = await import('../access/pairing.ts');
  const { queueOutgoing } = await import('../conversations/outgoing.ts');
  const { chat } = await loadCatalogue(config.valid().language);
  return createPairingService({
    store: await store(),
    clock,
    expiryMs: config.valid().get('PAIRING_MINUTES') * 60_000,
    welcome: async (tables, { channel, chat_jid: chatId }) => {
      const outgoing = { kind: 'notice', text: chat.welcome } as const;
      await queueOutgoing(tables, { channel, chatId }, outgoing, clock.now());
    },
  });
}

export async function buildGroups({ config, clock, store, masker }: RoomParts): Promise<GroupService> {
  const { createGroupService } = await import('../conversations/groups.ts');
  return createGroupService({
    store: await store(),
    clock,
    folder: config.paths.groups,
    trigger: () => ({
      assistantName: config.valid().get('ASSISTANT_NAME'),
      pattern: config.valid().get('TRIGGER_PATTERN'),
      particles: config.valid().get('TRIGGER_PARTICLES'),
    }),
    maskJson: (await masker()).maskJson,
  });
}
