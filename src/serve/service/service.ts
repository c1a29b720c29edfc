/** Owns claw as a systemd service: its unit file is written, started, looked at and removed. One service a machine and scope; another home never replaces it. */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ClawError } from '../../core/kernel/errors.ts';
import { readIfThere } from '../../core/kernel/read-if-there.ts';
import { replaceFile } from '../../core/kernel/replace-file.ts';
import { noSystemd, type Systemd, systemctl } from './systemctl.ts';
import { type UnitOptions, unitText } from './unit-text.ts';

export type Scope = UnitOptions['scope'];

export interface ServiceDeps {
  readonly platform: NodeJS.Platform;
  readonly isBooted: boolean;
  /** Absolute path of systemctl. */
  readonly systemctl: string;
  /** Environment by which a user's manager is found. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders of unit files. */
  readonly folders: Readonly<Record<Scope, string>>;
}

export interface InstalledService {
  readonly scope: Scope;
  readonly unit_file: string;
}

export interface ServiceStatus {
  readonly installed: boolean;
  readonly scope: Scope | null;
  readonly unit_file: string | null;
  /** `enabled`, `disabled` …; null when systemd does not run. */
  readonly enabled: string | null;
  /** `active`, `inactive`, `failed` …; null when systemd does not run. */
  readonly active: string | null;
  readonly pid: number | null;
}

export interface Service {
  /** Writes the unit and, where systemd runs, enables it. Throws `conflict` when it is there for another home. */
  install(options: UnitOptions): Promise<InstalledService & { readonly enabled: boolean }>;
  control(verb: 'start' | 'stop' | 'restart', scope?: Scope): Promise<InstalledService>;
  status(scope?: Scope): Promise<ServiceStatus>;
  /** Stops it and removes the unit. */
  uninstall(scope?: Scope): Promise<InstalledService>;
}

const UNIT = 'claw.service';

export function createService(deps: ServiceDeps): Service {
  const manager = (scope: Scope): Systemd => ({ program: deps.systemctl, scope, env: deps.env });
  const file = (scope: Scope): string => join(deps.folders[scope], UNIT);
  const found = (scope?: Scope): Promise<InstalledService | undefined> => findUnit(deps.folders, scope);
  const installed = async (scope?: Scope): Promise<InstalledService> => {
    if (deps.platform !== 'linux') throw noSystemd(deps.platform);
    const service = await found(scope);
    if (service !== undefined) return service;
    throw new ClawError('not-found', 'claw is not installed as a service.', { hint: 'Run "claw service install".' });
  };
  return {
    install: async (options) => {
      if (deps.platform !== 'linux') throw noSystemd(deps.platform);
      const unit_file = file(options.scope);
      await checkSameHome(unit_file, options.home);
      await mkdir(dirname(unit_file), { recursive: true });
      await replaceFile(unit_file, unitText(options), 0o644);
      if (deps.isBooted) {
        await systemctl(manager(options.scope), ['daemon-reload']);
        await systemctl(manager(options.scope), ['enable', UNIT]);
      }
      return { scope: options.scope, unit_file, enabled: deps.isBooted };
    },
    control: async (verb, scope) => {
      const service = await installed(scope);
      if (!deps.isBooted) throw noSystemd(deps.platform);
      await systemctl(manager(service.scope), [verb, UNIT]);
      return service;
    },
    status: async (scope) => {
      const service = await found(scope);
      if (service === undefined) return NOT_INSTALLED;
      const values = deps.isBooted ? await show(manager(service.scope)) : {};
      const pid = Number(values['MainPID'] ?? 0);
      const { UnitFileState: enabled = null, ActiveState: active = null } = values;
      return { installed: true, ...service, enabled, active, pid: pid > 0 ? pid : null };
    },
    uninstall: async (scope) => {
      const service = await installed(scope);
      if (deps.isBooted) await systemctl(manager(service.scope), ['disable', '--now', UNIT]);
      await rm(service.unit_file);
      if (deps.isBooted) await systemctl(manager(service.scope), ['daemon-reload']);
      return service;
    },
  };
}

/** The unit file that is there, that of the machine first. */
export async function findUnit(folders: ServiceDeps['folders'], scope?: Scope): Promise<InstalledService | undefined> {
  for (const each of scope === undefined ? (['system', 'user'] as const) : [scope]) {
    const unit_file = join(folders[each], UNIT);
    if ((await stat(unit_file).catch(() => undefined)) !== undefined) return { scope: each, unit_file };
  }
  return undefined;
}

const NOT_INSTALLED: ServiceStatus = {
  installed: false,
  scope: null,
  unit_file: null,
  enabled: null,
  active: null,
  pid: null,
};

async function show(manager: Systemd): Promise<Partial<Record<string, string>>> {
  const text = await systemctl(manager, ['show', UNIT, '--property=ActiveState,UnitFileState,MainPID']);
  const pairs = text.split('\n').map((line) => [line.split('=', 1)[0], line.slice(line.indexOf('=') + 1)]);
  return Object.fromEntries(pairs) as Partial<Record<string, string>>;
}

async function checkSameHome(unitFile: string, home: string): Promise<void> {
  const old = await readIfThere(unitFile);
  const text = unitText({ scope: 'user', node: '/n', claw: '/c', home, writable: [] });
  const line = text.split('\n').find((each) => each.startsWith('Environment='));
  if (old === undefined || (line !== undefined && old.split('\n').includes(line))) return;
  throw new ClawError('conflict', `${unitFile} is there already, for another home or from someone else.`, {
    hint: 'Look at it, and remove it with "claw service uninstall" if you do not need it.',
  });
}

/** Throws `permission-denied` unless `home` belongs to the user with the numeric id `uid`. */
export async function requireOwner(home: string, uid: number, user: string): Promise<void> {
  const { uid: owner } = await stat(home);
  if (owner === uid) return;
  throw new ClawError('permission-denied', `The home ${home} does not belong to ${user}.`, {
    hint: `Name theirs with --home, or run "chown -R ${user} ${home}".`,
  });
}

/** The numeric id of a user of this machine, by /etc/passwd. Throws `not-found`. */
export async function userIdOf(name: string, passwd = '/etc/passwd'): Promise<number> {
  const lines = (await readFile(passwd, 'utf8')).split('\n').map((line) => line.split(':'));
  const id = Number(lines.find(([each]) => each === name)?.[2]);
  if (name !== '' && Number.isInteger(id)) return id;
  throw new ClawError('not-found', `There is no user ${name} on this machine.`, {
    hint: `Make one with "useradd --system --create-home ${name || 'claw'}".`,
  });
}
