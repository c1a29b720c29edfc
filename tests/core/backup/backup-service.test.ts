import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeaderFrame, TRAILER_BYTES } from '../../../src/core/backup/backup-frame.ts';
import { openStore } from '../../../src/core/store/store.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { backupKit, dump, fill, flipped, type HostileEntry, plain, quiet, writeArchive } from './backup-kit.ts';

const passphrase = 'a long pass-phrase';
const sealed = { ...plain, passphrase };
const opening = { ...quiet, passphrase: async () => passphrase };

/** What this process has open, by path. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      // Closed since it was listed.
      return [];
    }
  });
}

describe('a backup', () => {
  test('puts an empty home into the same state, row for row and byte for byte', async () => {
    const from = backupKit();
    await fill(from.home);
    const made = await from.service.create(plain);
    const to = backupKit();
    const restored = await to.service.restore(made.file, quiet);
    expect(restored).toMatchObject({ sha256: made.sha256, schema: made.schema, before: null });
    expect(dump(to.home)).toBe(dump(from.home));
    for (const file of ['tools/dice.ts', 'config.json']) {
      expect(readFileSync(join(to.home, file))).toEqual(readFileSync(join(from.home, file)));
    }
    expect(statSync(join(to.home, 'claw.db')).mode & 0o777).toBe(0o600);
  });

  test('holds one instant, whatever is written meanwhile', async () => {
    const { home, service } = backupKit();
    await fill(home, 200);
    const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: home, now: 0 });
    const done = new AbortController();
    let written = 0;
    const writing = (async () => {
      while (!done.signal.aborted) {
        const id = `late-${written++}`;
        await store.users.insertIfAbsent({ id, username: id, role: 'user', state: 'active', created_at: 0 });
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    const made = await service.create(plain);
    done.abort();
    await writing;
    await store.close();
    expect(written).toBeGreaterThan(0);
    expect(await service.verify(made.file, quiet)).toMatchObject({ schema: made.schema });
  });

  test('is readable by zstd and tar alone, and its file appears whole or not at all', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const { file } = await service.create(plain);
    const bytes = readFileSync(file);
    const { bytes: start } = readHeaderFrame(bytes, file);
    const tar = zstdDecompressSync(bytes.subarray(start, -TRAILER_BYTES));
    expect(tar.subarray(257, 262).toString()).toBe('ustar');
    expect(readdirSync(join(home, 'backups')).filter((name) => name.startsWith('.'))).toEqual([]);
    await expect(service.create({ ...plain, file })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that is stopped leaves nothing behind', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const stop = new AbortController();
    const onProgress = (step: string): void => void (step === 'packing' && stop.abort(new Error('stopped')));
    await expect(service.create({ ...plain, signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(readdirSync(join(home, 'backups'))).toEqual([]);
  });

  test('holds no link, and says what it left out', async () => {
    const { home, service } = backupKit();
    await fill(home);
    symlinkSync('/etc/passwd', join(home, 'tools', 'link.ts'));
    expect((await service.create(plain)).skipped).toEqual(['tools/link.ts']);
  });

  test('holds secrets only when it is encrypted and asked to', async () => {
    const { home, service } = backupKit();
    await fill(home);
    writeFileSync(join(home, 'secrets.sealed'), 'sealed');
    await expect(service.create({ ...plain, includeSecrets: true })).rejects.toMatchObject({ code: 'usage-invalid' });
    const without = await service.create(sealed);
    const withThem = await service.create({ ...sealed, includeSecrets: true });
    const [first, second] = [backupKit(), backupKit()];
    await first.service.restore(without.file, opening);
    await second.service.restore(withThem.file, opening);
    expect(existsSync(join(first.home, 'secrets.sealed'))).toBe(false);
    expect(readFileSync(join(second.home, 'secrets.sealed'), 'utf8')).toBe('sealed');
  });
});

describe('a damaged backup', () => {
  test.each([
    ['plain', plain, quiet],
    ['encrypted', sealed, opening],
  ])('%s: a flipped byte anywhere is found', { timeout: 60_000 }, async (_, making, reading) => {
    const { home, service } = backupKit();
    await fill(home);
    const { file, bytes } = await service.create(making);
    const bad = join(home, 'bad');
    const at = fc.oneof(
      fc.nat(bytes - 1),
      fc.nat(220),
      fc.nat(60).map((end) => bytes - 1 - end),
    );
    await fc.assert(
      fc.asyncProperty(at, async (position) => {
        writeFileSync(bad, flipped(file, position));
        await expect(service.verify(bad, reading)).rejects.toMatchObject({ code: 'data-invalid' });
      }),
      { numRuns: 120 },
    );
    expect(readdirSync(join(home, 'backups')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('one that was cut off is found, wherever', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const { file, bytes } = await service.create(plain);
    const whole = readFileSync(file);
    for (const length of [0, 1, 7, 8, 100, 300, bytes - TRAILER_BYTES, bytes - 1]) {
      writeFileSync(join(home, 'bad'), whole.subarray(0, length));
      await expect(service.verify(join(home, 'bad'), quiet)).rejects.toMatchObject({ code: 'data-invalid' });
    }
    await expect(service.verify(join(home, 'none'), quiet)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a wrong pass-phrase, and none, are told apart from damage', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const { file } = await service.create(sealed);
    const wrong = { ...quiet, passphrase: async () => 'another pass-phrase' };
    await expect(service.verify(file, wrong)).rejects.toMatchObject({ code: 'auth-rejected' });
    await expect(service.verify(file, quiet)).rejects.toMatchObject({ code: 'auth-missing' });
    await expect(service.create({ ...sealed, passphrase: 'short' })).rejects.toMatchObject({ code: 'usage-invalid' });
  });
});

describe('a hostile archive', () => {
  const database: HostileEntry = { path: 'claw.db', content: 'no database' };
  const cases: readonly (readonly [what: string, entries: readonly HostileEntry[], files?: readonly HostileEntry[]])[] =
    [
      ['a path that leads up', [{ path: '../outside', content: 'x' }]],
      ['a path that leads up from inside', [{ path: 'tools/../../outside', content: 'x' }]],
      ['an absolute path', [{ path: '/tmp/outside', content: 'x' }]],
      ['a name that is no part of a home', [{ path: '.ssh/authorized_keys', content: 'x' }]],
      ['a path with a backslash', [{ path: 'tools\\..\\x', content: 'x' }]],
      ['a symbolic link', [{ path: 'tools/x', type: 'SymbolicLink', linkpath: '/etc/passwd' }]],
      ['a hard link', [{ path: 'tools/x', type: 'Link', linkpath: '/etc/passwd' }]],
      ['a device', [{ path: 'tools/x', type: 'CharacterDevice' }]],
      ['a pipe', [{ path: 'tools/x', type: 'FIFO' }]],
      ['a folder', [{ path: 'tools', type: 'Directory' }]],
      ['a file twice', [database, database], [database]],
      ['a file that its list does not name', [database, { path: 'tools/x', content: 'x' }], [database]],
      ['a list that names more than there is', [database], [database, { path: 'tools/x', content: 'x' }]],
      ['a list that names a file twice', [database], [database, database]],
      ['other bytes than its list says', [{ path: 'tools/x', content: 'x' }], [{ path: 'tools/x', content: 'y' }]],
      ['another size than its list says', [{ path: 'tools/x', content: 'x' }], [{ path: 'tools/x', content: 'xx' }]],
      ['a database that is none', [database]],
    ];

  test.each(cases.map(([what, entries, files]) => ({ what, entries, files })))(
    'with $what is refused, and nothing is written outside or left inside',
    async ({ entries, files }) => {
      const around = temporaryHome();
      const { home, service } = backupKit(join(around, 'home'));
      mkdirSync(home);
      const file = join(home, 'hostile');
      writeArchive(file, entries, files === undefined ? {} : { files });
      await expect(service.restore(file, quiet)).rejects.toMatchObject({ code: 'data-invalid' });
      expect(readdirSync(home)).toEqual(['hostile']);
      expect(readdirSync(around)).toEqual(['home']);
      expect(existsSync('/tmp/outside')).toBe(false);
    },
  );

  test('that unpacks to far more than it says is cut off', async () => {
    const { home, service } = backupKit();
    const file = join(home, 'bomb');
    const content = 'x'.repeat(160 * 1024 * 1024);
    writeArchive(file, [{ path: 'tools/x', content }], { header: { content_bytes: 10 } });
    expect(statSync(file).size).toBeLessThan(200_000);
    await expect(service.verify(file, quiet)).rejects.toMatchObject({ code: 'data-invalid' });
    expect(openFiles().filter((path) => path.startsWith(home))).toEqual([]);
  });

  test('of a newer schema is refused by what it says', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const newer = backupKit(temporaryHome(), {
      migrate: async () => {
        throw Object.assign(new Error('newer'), { code: 'data-invalid' });
      },
    });
    const { file } = await service.create(plain);
    await expect(newer.service.restore(file, quiet)).rejects.toThrow('newer');
    expect(readdirSync(newer.home)).toEqual([]);
  });
});

describe('a restore', () => {
  test('keeps what was there, its secrets in their place, and its settings where they may hold some', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const { file } = await service.create(plain);
    writeFileSync(join(home, 'secrets.sealed'), 'mine');
    writeFileSync(join(home, '.env'), 'X_KEY=1\n');
    writeFileSync(join(home, 'tools', 'later.ts'), '');
    const { before } = await service.restore(file, quiet);
    expect(readdirSync(join(home, 'tools'))).toEqual(['dice.ts']);
    expect(readdirSync(join(before ?? '', 'tools')).toSorted()).toEqual(['dice.ts', 'later.ts']);
    expect(readFileSync(join(home, 'secrets.sealed'), 'utf8')).toBe('mine');
    expect(readFileSync(join(home, '.env'), 'utf8')).toBe('X_KEY=1\n');
    expect(existsSync(join(before ?? '', 'claw.db'))).toBe(true);
  });

  test('is refused while the server runs, and while anybody has the database open', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const { file } = await service.create(plain);
    const served = backupKit(home, { lock: async () => undefined });
    await expect(served.service.restore(file, quiet)).rejects.toMatchObject({ code: 'locked' });
    const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: home, now: 0 });
    await expect(service.restore(file, quiet)).rejects.toMatchObject({ code: 'locked' });
    await store.close();
    await expect(service.restore(file, quiet)).resolves.toMatchObject({ schema: expect.any(Number) as number });
  });
});

describe('the folder of backups', () => {
  test('is listed newest first, and pruned from the oldest; what is no backup stays', async () => {
    const { home, service } = backupKit();
    await fill(home);
    const made = [await service.create(plain), await service.create(plain), await service.create(plain)];
    const others = join(home, 'backups', 'claw-20200101T000000Z.tar.zst');
    mkdirSync(join(home, 'backups'), { recursive: true });
    writeFileSync(others, 'not one');
    const files = made.map(({ file }) => file).toReversed();
    expect((await service.list()).map(({ file }) => file)).toEqual(files);
    expect(await service.prune(1, true)).toEqual(files.slice(1));
    expect((await service.list()).length).toBe(3);
    expect(await service.prune(1)).toEqual(files.slice(1));
    expect((await service.list()).map(({ file }) => file)).toEqual(files.slice(0, 1));
    expect(existsSync(others)).toBe(true);
  });
});
