/** For each rule a state in which it finds something: what of the facts is spoiled, and what has to be said of it. */
import { HOME, NOW, settingsOf } from '../good-facts.ts';
import { type PlainFacts, SAFE } from './safe-facts.ts';

export type Change = { readonly [F in keyof PlainFacts]?: Partial<PlainFacts[F]> };

const DAY = 86_400_000;
const [key] = SAFE.people.keys;
const keyWith = (more: object): Change => ({ people: { keys: key === undefined ? [] : [{ ...key, ...more }] } });
const tool = (more: object): Change => ({
  tools: { active: [{ name: 'wide', net: [], exec: [], secrets: [], ...more }] },
});
const wall = (name: string): Change => ({
  machine: { walls: SAFE.machine.walls.map((each) => ({ ...each, works: each.name !== name })) },
});
const { unit } = SAFE.machine;
/** Settings of the environment: what stands there cannot be mended by a change of config.json. */
const exposed = (environment: Readonly<Record<string, string>>): Change => ({
  exposure: { settings: settingsOf(environment) },
});
const kept = (environment: Readonly<Record<string, string>>): Change => ({
  keeping: { settings: settingsOf(environment) },
});
const run = (environment: Readonly<Record<string, string>>): Change => ({
  tools: { settings: settingsOf(environment) },
});
const PUBLIC = { DASHBOARD_HOST: '0.0.0.0' };
const WEAK = 'passwordpasswordpasswordpassword';

