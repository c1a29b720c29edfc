/** Owns how settings become the service of retention. */
import type { Actor } from '../access/actor.ts';
import type { Config } from '../config/open-config.ts';
import { COMPLETION_ORIGIN } from '../conversations/completion.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RetentionService, RetentionSettings } from '../retention/retention-service.ts';
import type { StatsService } from '../retention/stats-service.ts';
import type { Vacuum } from '../retention/vacuum.ts';
import type { Store } from '../store/store.ts';

interface RetentionNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly lock: () => Promise<{ isHeld(): boolean }>;
}

export type Retention = RetentionService & { readonly vacuum: Vacuum };

/** The least rest after a step, in milliseconds: others wait for the database no longer than for a step. */
const LEAST_REST_MS = 2;

export async function buildRetention({ config, clock, store, lock }: RetentionNeeds): Promise<Retention> {
  const { createRetention } = await import('../retention/retention-service.ts');
  const { createVacuum } = await import('../retention/vacuum.ts');
  const isServed = async (): Promise<boolean> => (await lock()).isHeld();
  const vacuum = createVacuum({ store: await store(), file: config.paths.database, isServed });
  const service = createRetention({
    store: await store(),
    clock,
    paths: config.paths,
    settings: () => settingsOf(config),
    rest: (tookMs) => clock.sleep(Math.max(LEAST_REST_MS, tookMs)),
  });
  return { ...service, vacuum };
}

export async function buildStats({ config, clock, store }: Omit<RetentionNeeds, 'lock'>): Promise<StatsService<Actor>> {
  const { createStats } = await import('../retention/stats-service.ts');
  const { requirePermission } = await import('../access/permissions.ts');
  const settings = () => ({ zone: zoneOf(config), backups: config.valid().get('BACKUP_DIR') });
  return createStats<Actor>({ store: await store(), clock, paths: config.paths, settings, requirePermission });
}

const zoneOf = (config: Config): string =>
  config.valid().get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;

function settingsOf(config: Config): RetentionSettings {
  const settings = config.valid();
  return {
    conversationDays: settings.get('CONVERSATION_KEEP_DAYS'),
    conversationCount: settings.get('CONVERSATION_KEEP_COUNT'),
    deliveryDays: settings.get('DELIVERY_KEEP_DAYS'),
    recordDays: settings.get('RECORD_KEEP_DAYS'),
    taskRuns: settings.get('TASK_RUNS_KEEP'),
    auditDays: settings.get('AUDIT_KEEP_DAYS'),
    logDays: settings.get('LOG_KEEP_DAYS'),
    logBytes: settings.get('LOG_MAX_BYTES'),
    zone: zoneOf(config),
    requestOrigin: COMPLETION_ORIGIN,
  };
}
