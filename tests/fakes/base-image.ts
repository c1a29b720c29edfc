/** Owns images made on the spot, where none can be pulled: this Node and the programs that a Dockerfile needs, with their libraries. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { npmCacheFiles } from './npm-cache.ts';

interface BaseImage {
  readonly name: string;
  /** Programs besides sh and env, by name. */
  readonly programs: readonly string[];
  /** Whether npm is in it, with what the lock file at that folder needs in its cache. */
  readonly npmFor?: string;
}

const USERS = 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n';
const GROUPS = 'root:x:0:\nnode:x:1000:\n';

/** Imports the image into the engine at `host`. */
export async function importBaseImage(host: string, image: BaseImage): Promise<void> {
  const stage = mkdtempSync(join(tmpdir(), 'claw-base-'));
  try {
    for (const folder of ['usr/bin', 'etc', 'tmp', 'root', 'proc', 'sys', 'dev', 'home/node', 'var/tmp']) {
      mkdirSync(join(stage, folder), { recursive: true });
    }
    chmodSync(join(stage, 'tmp'), 0o1777);
    symlinkSync('usr/bin', join(stage, 'bin'));
    copyProgram(stage, process.execPath, 'node');
    for (const name of ['sh', 'env', ...image.programs]) copyProgram(stage, findProgram(name), name);
    writeFileSync(join(stage, 'etc/passwd'), USERS);
    writeFileSync(join(stage, 'etc/group'), GROUPS);
    const npm = image.npmFor === undefined ? [] : stageNpm(stage, image.npmFor);
    await importTar(host, image.name, ['-C', stage, '.', ...npm]);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** npm and the part of its cache that an install of `project` reads; further words for tar. */
function stageNpm(stage: string, project: string): string[] {
  const npm = dirname(dirname(realpathSync(findProgram('npm'))));
  symlinkSync('../../npm/bin/npm-cli.js', join(stage, 'usr/bin/npm'));
  const ask = (key: string): string => execFileSync('npm', ['config', 'get', key], { encoding: 'utf8' }).trim();
  const cache = ask('cache');
  // The folder _cacache at the top: npm finds its cache in /.
  writeFileSync(join(stage, 'etc/npmrc'), `registry=${ask('registry')}\noffline=true\ncache=/\n`);
  symlinkSync('../etc/npmrc', join(stage, 'root/.npmrc'));
  const list = join(stage, 'root/cached');
  writeFileSync(list, npmCacheFiles(join(cache, '_cacache'), join(project, 'package-lock.json')).join('\n'));
  return ['-C', dirname(npm), basename(npm), '-C', cache, '-T', list];
}

function findProgram(name: string): string {
  return execFileSync('which', [name], { encoding: 'utf8', env: { PATH: '/usr/local/bin:/usr/bin:/bin' } }).trim();
}

/** The program and its shared libraries, each at the path where the loader looks for it. */
function copyProgram(stage: string, program: string, name: string): void {
  copyFileSync(realpathSync(program), join(stage, 'usr/bin', name));
  for (const library of librariesOf(program)) {
    mkdirSync(join(stage, dirname(library)), { recursive: true });
    copyFileSync(realpathSync(library), join(stage, library));
  }
}

/** Those it names, and beside the C library its companions, which native packages name too. */
function librariesOf(program: string): string[] {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  const named = [...said.matchAll(/(\/\S+\.so\S*) \(0x/g)].flatMap(([, path]) => path ?? []);
  const folders = named.filter((path) => basename(path) === 'libc.so.6').map((path) => dirname(path));
  const beside = folders.flatMap((folder) => COMPANIONS.map((name) => join(folder, name)));
  return [...named, ...beside.filter((path) => existsSync(path))];
}

const COMPANIONS = ['libdl.so.2', 'libm.so.6', 'libpthread.so.0', 'librt.so.1'];

async function importTar(host: string, name: string, words: readonly string[]): Promise<void> {
  const pack = spawn('tar', ['-c', '--owner=0', '--group=0', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const load = spawn('docker', ['import', '-', name], {
    stdio: [pack.stdout, 'ignore', 'inherit'],
    env: { DOCKER_HOST: host, PATH: '/usr/bin' },
  });
  const [[packed], [loaded]] = await Promise.all([once(pack, 'exit'), once(load, 'exit')]);
  if (packed !== 0 || loaded !== 0)
    throw new Error(`the image ${name} could not be imported: tar ${packed}, docker ${loaded}`);
}
