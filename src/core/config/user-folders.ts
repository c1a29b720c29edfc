/** Owns where the configuration of a user's programs lies (XDG Base Directory Specification). */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Environment } from './home.ts';

/** `XDG_CONFIG_HOME`, or `~/.config`. */
export function userConfigFolder(environment: Environment): string {
  const named = environment['XDG_CONFIG_HOME'] ?? '';
  return isAbsolute(named) ? named : join(homedir(), '.config');
}
