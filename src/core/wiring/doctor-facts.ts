/** Owns where the health checks get their facts from. A part that cannot be opened fails the checks that look at it, and no other. */
import { createRequire } from 'node:module';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupService } from '../backup/backup-service.ts';
import type { Config } from '../config/open-config.ts';
import { listConfigVersions } from '../config/config-file.ts';
import { findHome } from '../config/home.ts';
import { checkMessageIndex } from '../conversations/message-index.ts';
import { INSTALL_PROGRAMS } from '../doctor/command-text.ts';
import { type HomeFacts, roomFix, writableFix } from '../doctor/home-checks.ts';
import {
  leftoversOf,
  openEnvFiles,
  openLogPaths,
  openPaths,
  programsOf,
  sizeOf,
  spaceOf,
  writeFailureOf,
} from '../doctor/look-at-home.ts';
import type { MachineFacts } from '../doctor/machine-checks.ts';
import { NotLookedAt } from '../doctor/run-checks.ts';
import type { SettingFacts } from '../doctor/setting-checks.ts';
import type { StoreFacts } from '../doctor/store-checks.ts';
import type { ToolFacts, WorkFacts } from '../doctor/work-checks.ts';
import { AuditTooLong, verifyInTime } from '../audit/verify-in-time.ts';
import type { Clock } from '../kernel/clock.ts';
import { lazy } from '../kernel/lazy.ts';
import { checkIndex } from '../knowledge/check-index.ts';
import { checkMemoryIndex } from '../memory/memory-index.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { countLooseRows, logBytes, schemaVersion } from '../store/sqlite/mend-database.ts';
import { newestSchema, type Store } from '../store/store.ts';
import { readToolFolder } from '../tools/registry/tool-folder.ts';

export interface FactNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly backups: () => Promise<Pick<BackupService, 'list'>>;
}

export function homeFacts({ config, clock, backups }: FactNeeds): HomeFacts {
  const { paths } = config;
  return {
    home: paths.home,
    nodeVersion: process.versions.node,
    open: () => openPaths(paths),
    openLogs: () => openLogPaths(paths),
    writeFailure: lazy(() => writeFailureOf(paths)),
    space: () => spaceOf(paths.home),
    backupCount: async () => (await (await backups()).list()).length,
    leftovers: lazy(() => leftoversOf(paths, clock.now())),
  };
}

export function settingFacts({ config, clock, store }: FactNeeds): SettingFacts {
  const { paths } = config;
  return {
    settings: config.unchecked,
    config: paths.config,
    env: paths.env,
    home: paths.home,
    usualHome: findHome(undefined, {}),
    withDatabase: async (homes) => {
      const sizes = await Promise.all(homes.map((home) => stat(join(home, 'claw.db')).catch(() => undefined)));
      return homes.filter((_, index) => sizes[index] !== undefined);
    },
    hasVersion: async () => (await listConfigVersions(paths)).length > 0,
    openEnvFiles: () => openEnvFiles(paths, config.unchecked().standing),
    now: () => clock.now(),
    newest: async () => (await store()).health.newestInstant(),
    zone: () => {
      const named = config.unchecked().get('TIMEZONE');
      const options = named === undefined ? {} : { timeZone: named };
      return new Intl.DateTimeFormat('en', options).resolvedOptions().timeZone;
    },
  };
}

/** How long the proof of the audit trail may take here, in milliseconds. */
const TRAIL_MS = 800;
/** Up to this size every index is compared with its table; that reads some hundred megabytes a second. */
const THOROUGH_BYTES = 100 * 1024 * 1024;

/** Opens the store; where the home or its disk is why that cannot be, it says so with the command for that. */
export function openedStore(store: FactNeeds['store'], home: HomeFacts): FactNeeds['store'] {
  return lazy(async () => {
    const failure = await home.writeFailure();
    if (failure !== undefined) throw new NotLookedAt('the home cannot be written.', await writableFix(home, failure));
    try {
      return await store();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      throw new NotLookedAt('there is no room on the disk.', await roomFix(home));
    }
  });
}

