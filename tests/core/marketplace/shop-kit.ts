/** A home with a registry of its own, on a real store and real files, with a sandbox that has no walls. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src/core/kernel/clock.ts';
import { systemClock } from '../../../src/core/kernel/clock.ts';
import { createMarketplace, type Marketplace } from '../../../src/core/marketplace/marketplace-service.ts';
import { registrySource } from '../../../src/core/marketplace/registry-source.ts';
import { createGuardedFetch } from '../../../src/core/net/guarded-fetch.ts';
import type { InstallPlan } from '../../../src/core/marketplace/plan-install.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { type TestRegistry, testRegistry } from '../../fakes/test-registry.ts';
import { type RegistryKit, registryKit } from '../tools/registry/registry-kit.ts';

export interface Shop extends RegistryKit {
  readonly home: string;
  readonly source: TestRegistry;
  readonly told: string[];
  /** A marketplace with these registries, that of the shop when there are none. */
  open(options?: ShopOptions): Marketplace;
  plan(what: string, marketplace?: Marketplace): Promise<InstallPlan>;
  /** Plans and installs with a yes to everything but look-alikes. */
  install(what: string, marketplace?: Marketplace): Promise<InstallPlan>;
}

interface ShopOptions {
  readonly locations?: readonly string[];
  readonly trustedOrigins?: readonly string[];
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** Base64; that of nobody when absent. */
  readonly publisher?: string;
}

export const OWNER = { id: 'u1', username: 'owner' };

export async function shop(): Promise<Shop> {
  const kit = await registryKit();
  const home = temporaryHome();
  const source = await testRegistry(join(home, 'registry'));
  const told: string[] = [];
  const open: Shop['open'] = ({
    locations = [source.folder],
    trustedOrigins = [],
    timeoutMs = 10_000,
    clock = systemClock,
    publisher = '',
  } = {}) => {
    const resolve = async (): Promise<string[]> => ['127.0.0.1'];
    const web = { fetch: createGuardedFetch({ resolve, trustedOrigins }), trustedOrigins, timeoutMs };
    const from = { web, clock, shipped: source.folder, cache: join(home, 'cache'), pathOf: (path: string) => path };
    return createMarketplace({
      store: kit.store,
      clock,
      tools: async () => kit,
      places: {
        sources: locations.map((location) => registrySource(from, location)),
        web,
        publisher: async () => publisher,
        folder: kit.folder,
        lock: join(home, 'market.lock'),
      },
      tell: async (_tables, text) => void told.push(text),
    });
  };
  const plan: Shop['plan'] = async (what, marketplace = open()) => (await marketplace.plan({ what, by: OWNER })).plan;
  onTestFinished(() => void told.splice(0));
  return {
    ...kit,
    home,
    source,
    told,
    open,
    plan,
    async install(what, marketplace = open()) {
      const made = await plan(what, marketplace);
      const consent = { isYes: true, allowsNewPermissions: true, allowsLookAlike: false };
      await marketplace.install(made, { ...consent, trust: made.candidate.verified.keyId }, OWNER);
      return made;
    },
  };
}
