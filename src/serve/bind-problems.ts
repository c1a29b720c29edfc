/** Owns what stands against listening where the settings say: an address that others can reach needs that they sign in. */
import type { Settings } from '../core/config/load-settings.ts';
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { isLocalHost } from './ws/listen.ts';

/** Why the HTTP API may not listen at its address: `config-invalid` for a public one where strangers would not have to sign in. */
export async function httpBindProblem({
  settings,
  secrets,
}: Pick<App, 'settings' | 'secrets'>): Promise<ClawError | undefined> {
  const host = settings.get('DASHBOARD_HOST');
  if (isLocalHost(host)) return undefined;
  // It may be a setting, or kept like other secrets.
  if (settings.get('AUTH_ENABLED') && (await (await secrets()).resolve('JWT_SECRET')) !== undefined) return undefined;
  return new ClawError('config-invalid', `DASHBOARD_HOST is ${host}, which others can reach, without sign-in.`, {
    hint: 'Set AUTH_ENABLED=true and a JWT_SECRET of 32 characters or more ("openssl rand -hex 32 | claw secret set JWT_SECRET"), or bind 127.0.0.1.',
  });
}

/** As `httpBindProblem`, for the port of the WebSocket. */
export function webSocketBindProblem(settings: Settings): ClawError | undefined {
  const host = settings.get('WS_HOST');
  if (isLocalHost(host) || (settings.get('WS_ALLOW_REMOTE') && !isOpen(settings))) return undefined;
  return new ClawError('config-invalid', `WS_HOST is ${host}, which others can reach, without sign-in.`, {
    hint: 'Set WS_ALLOW_REMOTE=true and AUTH_ENABLED=true or a WS_AUTH_TOKEN, or bind 127.0.0.1.',
  });
}

/** Whether the WebSocket asks nobody who they are. A token of the settings that lets one in is asked for: whoever set it means to keep the others out. */
export function isOpen(settings: Settings): boolean {
  const hasToken = settings.get('WS_AUTH_TOKEN') !== undefined || settings.get('DASHBOARD_TOKEN') !== undefined;
  return !settings.get('AUTH_ENABLED') && !hasToken;
}