/** `opened`: the store, as `openedStore` opens it. */
export function storeFacts({ config, backups }: FactNeeds, opened: FactNeeds['store']): StoreFacts {
  const { paths } = config;
  return {
    database: paths.database,
    integrity: async () => {
      const { size } = await stat(paths.database).catch(() => ({ size: 0 }));
      return (await opened()).integrity(size < THOROUGH_BYTES);
    },
    newestBackup: async () => (await (await backups()).list())[0]?.file,
    looseRows: async () => {
      await opened();
      return countLooseRows(paths.database);
    },
    schema: async () => {
      await opened();
      return { found: schemaVersion(paths.database), known: newestSchema() };
    },
    walBytes: async () => logBytes(paths.database),
    trail: async () => {
      const { audit } = await opened();
      const verdict = await verifyInTime(audit, paths, TRAIL_MS);
      return verdict === AuditTooLong ? undefined : verdict;
    },
    indexes: {
      memories: async () => checkMemoryIndex(await opened()),
      conversations: async () => checkMessageIndex(await opened()),
      knowledge: async () => checkIndex(await opened()),
    },
  };
}

function isDiskFull(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['SQLITE_FULL', 'ENOSPC', 'EDQUOT'].includes(code) || code.startsWith('SQLITE_IOERR_WRITE');
}

const MOST_LETTERS = 100;
const MOST_FILES = 20_000;

export function workFacts({ config, clock, store, backups }: FactNeeds): WorkFacts {
  const { paths } = config;
  return {
    now: () => clock.now(),
    backups: lazy(async () => {
      const listed = await (await backups()).list();
      const { health } = await store();
      return {
        backups: listed.map(({ file, header }) => ({ file, at: Date.parse(header.created_at) })),
        proved: await health.lastDone('backup.verify'),
        everyHours: config.unchecked().get('BACKUP_EVERY_HOURS'),
        hasData: await health.holdsAnything(),
      };
    }),
    deadLetters: async () => {
      const { inbound, outbox } = await store();
      const found = [...(await inbound.failed(MOST_LETTERS)), ...(await outbox.deadLetters(MOST_LETTERS))];
      return found.map(({ id }) => id);
    },
    stoppedTasks: async () => (await store()).health.stoppedTasks(),
    tools: async () => toolFacts(await store(), paths.tools),
    spool: async () => ({ path: paths.spool, bytes: (await sizeOf(paths.spool, MOST_FILES)).bytes }),
  };
}

/** What is known of tools without starting one: files that are new are only looked at when somebody uses tools. */
export async function toolFacts(store: Pick<Store, 'tools'>, folder: string): Promise<ToolFacts> {
  const heads = await store.tools.heads();
  const { files, unreadable } = readToolFolder(folder);
  const known = new Set(heads.map(({ hash }) => hash));
  const approved = new Map(heads.filter(({ state }) => state === 'active').map((head) => [head.file, head.name]));
  return {
    waiting: heads.filter(({ state }) => state === 'pending').map(({ name }) => name),
    quarantined: heads.filter(({ state }) => state === 'quarantined').map(({ name, reason }) => ({ name, reason })),
    changed: files.flatMap(({ file, hash }) => {
      const name = approved.get(file);
      return name === undefined || known.has(hash) ? [] : [{ name, file }];
    }),
    unreadable: unreadable.map(({ file, reason }) => ({ path: join(folder, file), reason })),
  };
}

interface MachineParts {
  readonly config: Config;
  readonly sandbox: () => Promise<Sandbox>;
  readonly reader: () => Promise<DocumentReader>;
  /** Ask what is there, and not only look. */
  readonly isOnline: boolean;
}

export function machineFacts({ config, sandbox, reader, isOnline }: MachineParts): MachineFacts {
  return {
    walls: lazy(async () => {
      const [walls, documents] = await Promise.all([
        sandbox().then((made) => made.walls()),
        reader().then((made) => made.wall()),
      ]);
      return [...walls, documents];
    }),
    engine: async () => {
      const { installedEngines } = await import('../sandbox/container/engine.ts');
      const engines = installedEngines({ folder: config.paths.home, environment: config.containerEngine });
      const isWanted = config.unchecked().get('AGENT_RUNNER_MODE') === 'container';
      const [engine] = engines;
      const answer = engine !== undefined && (isWanted || isOnline) ? await engine.run(['version']) : undefined;
      const failure = answer === undefined ? undefined : answer.code === 0 ? null : answer.said;
      return { clients: engines.map(({ name }) => name), failure, isWanted };
    },
    browserFailure: async () => {
      const { findChromium } = await import('../tools/services/browser.ts');
      const { packageRoot } = await import('../tools/source/own-program.ts');
      const isThere = await findChromium().then(
        () => true,
        () => false,
      );
      if (!isThere) return 'no-chromium';
      try {
        createRequire(join(packageRoot(), 'package.json')).resolve('playwright-core');
        return undefined;
      } catch {
        return 'no-driver';
      }
    },
    installers: () => programsOf(INSTALL_PROGRAMS),
  };
}
