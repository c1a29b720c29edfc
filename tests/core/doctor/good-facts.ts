/** Facts of an installation in which all is well, for tests that spoil one of them. */
import { loadSettings, type Settings } from '../../../src/core/config/load-settings.ts';
import type { DoctorFacts } from '../../../src/core/doctor/checks.ts';

export const HOME = '/home/kim/.claw';
export const NOW = Date.UTC(2026, 10, 20, 12);

/** Settings read from an environment alone. */
export function settingsOf(
  environment: Readonly<Record<string, string>> = {},
  config = '/nowhere/config.json',
): Settings {
  return loadSettings({ home: HOME, config, env: '/nowhere/.env', cwd: '/nowhere', environment, overrides: {} });
}

const sound = { ok: true, indexed: 3, waiting: 0, problems: [] };

export const GOOD: DoctorFacts = {
  home: {
    home: HOME,
    nodeVersion: '26.1.0',
    open: async () => [],
    openLogs: async () => [],
    writeFailure: async () => undefined,
    space: async () => ({ free: 50e9, total: 100e9 }),
    backupCount: async () => 0,
    leftovers: async () => ({ temporary: [], snapshots: [], before: [] }),
  },
  settings: {
    settings: () => settingsOf(),
    config: `${HOME}/config.json`,
    env: `${HOME}/.env`,
    home: HOME,
    usualHome: HOME,
    withDatabase: async () => [HOME],
    hasVersion: async () => true,
    openEnvFiles: async () => [],
    now: () => NOW,
    newest: async () => NOW - 1000,
    zone: () => 'Asia/Seoul',
  },
  store: {
    database: `${HOME}/claw.db`,
    integrity: async () => 'ok',
    newestBackup: async () => undefined,
    looseRows: async () => 0,
    schema: async () => ({ found: 21, known: 21 }),
    walBytes: async () => 4096,
    trail: async () => ({ isWhole: true, rows: 5, problem: null, remark: null }),
    indexes: { memories: async () => sound, conversations: async () => sound, knowledge: async () => sound },
  },
  services: {
    secrets: async () => ({
      kind: 'sealed-file',
      file: `${HOME}/secrets.sealed`,
      seal: 'key-file',
      isDesktop: false,
      count: 1,
      failure: null,
    }),
    providers: async () => ['anthropic'],
    chosen: () => 'anthropic',
    unreachable: async () => [],
    accounts: async () => [],
    localModels: async () => [],
    localAddress: () => undefined,
  },
  server: {
    version: '1.0.0',
    process: async () => ({
      isRunning: true,
      pid: 4242,
      version: '1.0.0',
      state: 'ready',
      recentCrashes: 0,
      ports: { health: 8766 },
    }),
    channels: async () => [{ name: 'telegram', state: 'connected', detail: null, missing: [] }],
    ports: async () => [],
    unit: async () => ({
      isInstalled: true,
      scope: 'user',
      file: '/home/kim/.config/systemd/user/claw.service',
      user: null,
      isOfThisHome: true,
      isCurrent: true,
      enabled: 'enabled',
      active: 'active',
    }),
    staleFiles: async () => [],
    isWanted: async () => undefined,
    flags: async () => ['node', '--max-old-space-size=256', 'claw.js', 'serve'],
  },
  work: {
    now: () => NOW,
    backups: async () => ({
      backups: [{ file: `${HOME}/backups/claw-20261120T030405Z.tar.zst`, at: NOW - 3_600_000 }],
      proved: { 'claw-20261119T030405Z.tar.zst': NOW - 86_400_000 },
      everyHours: 24,
      hasData: true,
    }),
    deadLetters: async () => [],
    stoppedTasks: async () => [],
    tools: async () => ({ waiting: [], quarantined: [], changed: [], unreadable: [] }),
    spool: async () => ({ path: `${HOME}/spool`, bytes: 0 }),
  },
  machine: {
    walls: async () =>
      ['quickjs', 'bubblewrap', 'container', 'documents'].map((name) => ({ name, works: true, detail: 'works' })),
    engine: async () => ({ clients: ['docker'], failure: null, isWanted: false }),
    browserFailure: async () => undefined,
    installers: async () => ['apt-get'],
  },
};
