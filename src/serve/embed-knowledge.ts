/** Owns the making of vectors while the server runs: soon after passages came or the model changed. What fails is told once and tried again; searches never wait for it. */
import type { App } from '../core/create-app.ts';
import { toError } from '../core/kernel/errors.ts';
import type { Log } from '../core/kernel/log.ts';

const LOOK_MS = 3_000;
const RETRY_MS = 60_000;

/** Gives passages without a vector one, again and again until `signal` aborts. */
export async function embedKnowledge(
  app: Pick<App, 'clock' | 'settings' | 'store' | 'knowledge'>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  let done = '';
  let told = '';
  let waitMs = LOOK_MS;
  while (!signal.aborted) {
    await app.clock.sleep(waitMs, signal).catch(() => {});
    waitMs = LOOK_MS;
    const model = app.settings.get('EMBEDDING_MODEL');
    if (signal.aborted || model === undefined) continue;
    const last = await (await app.store()).knowledge.vectors.lastChunk();
    const all = `${model} ${app.settings.get('EMBEDDING_DIMENSIONS') ?? ''} ${last}`;
    if (last === 0 || all === done) continue;
    const problem = await embedAll(app, log, signal);
    if (problem === undefined) done = all;
    else waitMs = RETRY_MS;
    if (problem !== undefined && problem !== told) log.warn({ error: problem }, 'vectors not made');
    told = problem ?? '';
  }
}

/** What kept it from giving every passage a vector; undefined when nothing did. */
async function embedAll(app: Pick<App, 'knowledge'>, log: Log, signal: AbortSignal): Promise<string | undefined> {
  try {
    const result = await (await app.knowledge()).embed({ signal });
    const { embedded = 0, refused = 0, problems = [] } = result ?? {};
    if (embedded + refused > 0) log.info({ embedded, refused }, 'vectors made');
    return problems[0];
  } catch (error) {
    return signal.aborted ? undefined : toError(error).message;
  }
}
