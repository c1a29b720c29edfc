/** Owns looking at the home as a folder of files. Changes nothing but the file of its own by which it tries to write. */
import { randomUUID } from 'node:crypto';
import { access, lstat, open, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, join } from 'node:path';
import { settingOf } from '../config/settings-table.ts';
import type { StandingValue } from '../config/standing-values.ts';
import type { HomePaths } from '../kernel/paths.ts';
import type { Leftovers, WriteFailure } from './home-checks.ts';

const OTHERS = 0o077;
const DAY_MS = 86_400_000;

/** Files and folders that hold what is nobody else's business. */
export async function openPaths(paths: HomePaths): Promise<string[]> {
  const names = [
    paths.home,
    paths.database,
    `${paths.database}-wal`,
    paths.config,
    paths.secrets,
    paths.secretsKey,
    paths.secretsIndex,
    paths.signingKey,
    paths.auditKey,
    paths.run,
    paths.backups,
  ];
  return openOf(names);
}

/** `.env` files that others may read: the home's, and that of the working directory when secrets stand in it. */
export async function openEnvFiles({ env }: HomePaths, standing: readonly StandingValue[]): Promise<string[]> {
  const near = standing.filter(({ source, setting }) => source === 'cwd-env' && settingOf(setting).secret === true);
  return openOf([...new Set([env, ...near.map(({ place }) => place.slice(0, place.lastIndexOf(':')))])]);
}

/** Log files that others may read. */
export async function openLogPaths({ logs }: HomePaths): Promise<string[]> {
  const names = await readdir(logs).catch(() => []);
  return openOf(names.map((name) => join(logs, name)));
}

async function openOf(paths: readonly string[]): Promise<string[]> {
  const open = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(path).catch(() => undefined);
      return found !== undefined && (found.mode & OTHERS) !== 0 ? [path] : [];
    }),
  );
  return open.flat();
}

/** Tries to write a file into the home and takes it away again. */
export async function writeFailureOf({ home }: HomePaths): Promise<WriteFailure | undefined> {
  const file = join(home, `.tmp-${randomUUID()}`);
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile('claw looks whether it can write here\n');
      await handle.sync();
    } finally {
      await handle.close();
    }
    return undefined;
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const owner = await stat(home).then(
      ({ uid }) => uid,
      () => undefined,
    );
    return { code, mount: (await mountOf(home)).point, isOwn: owner === process.getuid?.() };
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

/** The file system that `path` lies on, by /proc/self/mounts (proc(5)); `/` and an empty type where there is none. */
export async function mountOf(path: string): Promise<{ readonly point: string; readonly type: string }> {
  const text = await readFile('/proc/self/mounts', 'utf8').catch(() => '');
  const mounts = text.split('\n').flatMap((line) => {
    const [, point = '', type = ''] = line.split(' ');
    const name = point.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 8)),
    );
    const isAbove = name === '/' || path === name || path.startsWith(`${name}/`);
    return isAbove && point !== '' ? [{ point: name, type }] : [];
  });
  // The last of the same length lies on top of the others.
  return mounts.reduce((best, each) => (each.point.length >= best.point.length ? each : best), {
    point: '/',
    type: '',
  });
}

export async function spaceOf(home: string): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(home);
  return { free: bavail * bsize, total: blocks * bsize };
}

/** What restores, backups, upgrades and repairs left. `now`: milliseconds UTC. */
export async function leftoversOf({ home, backups }: HomePaths, now: number): Promise<Leftovers> {
  const [inHome, inBackups] = await Promise.all([aged(home, now), aged(backups, now)]);
  const snapshots = inBackups.filter(({ name }) => /^before-(?:migration|fix)-/.test(name)).toSorted(newestFirst);
  return {
    temporary: [
      ...inHome.filter(({ name, age }) => /^\.(?:tmp|restoring)-/.test(name) && age > DAY_MS),
      ...inBackups.filter(({ name, age }) => /^\.tmp-[0-9a-f-]{36}(?:\.part)?$/.test(name) && age > DAY_MS),
    ].map(({ path }) => path),
    snapshots: snapshots
      .slice(1)
      .filter(({ age }) => age > 30 * DAY_MS)
      .map(({ path }) => path),
    before: inHome
      .filter(({ name, age }) => name.startsWith('.before-restore-') && age > 7 * DAY_MS)
      .map(({ path }) => path),
  };
}

interface Aged {
  readonly path: string;
  readonly name: string;
  /** Milliseconds since it was changed. */
  readonly age: number;
}

const newestFirst = (a: Aged, b: Aged): number => a.age - b.age;

async function aged(folder: string, now: number): Promise<Aged[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name): Promise<Aged[]> => {
      const path = join(folder, name);
      const info = await lstat(path).catch(() => undefined);
      return info === undefined ? [] : [{ path, name: basename(path), age: now - info.mtimeMs }];
    }),
  );
  return found.flat();
}

/** Which of these programs there are in the usual folders. */
export async function programsOf(names: readonly string[]): Promise<string[]> {
  const folders = ['/usr/bin', '/bin', '/usr/local/bin', '/sbin', '/usr/sbin', '/opt/homebrew/bin'];
  const found = await Promise.all(
    names.map(async (name) => {
      const there = await Promise.all(
        folders.map((folder) =>
          access(join(folder, name), constants.X_OK).then(
            () => true,
            () => false,
          ),
        ),
      );
      return there.includes(true) ? [name] : [];
    }),
  );
  return found.flat();
}

/** Bytes of the files below `folder`, at most `most` of them looked at. */
export async function sizeOf(folder: string, most: number): Promise<{ bytes: number; isWhole: boolean }> {
  const folders = [folder];
  let [bytes, seen] = [0, 0];
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      if ((seen += 1) > most) return { bytes, isWhole: false };
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else bytes += (await lstat(path).catch(() => undefined))?.size ?? 0;
    }
  }
  return { bytes, isWhole: true };
}

/** Files and folders below `folder` that others may write, at most `most` entries looked at; links are not followed. */
export async function writableByOthers(folder: string, most: number): Promise<{ paths: string[]; isWhole: boolean }> {
  const paths: string[] = [];
  const folders = [folder];
  let seen = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      if ((seen += 1) > most) return { paths, isWhole: false };
      if (entry.isSymbolicLink()) continue;
      const path = join(next, entry.name);
      const info = await lstat(path).catch(() => undefined);
      if (info !== undefined && (info.mode & 0o022) !== 0) paths.push(path);
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return { paths, isWhole: true };
}
