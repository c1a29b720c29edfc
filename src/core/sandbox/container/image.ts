/** Owns the image of the container wall: this Node, its shared libraries, and nothing else. It is made here and never pulled. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ClawError } from '../../kernel/errors.ts';
import { spawnChild } from '../spawn.ts';
import type { Engine } from './engine.ts';
import { type TarEntry, tarStream } from './tar-stream.ts';

export interface ImageContent {
  /** This Node. */
  readonly node: string;
  readonly libraries: readonly string[];
}

const IMPORT_TIMEOUT_MS = 120_000;
const MAX_SAID = 2_000;

/** The name of the image that holds this Node; the image is made when the engine lacks it. */
export async function ensureImage(engine: Engine, content: ImageContent): Promise<string> {
  const name = await imageName(content);
  const known = await engine.run(['image', 'inspect', '--format', '{{.Id}}', name]);
  if (known.code !== 0) await importImage(engine, name, content);
  return name;
}

/** A library that was updated in its place makes another image. */
async function imageName({ node, libraries }: ImageContent): Promise<string> {
  const files = await Promise.all(
    [node, ...libraries].map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return [file, size, mtimeMs];
    }),
  );
  const hash = createHash('sha256').update(JSON.stringify([process.version, process.arch, files]));
  return `claw-tool-wall:${hash.digest('hex').slice(0, 16)}`;
}

async function importImage(engine: Engine, name: string, content: ImageContent): Promise<void> {
  const child = spawnChild(engine.command(['import', '-', name]));
  const timer = setTimeout(() => child.killGroup(), IMPORT_TIMEOUT_MS);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(0, MAX_SAID)));
  child.stdout.resume();
  const [{ code }, written] = await Promise.all([
    child.exited,
    pipeline(Readable.from(tarStream(entries(content))), child.stdin).then(
      () => '',
      (error: unknown) => {
        // Half an archive must not become an image.
        child.killGroup();
        return String(error);
      },
    ),
  ]);
  clearTimeout(timer);
  if (code === 0 && written === '') return;
  throw new ClawError(
    'sandbox-unavailable',
    `The image could not be made: ${said.trim() || written || 'no reason given'}`,
    {
      hint: 'Run "claw doctor".',
    },
  );
}

/** Folders first: an engine makes those that are missing, closed to everybody else. */
function entries({ node, libraries }: ImageContent): TarEntry[] {
  const folders = new Set(['.', 'claw']);
  for (const file of libraries) addParents(folders, posix.dirname(file).slice(1));
  return [
    ...[...folders].map((name) => ({ name })),
    { name: 'node', source: node },
    ...libraries.map((source) => ({ name: source.slice(1), source })),
  ];
}

function addParents(folders: Set<string>, folder: string): void {
  if (folder === '' || folder === '.') return;
  addParents(folders, posix.dirname(folder));
  folders.add(folder);
}
