/** Owns the addresses under which this machine reaches its own dashboard. What a link holds stands behind the #: no browser sends that part. */
import type { ServerState } from './server-state.ts';

/** Hosts that mean every address of the machine. */
const ANY = new Set(['0.0.0.0', '::', '']);

/** `http://127.0.0.1:8080`; undefined while no HTTP is answered. */
export function dashboardOrigin({ ports, http_host: host = '127.0.0.1' }: ServerState): string | undefined {
  const port = ports['http'];
  if (port === undefined) return undefined;
  const name = ANY.has(host) ? '127.0.0.1' : host;
  return new URL(`http://${name.includes(':') ? `[${name}]` : name}:${port}`).origin;
}

export function linkAddress(origin: string, kind: 'set-up' | 'sign-in', secret: string): string {
  return `${origin}/dashboard/${kind === 'set-up' ? 'setup' : 'enter'}#${secret}`;
}
