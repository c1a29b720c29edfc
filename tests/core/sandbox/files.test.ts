import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decidePath } from '../../../src/core/sandbox/decide-path.ts';
import { openGuardedFiles } from '../../../src/core/sandbox/files.ts';

let base = '';
let root = '';
let outside = '';
const refused = expect.objectContaining({ code: 'sandbox-refused' });

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-files-')));
  root = join(base, 'root');
  outside = join(base, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, 'target.txt'), 'canary');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const files = (mode: 'read' | 'write' = 'write') => openGuardedFiles({ roots: [{ name: 'work', folder: root, mode }] });

describe('reading', () => {
  it('gives the bytes, from an offset and up to a cap, with the whole size', async () => {
    writeFileSync(join(root, 'a.txt'), '0123456789');
    expect((await files().read('a.txt')).bytes.toString()).toBe('0123456789');
    const part = await files().read('./a.txt', { maxBytes: 3, offset: 4 });
    expect([part.bytes.toString(), part.size]).toEqual(['456', 10]);
    expect((await files().read('a.txt', { offset: 50 })).bytes.length).toBe(0);
  });

  it('does not hold a sparse giant in memory', async () => {
    writeFileSync(join(root, 'big'), '');
    truncateSync(join(root, 'big'), 1_000_000_000_000);
    expect((await files().read('big')).bytes.length).toBe(1024 * 1024);
  });

  it('reads names in any script, spaces and leading dots included', async () => {
    for (const name of [
      '한글 메모.txt',
      '한글.txt'.normalize('NFD'),
      'a b',
      '.hidden',
      '..odd',
      'a..b',
      '👨‍👩‍👧.txt',
      'naïve%20file',
    ]) {
      await files().write(name, name);
      expect((await files().read(name)).bytes.toString()).toBe(name);
    }
  });

  it('says when there is nothing', async () => {
    await expect(files().read('none')).rejects.toMatchObject({ code: 'not-found' });
    await expect(files().read('none/none')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('chooses the root by its name', async () => {
    mkdirSync(join(base, 'second'));
    writeFileSync(join(base, 'second', 'b'), 'two');
    const both = openGuardedFiles({
      roots: [
        { name: 'one', folder: root, mode: 'read' },
        { name: 'two', folder: join(base, 'second'), mode: 'read' },
      ],
    });
    expect((await both.read('b', { root: 'two' })).bytes.toString()).toBe('two');
    await expect(both.read('b')).rejects.toMatchObject({ code: 'not-found' });
    await expect(both.read('b', { root: 'three' })).rejects.toEqual(refused);
  });
});

describe('writing', () => {
  it('creates a file with its folders, closed to others, and nothing else stays behind', async () => {
    await files().write('a/b/c.txt', 'text');
    expect(readFileSync(join(root, 'a/b/c.txt'), 'utf8')).toBe('text');
    expect(statSync(join(root, 'a/b/c.txt')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(root, 'a/b'))).toEqual(['c.txt']);
  });

  it('replaces as a whole, keeps the mode but no set-uid bit', async () => {
    writeFileSync(join(root, 'run.sh'), 'old');
    execFileSync('chmod', ['4755', join(root, 'run.sh')]);
    const inode = statSync(join(root, 'run.sh')).ino;
    await files().write('run.sh', 'new');
    expect(readFileSync(join(root, 'run.sh'), 'utf8')).toBe('new');
    expect(statSync(join(root, 'run.sh')).mode & 0o7777).toBe(0o755);
    expect(statSync(join(root, 'run.sh')).ino).not.toBe(inode);
  });

  it('refuses above its cap, and in a root that is read-only', async () => {
    await expect(files().write('a', 'x'.repeat(1024 * 1024 + 1))).rejects.toMatchObject({ code: 'limit-reached' });
    await expect(files().write('a', 'xx', { maxBytes: 1 })).rejects.toMatchObject({ code: 'limit-reached' });
    await expect(files('read').write('a', 'x')).rejects.toEqual(refused);
    await expect(files('read').remove('a')).rejects.toEqual(refused);
    expect(readdirSync(root)).toEqual([]);
  });

  it('with create never replaces, whoever comes first', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => files().write('one', String(i), { create: true })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    await expect(files().write('one', 'x', { create: true })).rejects.toMatchObject({ code: 'conflict' });
    expect(readdirSync(root)).toEqual(['one']);
    await files().write('one', 'again');
  });

  it('removes a plain file and nothing else', async () => {
    writeFileSync(join(root, 'a'), 'x');
    mkdirSync(join(root, 'd'));
    await files().remove('a');
    expect(existsSync(join(root, 'a'))).toBe(false);
    await expect(files().remove('d')).rejects.toEqual(refused);
    await expect(files().remove('a')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('listing', () => {
  it('names kinds and sizes, leaves protected names out, and says when it was cut', async () => {
    writeFileSync(join(root, 'b.txt'), 'xx');
    writeFileSync(join(root, '.env'), 'SECRET=1');
    mkdirSync(join(root, 'a'));
    symlinkSync(outside, join(root, 'l'));
    const { entries, truncated } = await files().list('.');
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['a', 'folder'],
      ['b.txt', 'file'],
      ['l', 'link'],
    ]);
    expect(entries[1]?.size).toBe(2);
    expect(truncated).toBe(false);
    expect(await files().list('', { maxEntries: 1 })).toMatchObject({ truncated: true, entries: [{ name: 'a' }] });
    expect((await files().list('a/')).entries).toEqual([]);
  });

  it.each(['..', '/', 'l', 'l/', 'none', 'file', '.git', '.ssh', 'logs'])('refuses %s', async (path) => {
    symlinkSync(outside, join(root, 'l'));
    writeFileSync(join(root, 'file'), '');
    for (const name of ['.git', '.ssh', 'logs']) mkdirSync(join(root, name));
    await expect(files().list(path)).rejects.toMatchObject({ name: 'ClawError' });
  });
});

describe('links and devices', () => {
  async function expectShut(path: string): Promise<void> {
    const folder = { folder: root, mode: 'write' as const };
    for (const mode of ['read', 'write'] as const)
      expect(await decidePath({ root: folder, mode, path })).toMatchObject({ decision: 'deny' });
    await expect(files().read(path)).rejects.toEqual(refused);
    await expect(files().write(path, 'pwned')).rejects.toEqual(refused);
    expect(readFileSync(join(outside, 'target.txt'), 'utf8')).toBe('canary');
  }

  it.each([
    ['a link to a file outside', () => symlinkSync(join(outside, 'target.txt'), join(root, 'x')), 'x'],
    ['a link to a folder outside', () => symlinkSync(outside, join(root, 'x')), 'x/target.txt'],
    ['a link to a missing file', () => symlinkSync(join(outside, 'none'), join(root, 'x')), 'x'],
    [
      'a link in the middle',
      () => (mkdirSync(join(root, 'a')), symlinkSync(outside, join(root, 'a/x'))),
      'a/x/target.txt',
    ],
    ['a link that stays inside', () => (writeFileSync(join(root, 'y'), ''), symlinkSync('y', join(root, 'x'))), 'x'],
    ['a link to itself', () => symlinkSync('x', join(root, 'x')), 'x'],
    ['a link to /proc/self/environ', () => symlinkSync('/proc/self/environ', join(root, 'x')), 'x'],
    ['a link to the root of the system', () => symlinkSync('/', join(root, 'x')), 'x/etc/passwd'],
    ['a hard link to a file outside', () => linkSync(join(outside, 'target.txt'), join(root, 'x')), 'x'],
    ['a pipe', () => execFileSync('mkfifo', [join(root, 'x')]), 'x'],
    ['a file used as a folder', () => writeFileSync(join(root, 'x'), ''), 'x/y'],
  ])('%s is refused both ways', async (_what, plant, path) => {
    plant();
    await expectShut(path);
  });

  it('a socket is refused both ways', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 'x'), resolve));
    await expectShut('x');
    server.close();
  });

  it('a root may be reached by a link, but may not be the system or a kernel folder', async () => {
    symlinkSync(root, join(base, 'alias'));
    await openGuardedFiles({ roots: [{ name: 'w', folder: join(base, 'alias'), mode: 'write' }] }).write('a', 'x');
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('x');
    for (const folder of [
      '/',
      '/proc',
      '/proc/self',
      '/sys',
      '/dev',
      'relative',
      join(base, 'none'),
      join(outside, 'target.txt'),
    ]) {
      const decision = await decidePath({ root: { folder, mode: 'read' }, mode: 'read', path: 'version' });
      expect([folder, decision.decision]).toEqual([folder, 'deny']);
    }
  });
});

describe('the home of claw', () => {
  it.each([
    'config.json',
    'claw.db',
    'claw.db-wal',
    'secrets.sealed',
    'secrets.key',
    '.env',
    'run/x',
    'backups/b',
    'logs/claw.log',
  ])('keeps %s to itself, from the home, from above and from a folder inside', async (name) => {
    const home = join(root, 'myhome');
    mkdirSync(home);
    for (const mode of ['read', 'write'] as const) {
      const fromHome = { root: { folder: home, mode: 'write' as const }, mode, path: name, home };
      const fromAbove = { root: { folder: root, mode: 'write' as const }, mode, path: `myhome/${name}`, home };
      expect((await decidePath(fromHome)).decision).toBe('deny');
      expect((await decidePath(fromAbove)).decision).toBe('deny');
    }
    await expect(
      openGuardedFiles({ roots: [{ name: 'r', folder: root, mode: 'write' }], home }).write(`myhome/${name}`, 'x'),
    ).rejects.toEqual(refused);
  });

  it.each(['tools/evil.ts', 'skills/a/SKILL.md', 'instruction.md', 'models.json'])(
    'lets nobody write %s',
    async (name) => {
      const home = join(root, 'myhome');
      mkdirSync(home);
      const question = { root: { folder: root, mode: 'write' as const }, path: `myhome/${name}`, home };
      expect((await decidePath({ ...question, mode: 'write' })).decision).toBe('deny');
      expect((await decidePath({ ...question, mode: 'read' })).decision).toBe('allow');
    },
  );

  it('leaves rooms and knowledge open', async () => {
    mkdirSync(join(root, 'groups/team'), { recursive: true });
    const question = {
      root: { folder: join(root, 'groups/team'), mode: 'write' as const },
      mode: 'write' as const,
      home: root,
    };
    expect((await decidePath({ ...question, path: 'notes.md' })).decision).toBe('allow');
  });
});
