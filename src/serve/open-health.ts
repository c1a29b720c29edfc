/** Owns that the server's probes are answered on the port of the settings, also after it changed. */
import type { App } from '../core/create-app.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { type HealthServer, type Readiness, startHealthServer } from './health-server.ts';
import type { StateFile } from './server-state.ts';

export interface Health {
  /** Moves to another port when the settings say so. */
  follow(): Promise<void>;
  close(): Promise<void>;
}

interface HealthDeps {
  readonly app: App;
  readonly state: StateFile;
  readonly log: Log;
}

/** A port that is taken is only told, unless somebody chose it: then it throws `conflict`. */
export async function openHealth(deps: HealthDeps): Promise<Health> {
  let asked = deps.app.settings.get('HEALTH_PORT');
  let server = await listen(deps, asked);
  return {
    follow: async () => {
      const port = deps.app.settings.get('HEALTH_PORT');
      if (port === asked) return;
      asked = port;
      const next = await listen(deps, port);
      await server?.close();
      server = next;
    },
    close: async () => server?.close(),
  };
}

async function listen({ app, state, log }: HealthDeps, port: number): Promise<HealthServer | undefined> {
  const { health: _old, ...others } = state.current().ports;
  try {
    const server = await startHealthServer(port, () => readiness(state));
    state.update({ ports: { ...others, health: server.port } });
    log.info({ port: server.port }, 'health is answered');
    return server;
  } catch (error) {
    const { message } = toError(error);
    if (app.settings.resolve('HEALTH_PORT').source !== 'default') {
      throw new ClawError('conflict', `Port ${port} for /health cannot be used: ${message}.`, {
        hint: 'Choose another with HEALTH_PORT, or 0 for any.',
        cause: error,
      });
    }
    log.warn({ port, error: message }, 'health is not answered: set HEALTH_PORT to a free port');
    return undefined;
  }
}

/** What /ready says. */
export function readiness(state: StateFile): Readiness {
  const { state: status, channels } = state.current();
  const states = Object.fromEntries(channels.map(({ name, state }) => [name, state]));
  return { isReady: status === 'ready', report: { status, channels: states } };
}
