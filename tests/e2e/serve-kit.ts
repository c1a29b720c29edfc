/** Owns a running `claw serve` for tests: on a free port, waited for, its log at hand. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { startClaw, temporaryDirectory } from './run-claw.ts';

export interface RunningServe {
  readonly home: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything it wrote to stderr so far. */
  log(): string;
  /** Resolves when the log holds `text`; rejects when the process ends before. */
  logged(text: string): Promise<void>;
  /** What stands in run/serve.json now. */
  state(): {
    readonly pid: number;
    readonly ports: { readonly health: number; readonly websocket: number; readonly http: number };
    readonly state: string;
  };
  /** A GET to the health port. */
  get(path: string): Promise<Response>;
  /** Sends the signal and resolves with the exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

interface ServeOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Flags of Node itself. */
  readonly nodeArgs?: readonly string[];
  /** Registers what to do at the end; that of the test when not given. */
  readonly onEnd?: (clean: () => Promise<void> | void) => void;
  /** The line of the log to wait for. */
  readonly until?: string;
}

/** Starts `claw serve` and resolves when it is ready. */
export async function startServe(options: ServeOptions = {}): Promise<RunningServe> {
  const home = options.home ?? (await temporaryDirectory(options.onEnd));
  const child = await startClaw(['serve', ...(options.args ?? [])], {
    home,
    ...(options.onEnd === undefined ? {} : { onEnd: options.onEnd }),
    ...(options.nodeArgs === undefined ? {} : { nodeArgs: options.nodeArgs }),
    env: { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0', ...options.env },
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    child.emit('logged');
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const logged = async (text: string): Promise<void> => {
    const ended = exited.then(([code]) => {
      throw new Error(`claw serve ended with ${code}:\n${log}`);
    });
    ended.catch(() => {});
    while (!log.includes(text)) await Promise.race([once(child, 'logged'), ended]);
  };
  const state = () =>
    JSON.parse(readFileSync(join(home, 'run', 'serve.json'), 'utf8')) as ReturnType<RunningServe['state']>;
  await logged(options.until ?? 'server is ready');
  return {
    home,
    child,
    log: () => log,
    logged,
    state,
    get: (path) => fetch(`http://127.0.0.1:${state().ports.health}${path}`),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code, by] = await exited;
      return code ?? by;
    },
  };
}

type SharedOptions = (
  onEnd: NonNullable<ServeOptions['onEnd']>,
) => Omit<ServeOptions, 'onEnd'> | Promise<Omit<ServeOptions, 'onEnd'>>;

/** One server for all tests of a file; call at its top level. */
export function sharedServe(options: SharedOptions = () => ({})): () => RunningServe {
  const atEnd: (() => Promise<void> | void)[] = [];
  const onEnd = (clean: () => Promise<void> | void): void => void atEnd.push(clean);
  let serve: RunningServe | undefined;
  beforeAll(async () => {
    serve = await startServe({ ...(await options(onEnd)), onEnd });
  });
  afterAll(async () => {
    await serve?.stop();
    for (const clean of atEnd.toReversed()) await clean();
  });
  return () => {
    if (serve === undefined) throw new Error('the server runs only inside tests');
    return serve;
  };
}
