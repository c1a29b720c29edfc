/** Owns that a running server works by the settings as they stand: it reads them again when their files change or somebody asks, one time after the other. Wrong settings are told and left aside. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';
import { watchFiles } from './watch-files.ts';

interface FollowOptions {
  readonly app: App;
  readonly signal: AbortSignal;
  readonly onReload: (reload: () => void) => void;
}

/** Runs until `signal` aborts; `apply` brings what runs in line with the settings. */
export async function followSettings(
  { app, signal, onReload }: FollowOptions,
  log: Log,
  apply: () => Promise<void>,
): Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const reload = (): Promise<void> => {
    last = last.then(() => (signal.aborted ? undefined : reloadOnce(app, log, apply)));
    return last;
  };
  onReload(() => void reload());
  const { config, env, secrets, secretsIndex, models } = app.paths;
  await watchFiles([config, env, secrets, secretsIndex, models], { clock: app.clock, onChange: reload, signal });
  await last;
}

async function reloadOnce(app: App, log: Log, apply: () => Promise<void>): Promise<void> {
  try {
    const problems = await app.reload();
    for (const problem of problems) log.error({ problem }, 'the settings are wrong; the old ones stay');
    if (problems.length > 0) return;
    log.info({}, 'settings read again');
    await apply();
  } catch (error) {
    log.error({ error: toError(error).message }, 'the new settings could not be applied');
  }
}