export const UNSAFE: readonly (readonly [id: string, severity: string, fix: RegExp | null, change: Change])[] = [
  ['bind.no-sign-in', 'critical', /^unset DASHBOARD_HOST$/, exposed(PUBLIC)],
  ['bind.no-tls', 'high', /^unset DASHBOARD_HOST$/, exposed({ ...PUBLIC, AUTH_ENABLED: 'true' })],
  ['bind.not-as-set', 'high', /^claw service restart$/, { exposure: { listening: ['0.0.0.0:8080'] } }],
  ['bind.not-as-set', 'medium', /^claw status$/, { exposure: { listening: null } }],
  ['token.websocket-weak', 'high', /WS_AUTH_TOKEN$/, { exposure: { tokens: { WS_AUTH_TOKEN: WEAK } } }],
  ['token.dashboard-weak', 'high', /DASHBOARD_TOKEN$/, { exposure: { tokens: { DASHBOARD_TOKEN: 'short' } } }],
  ['token.signing-weak', 'critical', /JWT_SECRET$/, { exposure: { tokens: { JWT_SECRET: 'ab'.repeat(20) } } }],
  ['origin.any-site', 'critical', /^unset CORS_/, exposed({ CORS_ALLOWED_ORIGINS: '*' })],
  ['origin.any-site', 'high', /^unset CORS_/, exposed({ CORS_ALLOWED_ORIGINS: '*', AUTH_ENABLED: 'true' })],
  ['origin.any-websocket', 'high', /^unset WS_/, exposed({ WS_ALLOWED_ORIGINS: 'https://*' })],
  ['host.any-name', 'medium', /^unset ALLOWED_HOSTS$/, exposed({ ALLOWED_HOSTS: '*' })],
  ['rate.no-limit', 'low', /^unset LOGIN_RATE_LIMIT$/, exposed({ LOGIN_RATE_LIMIT: '100000' })],
  ['session.long', 'low', /^unset JWT_ACCESS_TTL$/, exposed({ JWT_ACCESS_TTL: '86400' })],
  ['address.plain-http', 'high', /^unset ANTHROPIC_BASE_URL$/, exposed({ ANTHROPIC_BASE_URL: 'http://proxy.example' })],
  ['crash.no-back-off', 'low', /^unset CRASH_BACKOFF$/, exposed({ CRASH_BACKOFF: 'off' })],
  ['exec.full', 'critical', /^unset EXEC_LEVEL$/, run({ EXEC_LEVEL: 'full' })],
  ['exec.interpreter', 'high', /^unset EXEC_ALLOW$/, run({ EXEC_ALLOW: 'git status, python3' })],
  ['exec.unsafe-tests', 'high', /^unset UNSAFE_TESTS$/, run({ UNSAFE_TESTS: '1' })],
  ['origin.trusted', 'info', /^unset TRUSTED_ORIGINS$/, run({ TRUSTED_ORIGINS: 'http://127.0.0.1:8123' })],
  ['workspace.wide', 'high', /^unset WORKSPACE$/, run({ WORKSPACE: '/home' })],
  ['tool.secret-anywhere', 'high', /^claw tool disable wide$/, tool({ net: ['*'], secrets: ['KEY'] })],
  ['tool.any-host', 'medium', /^claw tool disable wide$/, tool({ net: ['*'] })],
  ['tool.programs', 'medium', /^claw tool disable wide$/, tool({ exec: ['git'] })],
  ['tool.changed', 'high', /^claw tool info a$/, { tools: { changed: ['a'] } }],
  ['tool.waiting', 'low', /^claw tool info b$/, { tools: { waiting: ['b'] } }],
  ['grant.endless', 'medium', /^claw approval revoke 0190$/, { tools: { grants: [{ id: '0190', act: 'git push' }] } }],
  ['mount.wide', 'high', null, { tools: { mounts: [{ path: '/home/kim', isWritable: true }] } }],
  ['mount.wide', 'medium', null, { tools: { mounts: null } }],
  ['admin.many', 'low', /^claw user list$/, { people: { admins: ['a', 'b', 'c'] } }],
  ['key.endless', 'low', /^claw user key revoke kim claw_0123456$/, keyWith({ expires_at: null })],
  ['key.unused', 'low', /^claw user key revoke/, keyWith({ last_used_at: null, created_at: NOW - 40 * DAY })],
  ['key.unused', 'low', /^claw user key revoke/, keyWith({ last_used_at: NOW - 200 * DAY })],
  ['key.old', 'low', /^claw user key revoke/, keyWith({ created_at: NOW - 400 * DAY })],
  ['user.disabled-session', 'high', /^claw user disable lee$/, { people: { disabledWithAccess: ['lee'] } }],
  ['pairing.waiting', 'info', /^claw user pair list$/, { people: { waiting: { pairings: 1, devices: 0 } } }],
  ['device.waiting', 'info', /^claw device list$/, { people: { waiting: { pairings: 0, devices: 2 } } }],
  ['channel.anybody-asks', 'low', /TELEGRAM_ALLOWED_USERS 42$/, { people: { settings: settingsOf() } }],
  ['channel.anybody-asks', 'low', /^claw user pair list$/, { people: { channels: { slack: [] } } }],
  [
    'channel.open-room',
    'info',
    /^unset SLACK_ALLOWED_CHANNELS$/,
    {
      people: {
        settings: settingsOf({ SLACK_ALLOWED_CHANNELS: 'C1', SLACK_ALLOWED_USERS: 'U1' }),
        channels: { slack: [] },
      },
    },
  ],
  ['channel.any-server', 'low', /^claw channel test discord$/, { people: { channels: { discord: ['1'] } } }],
  ['channel.bots', 'low', /^unset ALLOWED_BOTS$/, { people: { settings: settingsOf({ ALLOWED_BOTS: 'discord:7' }) } }],
  ['secret.in-config', 'high', /^claw config unset OPENAI_API_KEY$/, { secrets: { inConfig: ['OPENAI_API_KEY'] } }],
  ['secret.env-readable', 'critical', /^chmod 600 /, { secrets: { openEnvFiles: [`${HOME}/.env`] } }],
  [
    'secret.in-environment',
    'medium',
    /^claw secret set OPENAI_API_KEY$/,
    { secrets: { settings: settingsOf({ OPENAI_API_KEY: 'made-up-key' }) } },
  ],
  ['secret.key-beside', 'info', /SECRET_STORE keychain$/, { secrets: { isKeyBeside: true } }],
  ['file.readable', 'high', /^chmod go-rwx /, { files: { readable: [HOME] } }],
  ['file.writable', 'high', /^chmod go-w /, { files: { writable: [`${HOME}/tools`] } }],
  ['file.not-all-seen', 'info', /^find /, { files: { isWhole: false } }],
  ['file.logs', 'medium', /^chmod go-rwx /, { files: { readableLogs: [`${HOME}/logs/claw.log`] } }],
  ['home.network', 'medium', null, { files: { fileSystem: 'nfs4' } }],
  ['home.synced', 'medium', null, { files: { realHome: '/home/kim/Dropbox/claw' } }],
  ['home.temporary', 'low', null, { files: { realHome: '/tmp/claw' } }],
  ['home.other-owner', 'high', /^sudo chown -R /, { files: { owner: 1001 } }],
  ['process.root', 'high', /^sudo useradd /, { files: { uid: 0 } }],
  ['backup.none', 'medium', /^claw backup create$/, { keeping: { backups: [] } }],
  ['backup.off', 'low', /^unset BACKUP_EVERY_HOURS$/, kept({ BACKUP_EVERY_HOURS: '0' })],
  [
    'backup.plain-secrets',
    'critical',
    /^rm /,
    { keeping: { backups: [{ file: '/b/a.tar.zst', encrypted: false, secrets: true, isOpen: false }] } },
  ],
  [
    'backup.readable',
    'high',
    /^chmod 600 /,
    { keeping: { backups: [{ file: '/b/a.tar.zst', encrypted: true, secrets: false, isOpen: true }] } },
  ],
  ['backup.not-encrypted', 'low', /BACKUP_PASSPHRASE$/, { keeping: { hasPassphrase: false } }],
  [
    'audit.broken',
    'critical',
    /^claw audit verify$/,
    { keeping: { trail: { isWhole: false, rows: 2, problem: 'Row 3 was changed.', remark: null } } },
  ],
  ['audit.no-anchor', 'medium', /^claw audit verify$/, { keeping: { hasAnchor: false } }],
  ['retention.off', 'low', /^unset LOG_KEEP_DAYS$/, kept({ LOG_KEEP_DAYS: '0' })],
  ['retention.off', 'info', /^unset CONVERSATION_KEEP_DAYS$/, kept({ CONVERSATION_KEEP_DAYS: '0' })],
  ['log.content', 'medium', /^unset LOG_LEVEL$/, kept({ LOG_LEVEL: 'debug' })],
  ['log.recording', 'medium', /^unset RECORD_FILE$/, kept({ RECORD_FILE: '/tmp/answers.jsonl' })],
  ['budget.none', 'medium', /^claw budget set 5\/day$/, { keeping: { moneyBudgets: 0 } }],
  ['budget.no-calls', 'low', /^unset MAX_DAILY_CALLS$/, kept({ MAX_DAILY_CALLS: '0' })],
  [
    'webhook.plain-http',
    'medium',
    /^claw webhook delete 0191$/,
    { keeping: { webhooks: [{ id: '0191', url: 'http://hooks.example.com/' }] } },
  ],
  ['wall.quickjs', 'critical', /^npm rebuild/, wall('quickjs')],
  ['wall.bubblewrap', 'high', /install bubblewrap$/, wall('bubblewrap')],
  ['wall.documents', 'medium', /install bubblewrap util-linux$/, wall('documents')],
  ['node.old', 'low', /node@26\.10\.0$/, { machine: { nodeVersion: '26.9.9' } }],
  ['node.old', 'high', /node@26\.10\.0$/, { machine: { nodeVersion: '25.11.0' } }],
  ['engine.socket', 'low', null, { machine: { engineSockets: ['/var/run/docker.sock'] } }],
  ['service.not-as-written', 'medium', /service install$/, { machine: { unit: { ...unit, isCurrent: false } } }],
  ['service.root', 'high', /^sudo useradd /, { machine: { unit: { ...unit, scope: 'system', user: 'root' } } }],
  ['service.exposed', 'low', /service install/, { machine: { unitExposure: 9.6 } }],
];
