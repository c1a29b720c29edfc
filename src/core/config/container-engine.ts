/** Owns what a container engine's client must know of this user's environment: where its engine listens. Nothing else of the environment reaches it. */
import type { Environment } from './home.ts';

const NAMES = ['DOCKER_HOST', 'CONTAINER_HOST', 'HOME', 'XDG_RUNTIME_DIR'];

/** Environment for the client of a container engine. */
export function engineEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const given = NAMES.map((name) => [name, environment[name] ?? ''] as const).filter(([, value]) => value !== '');
  // Podman finds its helpers by PATH.
  return { ...Object.fromEntries(given), PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
}
