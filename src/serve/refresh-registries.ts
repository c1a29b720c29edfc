/** Owns that a running server hears of packages that were taken back: registries on the web are asked once a day, and never when none is configured. */
import type { App } from '../core/create-app.ts';
import { isWebAddress } from '../core/marketplace/registry-source.ts';
import type { MaintenanceTask } from './maintenance.ts';

const DAY_MS = 24 * 60 * 60_000;

type Needs = Pick<App, 'clock' | 'marketplace'> & { readonly settings: Pick<App['settings'], 'get'> };

/** One task that is called often and asks rarely; what cannot be read is counted. */
export function refreshRegistries(app: Needs): MaintenanceTask {
  let asked = -Infinity;
  return async (signal) => {
    const now = app.clock.now();
    const isDue = now < asked || now - asked >= DAY_MS;
    if (!isDue || !app.settings.get('MARKETPLACE_REGISTRIES').some(isWebAddress)) return {};
    asked = now;
    const { loaded, remarks } = await (await app.marketplace()).registries(signal);
    return { registries_read: loaded.length, registry_remarks: remarks.length };
  };
}
