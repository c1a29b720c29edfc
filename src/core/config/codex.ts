/** Owns what claw must know of this user's Codex CLI: where it lies, where it keeps its state, and the environment it needs. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Environment } from './home.ts';

export interface CodexInstallation {
  /** Absolute path of the program; undefined when PATH has none. */
  readonly program: string | undefined;
  /** File of its sign-in. */
  readonly authFile: string;
  /** What the program gets of the environment: no setting or secret of claw. */
  readonly environment: Readonly<Record<string, string>>;
}

const NAMES = [
  'PATH HOME USER LOGNAME SHELL TERM COLORTERM NO_COLOR LANG LC_ALL LC_CTYPE TZ TMPDIR CODEX_HOME',
  'DISPLAY WAYLAND_DISPLAY XDG_RUNTIME_DIR XDG_CONFIG_HOME DBUS_SESSION_BUS_ADDRESS BROWSER',
  'HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY http_proxy https_proxy all_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR',
].flatMap((line) => line.split(' '));

/** Looks in PATH and at CODEX_HOME, `~/.codex` when that is not set. */
export function findCodex(environment: Environment): CodexInstallation {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const home = environment['CODEX_HOME'] ?? '';
  const folder = home === '' ? join(environment['HOME'] ?? homedir(), '.codex') : home;
  return {
    program: folders.map((each) => join(each, 'codex')).find(isProgram),
    authFile: join(folder, 'auth.json'),
    environment: Object.fromEntries(
      NAMES.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]] as const])),
    ),
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
