/** Owns the container wall: the same child as in bubblewrap, in a container that has no network, no rights and nothing to write to. Promises: a container that was ended here is gone, and what a dead claw of this home left is removed. */
import { createHash, randomUUID } from 'node:crypto';
import { ClawError, toError } from '../../kernel/errors.ts';
import { lazy } from '../../kernel/lazy.ts';
import { CPU_SECONDS, type Layer, sharedLibraries, wrappedNode } from '../child-command.ts';
import { startToolProcess, type ToolCommand } from '../tool-process.ts';
import { type Engine, type EngineOptions, installedEngines } from './engine.ts';
import { ensureImage } from './image.ts';

export interface ContainerWallOptions extends EngineOptions {
  /** The home whose containers these are. */
  readonly home: string;
  /** Layers left out, for the tests that prove the others. */
  readonly without?: ReadonlySet<Layer>;
}

export interface ContainerWall {
  /** One more tool process. Throws `sandbox-unavailable` where no engine works. */
  command(): Promise<ToolCommand>;
  /** What works, proved by a container. Throws `sandbox-unavailable`, saying why, where nothing does. */
  proved(): Promise<string>;
  /** Resolves when every container that was to end is gone. */
  close(): Promise<void>;
}

interface Place {
  readonly engine: Engine;
  readonly version: string;
  readonly image: string;
}

/** Each waits for the client to start, and that is enough. */
const REMOVALS = 20;
const LIMITS = [
  '--network=none',
  '--read-only',
  '--user=65534:65534',
  '--cap-drop=ALL',
  '--security-opt=no-new-privileges',
  '--pids-limit=64',
  '--memory=768m',
  '--memory-swap=768m',
  '--cpus=1',
  '--ipc=none',
  '--log-driver=none',
  '--hostname=tool',
  '--ulimit=nofile=1024:4096',
  '--ulimit=core=0:0',
  `--ulimit=cpu=${CPU_SECONDS}:${CPU_SECONDS}`,
  // Podman asks for more than some hosts let it have; what counts is --pids-limit.
  '--ulimit=nproc=4096:4096',
];

/** The container wall for the child programs in `folder`. Looks for an engine at its first use. */
export function createContainerWall(options: ContainerWallOptions): ContainerWall {
  const owner = createHash('sha256').update(options.home).digest('hex').slice(0, 16);
  const ending = new Set<Promise<unknown>>();
  const endContainer = async (engine: Engine, name: string): Promise<void> => {
    const ended = (async () => {
      await endContainers(engine, [name]);
    })();
    ending.add(ended);
    await ended;
    ending.delete(ended);
  };
  const commandAt = ({ engine, image }: Omit<Place, 'version'>): ToolCommand => {
    const name = `claw-tool-${owner}-${process.pid}-${randomUUID()}`;
    let isEnding = false;
    const end = (): void => {
      if (isEnding) return;
      isEnding = true;
      void endContainer(engine, name);
    };
    return { ...engine.command(runArguments(name, owner, image, options)), end };
  };
  const tryEngine = async (engine: Engine): Promise<Place> => {
    const version = await askVersion(engine);
    const image = await ensureImage(engine, { node: process.execPath, libraries: sharedLibraries() });
    await removeOrphans(engine, owner);
    const probe = startToolProcess(commandAt({ engine, image }));
    await probe.ready();
    probe.kill();
    return { engine, version, image };
  };
  const place = lazy(async () => {
    if (process.platform !== 'linux') throw unavailable('needs Linux');
    const engines = installedEngines(options);
    if (engines.length === 0) throw unavailable('neither docker nor podman is installed');
    const reasons: string[] = [];
    for (const engine of engines) {
      try {
        return await tryEngine(engine);
      } catch (error) {
        reasons.push(`${engine.name}: ${toError(error).message}`);
      }
    }
    throw unavailable(reasons.join('; '));
  });
  return {
    command: async () => commandAt(await place()),
    proved: async () => {
      const { engine, version } = await place();
      return `${engine.name} ${version}`;
    },
    close: async () => {
      await Promise.all(ending);
    },
  };
}

function runArguments(name: string, owner: string, image: string, options: ContainerWallOptions): string[] {
  const { folder, without } = options;
  const [node = '', ...rest] = wrappedNode('node', without);
  const named = ['--name', name, '--label', `claw.home=${owner}`, '--pull', 'never'];
  return ['run', '-i', '--rm', ...named, ...LIMITS, '--entrypoint', node, '-v', `${folder}:/claw:ro`, image, ...rest];
}

async function askVersion(engine: Engine): Promise<string> {
  const format = engine.name === 'docker' ? '{{.Server.Version}}' : '{{.Client.Version}}';
  const { code, stdout, said } = await engine.run(['version', '--format', format]);
  if (code !== 0) throw unavailable(said === '' ? 'it does not answer' : said);
  return stdout;
}

/** Removes the containers of claws of this home that are no more. */
async function removeOrphans(engine: Engine, owner: string): Promise<void> {
  const filter = ['--filter', `label=claw.home=${owner}`];
  const { stdout } = await engine.run(['ps', '--all', ...filter, '--format', '{{.Names}}']);
  const orphans = stdout.split('\n').filter((name) => {
    const pid = /^claw-tool-[0-9a-f]{16}-(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !isAlive(Number(pid));
  });
  if (orphans.length === 0) return;
  await endContainers(engine, orphans);
}

/** Kills and removes them; one that was created and never ran is not removed by its end. */
async function endContainers(engine: Engine, names: readonly string[]): Promise<void> {
  await engine.run(['kill', ...names]);
  for (let attempt = 0; attempt < REMOVALS; attempt += 1) {
    const { said } = await engine.run(['rm', '--force', ...names]);
    // The engine removes it by itself, and has not come to the end of that.
    if (!said.includes('in progress')) return;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (toError(error) as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unavailable(reason: string): ClawError {
  return new ClawError('sandbox-unavailable', reason, { hint: 'Run "claw doctor".' });
}
