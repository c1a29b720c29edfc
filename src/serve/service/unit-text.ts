/** Owns the systemd unit of claw: one text for a system service and, without what needs a root manager, for a user's own. deploy/claw.service is made from it. */
import { ClawError } from '../../core/kernel/errors.ts';

export interface UnitOptions {
  readonly scope: 'system' | 'user';
  /** Absolute path of the Node to run. */
  readonly node: string;
  /** Absolute path of bin/claw.js. */
  readonly claw: string;
  /** Absolute path of the home. */
  readonly home: string;
  /** Absolute paths of other folders it writes to: the workspace, backups. */
  readonly writable: readonly string[];
  /** Name of the user of a system service. */
  readonly user?: string;
}

/** The text of claw.service. Throws `usage-invalid` for a path that a unit file cannot hold. */
export function unitText(options: UnitOptions): string {
  for (const path of [options.claw, options.home, ...options.writable]) checkPath(path, /\p{Cc}/u);
  checkPath(options.node, /[\p{Cc}\\"']/u);
  const { scope, user } = options;
  const isSystem = scope === 'system';
  const sections = [
    unitSection(isSystem),
    serviceSection(options),
    isSystem ? identity(user ?? 'claw') : [],
    HARDENING,
    isSystem ? systemHardening(options) : USER_NOTE,
    ['', '[Install]', `WantedBy=${isSystem ? 'multi-user.target' : 'default.target'}`],
  ];
  return `${sections.flat().join('\n')}\n`;
}

function unitSection(isSystem: boolean): string[] {
  return [
    '# Written by "claw service install". Change it with "systemctl edit claw", which keeps your changes apart.',
    '[Unit]',
    'Description=claw, a self-hosted AI assistant',
    ...(isSystem ? ['Wants=network-online.target', 'After=network-online.target'] : []),
    '# claw waits longer after each crash and falls back to a safe mode by itself: never give up on it.',
    'StartLimitIntervalSec=0',
  ];
}

function serviceSection({ node, claw, home }: UnitOptions): string[] {
  return [
    '',
    '[Service]',
    'Type=notify',
    'NotifyAccess=all',
    `ExecStart=${quoted(node)} ${argument(claw)} serve`,
    'ExecReload=/bin/kill -HUP $MAINPID',
    `Environment=${quoted(`CLAW_HOME=${home}`)}`,
    `WorkingDirectory=${home.replaceAll('%', '%%')}`,
    'Restart=on-failure',
    'RestartSec=5',
    '# A wrong command line (2) or setting (3) does not get better by trying again.',
    'RestartPreventExitStatus=2 3',
    'WatchdogSec=60',
    'TimeoutStartSec=60',
    '# claw stops in order within 10 s.',
    'TimeoutStopSec=15',
    'KillMode=mixed',
    '# A tool that ate its memory is ended by the kernel; the server goes on.',
    'OOMPolicy=continue',
    'TasksMax=512',
    'UMask=0077',
  ];
}

function identity(user: string): string[] {
  return [`User=${user}`];
}

const HARDENING = [
  '',
  '# Left out on purpose, each would break something:',
  '#   MemoryDenyWriteExecute    V8 writes machine code and runs it',
  '#   RestrictNamespaces        the walls around tools are namespaces (bubblewrap)',
  '#   ProtectKernelTunables     bubblewrap --disable-userns writes /proc/sys/user/max_user_namespaces of its namespace',
  '#   ProtectKernelLogs         covers a file of /proc: the kernel then refuses the /proc of a namespace',
  '#   ProtectHostname           bubblewrap names the machine inside its namespace',
  'NoNewPrivileges=yes',
  'LockPersonality=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK',
  'SystemCallArchitectures=native',
  'SystemCallFilter=~@clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap syslog',
  'SystemCallErrorNumber=EPERM',
];

const USER_NOTE = [
  '# ProtectSystem, ProtectHome and PrivateTmp need root, or a user namespace, which not every system gives to users:',
  '# install it with --system for them.',
];

function systemHardening({ node, claw, home, writable }: UnitOptions): string[] {
  const isInHomes = [node, claw, home, ...writable].some((path) => /^\/(home|root|run\/user)\//.test(path));
  return [
    'CapabilityBoundingSet=',
    'AmbientCapabilities=',
    'ProtectSystem=strict',
    `ReadWritePaths=${[quoted(home), ...writable.map((path) => quoted(`-${path}`))].join(' ')}`,
    // Hiding the folders of users would hide claw itself when it lies there.
    `ProtectHome=${isInHomes ? 'read-only' : 'yes'}`,
    'PrivateTmp=yes',
    'PrivateDevices=yes',
    'PrivateMounts=yes',
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectKernelModules=yes',
    'ProtectProc=invisible',
    'RemoveIPC=yes',
    'KeyringMode=private',
  ];
}

/** A word after the program of a command line (systemd.service(5), COMMAND LINES). */
function argument(word: string): string {
  return quoted(word).replaceAll('$', '$$$$');
}

/** A word in quotes, its specifiers and escapes taken literally (systemd.syntax(7)). */
function quoted(word: string): string {
  return `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%')}"`;
}

function checkPath(path: string, unfit: RegExp): void {
  if (!unfit.test(path)) return;
  throw new ClawError('usage-invalid', `A unit file cannot hold the path ${JSON.stringify(path)}.`, {
    hint: 'Use a path without control characters, and a Node whose path has no quotes.',
  });
}
