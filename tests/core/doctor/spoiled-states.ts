/** Every state in which a check is not well: what of the facts is spoiled, and what has to be said of it. */
import type { DoctorFacts } from '../../../src/core/doctor/checks.ts';
import { GOOD, HOME, NOW, settingsOf } from './good-facts.ts';

export type Change = { readonly [F in keyof DoctorFacts]?: Partial<DoctorFacts[F]> };

const bad = { ok: false, indexed: 2, waiting: 0, problems: ['1 texts are not in the index'] };
const unit = GOOD.server.unit;
const running = GOOD.server.process;
const sealed = GOOD.services.secrets;
const wall = (name: string) => async () =>
  (await GOOD.machine.walls()).map((each) => ({ ...each, works: ![each.name, 'all'].includes(name) }));
const secretsIn = (more: object) => async () => ({ ...(await sealed()), ...more });
const serverIs = (more: object) => async () => ({ ...(await running()), ...more });
const unitIs = (more: object) => async () => ({ ...(await unit()), ...more });
const full = { failure: { code: 'auth-missing', message: 'The key file is missing.' } };
const account = { account: 'claude', state: 'fresh', failed_refreshes: 0, error: null, warnings: [] };
const backupsAre = (more: object) => async () => ({ ...(await GOOD.work.backups()), ...more });
const tools = { waiting: [], quarantined: [], changed: [], unreadable: [] };

