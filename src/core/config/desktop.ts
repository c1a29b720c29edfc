/** Owns whether claw runs where a person sees windows: only there can the keychain of the system ask to be unlocked. */
import type { Environment } from './home.ts';

/** True on macOS outside of SSH, and on Linux with a display and a session bus. */
export function isDesktop(environment: Environment, platform: NodeJS.Platform): boolean {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  if (platform === 'darwin') return !isSet('SSH_CONNECTION');
  return (isSet('DISPLAY') || isSet('WAYLAND_DISPLAY')) && isSet('DBUS_SESSION_BUS_ADDRESS');
}

/** The program that shows an address to the user: the first of `BROWSER`, or the system's; undefined where nobody sees windows. */
export function browserProgram(environment: Environment, platform: NodeJS.Platform): string | undefined {
  if (!isDesktop(environment, platform)) return undefined;
  const [wished = ''] = (environment['BROWSER'] ?? '').split(':');
  if (wished !== '' && !wished.includes('%')) return wished;
  return platform === 'darwin' ? '/usr/bin/open' : '/usr/bin/xdg-open';
}

const DESKTOP_NAMES = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XDG_RUNTIME_DIR',
  'XAUTHORITY',
  'PULSE_SERVER',
  'DBUS_SESSION_BUS_ADDRESS',
  'HOME',
  'LANG',
];

/** The variables by which a program finds the user's screen and speakers, and no others. */
export function desktopEnvironment(environment: Environment): Record<string, string> {
  const found = DESKTOP_NAMES.flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  );
  return { PATH: '/usr/local/bin:/usr/bin:/bin', ...Object.fromEntries(found) };
}
