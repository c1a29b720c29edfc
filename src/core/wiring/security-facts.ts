/** Owns where the security audit gets its facts from: settings, tables, files and the machine, each family by itself. */
import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AuditTooLong, verifyInTime } from '../audit/verify-in-time.ts';
import { readConfigMembers } from '../config/config-text.ts';
import { expandTilde } from '../config/home.ts';
import { canonicalName, isSecretName, settingOf } from '../config/settings-table.ts';
import { INSTALL_PROGRAMS } from '../doctor/command-text.ts';
import { listeningOf } from '../doctor/listening-sockets.ts';
import {
  mountOf,
  openEnvFiles,
  openLogPaths,
  openPaths,
  programsOf,
  writableByOthers,
} from '../doctor/look-at-home.ts';
import type { AuditFacts } from '../doctor/security/audit.ts';
import type { FileFacts } from '../doctor/security/file-rules.ts';
import type { KeepingFacts } from '../doctor/security/keeping-rules.ts';
import type { MachineAuditFacts } from '../doctor/security/machine-rules.ts';
import type { PeopleFacts } from '../doctor/security/people-rules.ts';
import type { SecretAuditFacts } from '../doctor/security/secret-rules.ts';
import type { ToolAuditFacts } from '../doctor/security/tool-rules.ts';
import { readIfThere } from '../kernel/read-if-there.ts';
import { isInterpreter } from '../sandbox/exec/interpreters.ts';
import { readMountAllowlist } from '../sandbox/mounts.ts';
import { TOOL_PERMISSIONS } from '../tools/permissions.ts';
import { packageRoot } from '../tools/source/own-program.ts';
import type { DoctorNeeds, ServerSide } from './doctor.ts';
import { toolFacts } from './doctor-facts.ts';

export function auditFacts(needs: DoctorNeeds, server: ServerSide): AuditFacts {
  return {
    exposure: () => exposure(needs, server),
    tools: () => tools(needs),
    people: () => people(needs),
    secrets: () => secrets(needs),
    files: () => files(needs),
    keeping: () => keeping(needs),
    machine: () => machine(needs, server),
  };
}

const TOKENS = ['WS_AUTH_TOKEN', 'DASHBOARD_TOKEN', 'JWT_SECRET'] as const;
const KEYS =
  'ANTHROPIC_API_KEY OPENAI_API_KEY GOOGLE_API_KEY COPILOT_API_KEY OPENAI_COMPATIBLE_API_KEY SEARCH_API_KEY TELEGRAM_BOT_TOKEN DISCORD_BOT_TOKEN SLACK_BOT_TOKEN'.split(
    ' ',
  );

async function exposure({ config, secrets: stored }: DoctorNeeds, server: ServerSide) {
  const service = await stored();
  const valueOf = async (name: string) => (await service.resolve(name))?.value;
  const tokens = await Promise.all(TOKENS.map(async (name) => [name, await valueOf(name)] as const));
  const keys = await Promise.all(KEYS.map(async (name) => ((await valueOf(name)) === undefined ? [] : [name])));
  const { isRunning, pid } = await server.facts.process();
  const listening = isRunning ? (pid === null ? null : await listeningOf(pid)) : undefined;
  const set = Object.fromEntries(tokens.filter(([, value]) => value !== undefined));
  return { settings: config.unchecked(), tokens: set, keys: keys.flat(), listening };
}

async function tools({ config, store: open }: DoctorNeeds): Promise<ToolAuditFacts> {
  const [settings, store] = [config.unchecked(), await open()];
  const heads = (await store.tools.heads()).filter(({ state }) => state === 'active');
  const { waiting, changed } = await toolFacts(store, config.paths.tools);
  const list = await readMountAllowlist(settings.get('MOUNT_ALLOWLIST_PATH')).catch(() => null);
  return {
    settings,
    isInterpreter,
    active: heads.map(({ name, permissions }) => {
      const { net, exec, secrets: wanted } = TOOL_PERMISSIONS.parse(JSON.parse(permissions));
      return { name, net, exec, secrets: wanted.map((each) => each.name) };
    }),
    waiting,
    changed: changed.map(({ name }) => name),
    grants: await store.health.endlessGrants(),
    mounts:
      list?.allowedRoots.map(({ path, allowReadWrite }) => ({
        path: expandTilde(path),
        isWritable: allowReadWrite,
      })) ?? (list === null ? null : undefined),
    userHome: homedir(),
    home: config.paths.home,
  };
}

const CHANNELS = [
  ['telegram', 'TELEGRAM_BOT_TOKEN'],
  ['discord', 'DISCORD_BOT_TOKEN'],
  ['slack', 'SLACK_BOT_TOKEN'],
] as const;

