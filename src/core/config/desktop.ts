/** Owns whether claw runs where a person sees windows: only there can the keychain of the system ask to be unlocked. */
import type { Environment } from './home.ts';

/** True on macOS outside of SSH, and on Linux with a display and a session bus. */
export function isDesktop(environment: Environment, platform: NodeJS.Platform): boolean {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  if (platform === 'darwin') return !isSet('SSH_CONNECTION');
  return (isSet('DISPLAY') || isSet('WAYLAND_DISPLAY')) && isSet('DBUS_SESSION_BUS_ADDRESS');
}