/** Every state that a check tells of, with what its result must be. */
export const STATES: readonly (readonly [check: string, status: string, fix: RegExp, change: Change])[] = [
  ['node', 'error', /^npm install --global node@26$/, { home: { nodeVersion: '22.1.0' } }],
  ['home', 'error', /^claw doctor --fix$/, { home: { open: async () => [HOME] } }],
  [
    'home-writable',
    'error',
    /^sudo mount -o remount,rw \/home$/,
    { home: { writeFailure: async () => ({ code: 'EROFS', mount: '/home', isOwn: true }) } },
  ],
  [
    'home-writable',
    'error',
    /^chmod u\+rwx /,
    { home: { writeFailure: async () => ({ code: 'EACCES', mount: '/', isOwn: true }) } },
  ],
  [
    'home-writable',
    'error',
    /^sudo chown -R /,
    { home: { writeFailure: async () => ({ code: 'EACCES', mount: '/', isOwn: false }) } },
  ],
  [
    'home-writable',
    'error',
    /^claw backup prune --keep 1$/,
    { home: { writeFailure: async () => ({ code: 'ENOSPC', mount: '/', isOwn: true }), backupCount: async () => 3 } },
  ],
  ['disk-space', 'warning', /^du -hd1 /, { home: { space: async () => ({ free: 5e8, total: 1e11 }) } }],
  [
    'disk-space',
    'error',
    /^claw backup prune/,
    { home: { space: async () => ({ free: 1e6, total: 1e11 }), backupCount: async () => 2 } },
  ],
  ['log-files', 'warning', /--fix$/, { home: { openLogs: async () => ['/h/logs/claw.log'] } }],
  [
    'temporary-files',
    'warning',
    /--fix$/,
    { home: { leftovers: async () => ({ temporary: ['/h/.tmp-1'], snapshots: [], before: [] }) } },
  ],
  [
    'old-snapshots',
    'warning',
    /--fix$/,
    { home: { leftovers: async () => ({ temporary: [], snapshots: ['/h/a.db'], before: [] }) } },
  ],
  [
    'before-restore',
    'warning',
    /^rm -r '\/h\/x y'$/,
    { home: { leftovers: async () => ({ temporary: [], snapshots: [], before: ['/h/x y'] }) } },
  ],
  ['settings', 'error', /^unset MAX_TOKENS$/, { settings: { settings: () => settingsOf({ MAX_TOKENS: 'many' }) } }],
  [
    'settings',
    'error',
    /^unset CLAW_MAX_TOKENS$/,
    { settings: { settings: () => settingsOf({ CLAW_MAX_TOKENS: 'many' }) } },
  ],
  [
    'setting-names',
    'warning',
    /^unset CLAW_MAX_TOKNES$/,
    { settings: { settings: () => settingsOf({ CLAW_MAX_TOKNES: '5' }) } },
  ],
  [
    'setting-aliases',
    'warning',
    /^unset GEMINI_API_KEY$/,
    { settings: { settings: () => settingsOf({ GOOGLE_API_KEY: 'made-up-a', GEMINI_API_KEY: 'made-up-b' }) } },
  ],
  ['env-files', 'error', /--fix$/, { settings: { openEnvFiles: async () => [`${HOME}/.env`] } }],
  ['env-files', 'error', /^chmod 600 \/work\/.env$/, { settings: { openEnvFiles: async () => ['/work/.env'] } }],
  ['other-home', 'warning', /^unset CLAW_HOME$/, { settings: { home: '/tmp/new', withDatabase: async () => [HOME] } }],
  ['time-zone', 'warning', /^claw config set TIMEZONE UTC$/, { settings: { zone: () => 'Etc/Unknown' } }],
  [
    'time-zone',
    'error',
    /^unset TIMEZONE$/,
    {
      settings: {
        settings: () => settingsOf({ TIMEZONE: 'Nowhere/City' }),
        zone: () => {
          throw new Error('no zone');
        },
      },
    },
  ],
  ['clock', 'error', /timedatectl/, { settings: { now: () => 0 } }],
  ['clock', 'warning', /timedatectl/, { settings: { newest: async () => NOW + 86_400_000 } }],
  ['store', 'error', /^mv .*claw\.db .*claw\.db\.damaged$/, { store: { integrity: async () => 'row 7 is torn' } }],
  [
    'store',
    'error',
    /^claw backup restore \/b\/x\.tar\.zst --yes$/,
    {
      store: {
        integrity: async () => {
          throw new Error('file is not a database');
        },
        newestBackup: async () => '/b/x.tar.zst',
      },
    },
  ],
  ['store', 'error', /--fix$/, { store: { integrity: async () => 'row 1 missing from index tasks_by_owner' } }],
  [
    'store',
    'error',
    /^npm update --global claw$/,
    {
      store: {
        integrity: async () => {
          throw new Error('This home has schema 99; this claw knows up to 21.');
        },
      },
    },
  ],
  ['foreign-keys', 'error', /^mv /, { store: { looseRows: async () => 3 } }],
  ['schema', 'error', /^npm update/, { store: { schema: async () => ({ found: 99, known: 21 }) } }],
  ['schema', 'warning', /^claw status$/, { store: { schema: async () => ({ found: 20, known: 21 }) } }],
  ['write-ahead-log', 'warning', /--fix$/, { store: { walBytes: async () => 1e9 } }],
  [
    'audit',
    'error',
    /^claw audit verify$/,
    { store: { trail: async () => ({ isWhole: false, rows: 2, problem: 'Row 3 was changed.', remark: null }) } },
  ],
  [
    'audit',
    'warning',
    /^claw audit verify$/,
    { store: { trail: async () => ({ isWhole: true, rows: 2, problem: null, remark: 'There is no note.' }) } },
  ],
  [
    'memory-index',
    'error',
    /^claw memory reindex$/,
    { store: { indexes: { ...GOOD.store.indexes, memories: async () => bad } } },
  ],
  [
    'conversation-index',
    'error',
    /^claw conversation reindex$/,
    { store: { indexes: { ...GOOD.store.indexes, conversations: async () => bad } } },
  ],
  [
    'knowledge-index',
    'error',
    /^claw knowledge reindex$/,
    { store: { indexes: { ...GOOD.store.indexes, knowledge: async () => bad } } },
  ],
  ['secrets', 'error', /^mv .*secrets\.sealed/, { services: { secrets: secretsIn(full) } }],
  [
    'secrets',
    'error',
    /^read -rsp "CLAW_MASTER_KEY: " /,
    { services: { secrets: secretsIn({ ...full, seal: 'pass-phrase' }) } },
  ],
  ['secrets', 'warning', /SECRET_STORE keychain$/, { services: { secrets: secretsIn({ isDesktop: true }) } }],
  ['providers', 'warning', /^claw secret set ANTHROPIC_API_KEY$/, { services: { providers: async () => [] } }],
  [
    'providers',
    'warning',
    /^claw config set OPENAI_COMPATIBLE_BASE_URL /,
    {
      services: {
        providers: async () => [],
        localModels: async () => [{ name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1' }],
      },
    },
  ],
  [
    'provider-addresses',
    'error',
    /^claw model test$/,
    { services: { unreachable: async () => [{ name: 'openai', reason: 'refused' }] } },
  ],
  [
    'accounts',
    'error',
    /^claw auth login claude$/,
    { services: { accounts: async () => [{ ...account, state: 'needs-login' }] } },
  ],
  [
    'accounts',
    'warning',
    /^claw auth refresh claude$/,
    { services: { accounts: async () => [{ ...account, failed_refreshes: 2 }] } },
  ],
  [
    'accounts',
    'warning',
    /--accept-risk$/,
    {
      services: {
        accounts: async () => [
          { ...account, warnings: ['Nobody has agreed to its use: claw auth login claude --accept-risk'] },
        ],
      },
    },
  ],
  ['local-models', 'warning', /^ollama serve$/, { services: { localAddress: () => 'http://127.0.0.1:11434/v1' } }],
  ['local-models', 'warning', /^claw model test$/, { services: { localAddress: () => 'http://127.0.0.1:9999/v1' } }],
  [
    'server',
    'warning',
    /^claw service start$/,
    { server: { process: serverIs({ isRunning: false }), isWanted: async () => 'telegram cannot be answered' } },
  ],
  [
    'server',
    'warning',
    /^claw serve$/,
    {
      server: {
        process: serverIs({ isRunning: false }),
        isWanted: async () => 'x',
        unit: unitIs({ isInstalled: false }),
      },
    },
  ],
  ['server-version', 'warning', /^claw service restart$/, { server: { version: '2.0.0' } }],
  ['server-version', 'warning', /^kill 4242$/, { server: { version: '2.0.0', unit: unitIs({ isInstalled: false }) } }],
  ['server-crashes', 'error', /restart$/, { server: { process: serverIs({ state: 'safe-mode' }) } }],
  ['server-crashes', 'warning', /^claw service logs$/, { server: { process: serverIs({ recentCrashes: 2 }) } }],
  ['server-memory', 'warning', /restart$/, { server: { flags: async () => ['node', 'claw.js', 'serve'] } }],
  ['stale-files', 'warning', /--fix$/, { server: { staleFiles: async () => ['/h/run/config.lock'] } }],
  [
    'ports',
    'warning',
    /^claw config set WS_PORT 8767$/,
    { server: { ports: async () => [{ setting: 'WS_PORT', port: 8765, isTaken: true, free: 8767 }] } },
  ],
  [
    'channels',
    'warning',
    /^claw secret set SLACK_APP_TOKEN$/,
    { server: { channels: async () => [{ name: 'slack', state: 'off', detail: null, missing: ['SLACK_APP_TOKEN'] }] } },
  ],
  [
    'channels',
    'warning',
    /^claw channel test telegram$/,
    { server: { channels: async () => [{ name: 'telegram', state: 'failed', detail: 'refused', missing: [] }] } },
  ],
  ['service-unit', 'error', /restart --system$/, { server: { unit: unitIs({ active: 'failed', scope: 'system' }) } }],
  ['service-unit', 'warning', /^claw service install$/, { server: { unit: unitIs({ isCurrent: false }) } }],
  [
    'service-unit',
    'warning',
    /^sudo claw service install --system --user kim$/,
    { server: { unit: unitIs({ enabled: 'disabled', scope: 'system', user: 'kim' }) } },
  ],
  ['backups', 'warning', /^claw backup create$/, { work: { backups: backupsAre({ backups: [] }) } }],
  [
    'backups',
    'warning',
    /^claw backup create$/,
    { work: { backups: backupsAre({ backups: [{ file: '/b/a.tar.zst', at: NOW - 40 * 86_400_000 }] }) } },
  ],
  ['backup-proof', 'warning', /^claw backup verify \/home\//, { work: { backups: backupsAre({ proved: {} }) } }],
  ['dead-letters', 'warning', /^claw conversation resend 0190$/, { work: { deadLetters: async () => ['0190'] } }],
  ['dead-letters', 'warning', /^claw conversation failed$/, { work: { deadLetters: async () => ['0190', '0191'] } }],
  [
    'tasks',
    'warning',
    /^claw task resume morning$/,
    { work: { stoppedTasks: async () => [{ name: 'morning', reason: 'five failures' }] } },
  ],
  ['tools', 'warning', /^claw tool approve a$/, { work: { tools: async () => ({ ...tools, waiting: ['a'] }) } }],
  [
    'tools',
    'warning',
    /^claw tool enable b$/,
    { work: { tools: async () => ({ ...tools, quarantined: [{ name: 'b', reason: null }] }) } },
  ],
  [
    'tools',
    'warning',
    /^claw tool info c$/,
    { work: { tools: async () => ({ ...tools, changed: [{ name: 'c', file: 'c.ts' }] }) } },
  ],
  [
    'tools',
    'warning',
    /^rm /,
    {
      work: {
        tools: async () => ({ ...tools, unreadable: [{ path: '/h/tools/l.ts', reason: 'it is a symbolic link' }] }),
      },
    },
  ],
  ['spool', 'warning', /^claw cleanup$/, { work: { spool: async () => ({ path: '/h/spool', bytes: 5e9 }) } }],
  ['wall-quickjs', 'error', /^npm rebuild/, { machine: { walls: wall('quickjs') } }],
  ['wall-bubblewrap', 'warning', /install bubblewrap$/, { machine: { walls: wall('bubblewrap') } }],
  [
    'wall-container',
    'warning',
    /^sudo dnf install docker.io$/,
    { machine: { walls: wall('all'), installers: async () => ['dnf'] } },
  ],
  ['wall-documents', 'warning', /install bubblewrap util-linux$/, { machine: { walls: wall('documents') } }],
  [
    'container-engine',
    'error',
    /install docker.io$/,
    { machine: { engine: async () => ({ clients: [], failure: undefined, isWanted: true }) } },
  ],
  [
    'container-engine',
    'error',
    /^sudo usermod -aG docker /,
    { machine: { engine: async () => ({ clients: ['docker'], failure: 'permission denied', isWanted: true }) } },
  ],
  [
    'container-engine',
    'error',
    /^sudo systemctl start docker$/,
    { machine: { engine: async () => ({ clients: ['docker'], failure: 'no daemon', isWanted: true }) } },
  ],
  [
    'browser',
    'warning',
    /^brew install chromium$/,
    { machine: { browserFailure: async () => 'no-chromium', installers: async () => ['brew'] } },
  ],
  ['browser', 'warning', /^npm install/, { machine: { browserFailure: async () => 'no-driver' } }],
];
