/** Owns the way to the configuration of one home: finds and creates it, and reads its settings at their first use. The only reader of the process environment. */
import type { ClawError } from '../kernel/errors.ts';
import { homePaths, type HomePaths } from '../kernel/paths.ts';
import { type CodexInstallation, findCodex } from './codex.ts';
import { engineEnvironment } from './container-engine.ts';
import { browserProgram, desktopEnvironment, isDesktop } from './desktop.ts';
import { createHome, type Environment, findHome } from './home.ts';
import { loadSettings, requireValid, type Settings } from './load-settings.ts';
import { readSupervisor, type Supervisor } from './supervisor.ts';
import { userConfigFolder } from './user-folders.ts';

export interface ConfigOptions {
  /** --home, if it was given. */
  readonly home: string | undefined;
  /** Settings by name that outrank every other layer. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly environment?: Environment;
  readonly cwd?: string;
}

export interface Config {
  readonly paths: HomePaths;
  /** Whether somebody sees windows here and can unlock a keychain. */
  readonly isDesktop: boolean;
  /** Environment for programs that use the screen or the speakers. */
  readonly desktop: Readonly<Record<string, string>>;
  /** What shows an address to the user; undefined where nobody sees windows. */
  readonly browser: string | undefined;
  /** Environment for the client of a container engine. */
  readonly containerEngine: Readonly<Record<string, string>>;
  /** The Codex CLI of this user. */
  codex(): CodexInstallation;
  /** Environment for another claw of this home, and for what the owner of the home has it run. */
  readonly own: Readonly<Record<string, string>>;
  /** Where programs of this user keep their configuration. */
  readonly userConfigFolder: string;
  /** Who started this process and wants to hear how it is; undefined when nobody does. */
  readonly supervisor: Supervisor | undefined;
  /** The settings when all of them are right; otherwise throws what is wrong. */
  valid(): Settings;
  /** The settings whatever is wrong with them, for those who look at or mend them. */
  unchecked(): Settings;
  /** The settings as they stand in their places now; what was read before stays in force. */
  fresh(): Settings;
  /** Forgets what was read, so that the next use reads again. */
  reload(): void;
  /** Reads again, for a process that stays: settings with something wrong are left aside, and what is wrong is returned. */
  renew(): readonly ClawError[];
}

/** Opens the configuration and creates the home where it is missing. Reads no file yet. */
export function openConfig(options: ConfigOptions): Config {
  const environment = options.environment ?? process.env;
  const paths = homePaths(findHome(options.home, environment));
  createHome(paths.home);
  let read: Settings | undefined;
  const load = (): Settings => {
    const { home, config, env } = paths;
    const cwd = options.cwd ?? process.cwd();
    return loadSettings({ home, config, env, cwd, environment, overrides: options.overrides });
  };
  const unchecked = (): Settings => {
    read ??= load();
    return read;
  };
  return {
    paths,
    isDesktop: isDesktop(environment, process.platform),
    desktop: desktopEnvironment(environment),
    browser: browserProgram(environment, process.platform),
    containerEngine: engineEnvironment(environment),
    codex: () => findCodex(environment),
    own: ownEnvironment(environment),
    userConfigFolder: userConfigFolder(environment),
    supervisor: readSupervisor(environment, process.pid),
    unchecked,
    fresh: load,
    valid: () => {
      requireValid(unchecked());
      return unchecked();
    },
    reload: () => {
      read = undefined;
    },
    renew: () => {
      const fresh = load();
      if (fresh.problems.length === 0) read = fresh;
      return fresh.problems;
    },
  };
}

function ownEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // Whoever watches this process does not watch its children.
  return Object.fromEntries(entries.filter(([name]) => name !== 'NOTIFY_SOCKET' && name !== 'WATCHDOG_PID'));
}
