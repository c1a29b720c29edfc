/** Owns how settings become the service of webhooks: its client is behind the network guard, its secrets are in the secret store. */
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { FAMILIES } from '../kernel/metric-families.ts';
import type { Meters } from '../kernel/meters.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';

export interface WebhookParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly meters: Meters;
}

export async function buildWebhooks({ config, clock, store, secrets, meters }: WebhookParts): Promise<WebhookService> {
  const { createWebhookService } = await import('../webhooks/webhook-service.ts');
  const { createGuardedFetch } = await import('../net/guarded-fetch.ts');
  const { ownAddresses, resolveBySystem } = await import('../net/resolve.ts');
  const trusted = config
    .valid()
    .get('TRUSTED_ORIGINS')
    .map((text) => new URL(text).origin);
  const fetch = createGuardedFetch({ resolve: resolveBySystem, ownAddresses, trustedOrigins: trusted });
  const attempted = (outcome: string): void => meters.add(FAMILIES.webhooks, { outcome });
  return createWebhookService({ store: await store(), clock, fetch, secrets: await secrets(), trusted, attempted });
}
