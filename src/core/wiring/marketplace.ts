/** Owns how settings become the marketplace, and the service of it that tools may ask. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expandTilde } from '../config/home.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Marketplace } from '../marketplace/marketplace-service.ts';
import type { Store } from '../store/store.ts';
import type { Service } from '../tools/call-tool.ts';
import type { ToolSystem } from '../tools/create-tools.ts';

interface MarketplaceNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly tools: () => Promise<ToolSystem>;
}

export async function buildMarketplace({ config, clock, store, tools }: MarketplaceNeeds): Promise<Marketplace> {
  const { createMarketplace } = await import('../marketplace/marketplace-service.ts');
  const { registrySource } = await import('../marketplace/registry-source.ts');
  const { createGuardedFetch } = await import('../net/guarded-fetch.ts');
  const { ownAddresses, resolveBySystem } = await import('../net/resolve.ts');
  const { packageRoot } = await import('../tools/source/own-program.ts');
  const { tellPerson } = await import('../conversations/tell-person.ts');
  const settings = config.valid();
  const { paths } = config;
  const trustedOrigins = settings.get('TRUSTED_ORIGINS').map((text) => new URL(text).origin);
  const web = { fetch: createGuardedFetch({ resolve: resolveBySystem, ownAddresses, trustedOrigins }), trustedOrigins };
  const shipped = join(packageRoot(), 'marketplace');
  const pathOf = (location: string): string => resolve(paths.home, expandTilde(location));
  const source = { web, clock, shipped, cache: paths.marketplaceCache, pathOf };
  const locations = [...new Set(settings.get('MARKETPLACE_REGISTRIES'))];
  return createMarketplace({
    store: await store(),
    clock,
    tools,
    places: {
      sources: locations.map((location) => registrySource(source, location)),
      web,
      publisher: () => readPublisher(join(shipped, 'publisher.json')),
      folder: paths.tools,
      lock: paths.marketplaceLock,
    },
    async tell(tables, text, key, now) {
      const owner = await tables.users.firstAdmin();
      if (owner !== undefined) await tellPerson(tables, { userId: owner.id, text, key, now });
    },
  });
}

async function readPublisher(file: string): Promise<string> {
  const { public_key: key } = JSON.parse(await readFile(file, 'utf8')) as { public_key?: unknown };
  if (typeof key === 'string') return key;
  throw new ClawError('data-invalid', `${file} holds no key.`, { hint: 'Install claw again.' });
}

/** The service `marketplace` of tools, built at its first question. */
export function marketplaceTool(needs: MarketplaceNeeds): Service {
  return async (...question) => {
    const { createMarketplaceTool } = await import('../conversations/marketplace-tool.ts');
    return createMarketplaceTool({ store: await needs.store(), marketplace: () => buildMarketplace(needs) })(
      ...question,
    );
  };
}