async function people({ config, clock, store, secrets: stored }: DoctorNeeds): Promise<PeopleFacts> {
  const [{ health }, service, now] = [await store(), await stored(), clock.now()];
  const on = await Promise.all(
    CHANNELS.map(async ([name, token]) =>
      (await service.resolve(token)) === undefined ? [] : [[name, await health.pairedPeople(name)] as const],
    ),
  );
  return {
    settings: config.unchecked(),
    now,
    admins: await health.activeAdmins(),
    keys: await health.liveKeys(now),
    disabledWithAccess: await health.disabledWithAccess(now),
    waiting: await health.waitingCodes(now),
    channels: Object.fromEntries(on.flat()),
  };
}

async function secrets({ config, secrets: stored }: DoctorNeeds): Promise<SecretAuditFacts> {
  const { paths } = config;
  const settings = config.unchecked();
  const text = (await readIfThere(paths.config)) ?? '{}';
  const isSecret = (name: string): boolean => {
    const known = canonicalName(name);
    return known === undefined ? isSecretName(name) : settingOf(known).secret === true;
  };
  const members = readConfigMembers(text, paths.config);
  const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;
  return {
    settings,
    kind: (await stored()).target,
    isKeyBeside: (await isThere(paths.secrets)) && (await isThere(paths.secretsKey)),
    isDesktop: config.isDesktop,
    inConfig: members
      .filter(({ name, value }) => isSecret(name) && typeof value === 'string' && value !== '')
      .map(({ name }) => name),
    openEnvFiles: await openEnvFiles(paths, settings.standing),
  };
}

const MOST_FILES = 20_000;

async function files({ config: { paths } }: DoctorNeeds): Promise<FileFacts> {
  const { home } = paths;
  const [readable, { paths: writable, isWhole }] = await Promise.all([
    openPaths(paths),
    writableByOthers(home, MOST_FILES),
  ]);
  const readableLogs = await openLogPaths(paths);
  const known = new Set([...readable, ...readableLogs]);
  return {
    home,
    readable,
    readableLogs,
    writable: writable.filter((path) => !known.has(path)),
    isWhole,
    fileSystem: (await mountOf(home)).type,
    realHome: await realpath(home),
    uid: process.getuid?.(),
    owner: process.getuid === undefined ? undefined : (await stat(home)).uid,
  };
}

/** How long the proof of the audit trail may take here, in milliseconds. */
const TRAIL_MS = 2000;
const PAID: ReadonlySet<string> = new Set(['anthropic', 'openai', 'google']);

async function keeping({ config, store: open, secrets: stored, models, backups }: DoctorNeeds): Promise<KeepingFacts> {
  const { paths } = config;
  const { audit, health } = await open();
  const trail = await verifyInTime(audit, paths, TRAIL_MS);
  const listed = await (await backups()).service.list();
  const modes = await Promise.all(listed.map(({ file }) => stat(file).then(({ mode }) => mode)));
  const hasRows = (await audit.head())?.seq !== 0;
  return {
    settings: config.unchecked(),
    backups: listed.map(({ file, header }, index) => ({
      file,
      encrypted: header.encryption !== null,
      secrets: header.secrets,
      isOpen: ((modes[index] ?? 0) & 0o077) !== 0,
    })),
    hasPassphrase: (await (await stored()).resolve('BACKUP_PASSPHRASE')) !== undefined,
    hasData: await health.holdsAnything(),
    trail: trail === AuditTooLong ? undefined : trail,
    hasAnchor: !hasRows || (await stat(paths.auditAnchor).catch(() => undefined)) !== undefined,
    moneyBudgets: await health.countMoneyBudgets(),
    isPaid: (await (await models()).configured()).some((name) => PAID.has(name)),
    webhooks: await health.activeWebhooks(),
  };
}

const SOCKETS = ['/var/run/docker.sock', '/run/podman/podman.sock'];

async function machine({ sandbox, reader }: DoctorNeeds, server: ServerSide): Promise<MachineAuditFacts> {
  const [walls, documents] = await Promise.all([
    sandbox().then((made) => made.walls()),
    reader().then((made) => made.wall()),
  ]);
  const open = await Promise.all(
    SOCKETS.map((path) =>
      access(path, constants.W_OK).then(
        () => [path],
        () => [],
      ),
    ),
  );
  return {
    walls: [...walls, documents],
    installers: await programsOf(INSTALL_PROGRAMS),
    nodeVersion: process.versions.node,
    testedNode: await testedNode(),
    engineSockets: open.flat(),
    uid: process.getuid?.(),
    unit: await server.facts.unit(),
    unitExposure: await server.unitExposure(),
  };
}

async function testedNode(): Promise<string> {
  const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
  const { devDependencies = {} } = JSON.parse(text) as { devDependencies?: Readonly<Record<string, string>> };
  return /^\d+\.\d+\.\d+$/.exec(devDependencies['node'] ?? '')?.[0] ?? '26.0.0';
}
