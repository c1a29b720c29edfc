import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideMount, type MountQuestion, readMountAllowlist } from '../../../src/core/sandbox/mounts.ts';

let base = '';
let file = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-mounts-')));
  for (const folder of [
    'projects/app',
    'projects/my.environment',
    'projects/.env.d',
    'shared/data',
    'people/.ssh',
    'home/groups',
    'config',
  ]) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  symlinkSync(join(base, 'people/.ssh'), join(base, 'projects/keys'));
  symlinkSync(join(base, 'shared'), join(base, 'projects/out'));
  file = join(base, 'config', 'mounts.json');
  const allowedRoots = [
    { path: join(base, 'projects'), allowReadWrite: true },
    { path: join(base, 'shared'), allowReadWrite: false },
  ];
  writeFileSync(file, JSON.stringify({ allowedRoots, blockedPatterns: ['private'] }));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function ask(path: string, more: Partial<MountQuestion> = {}) {
  const allowlist = await readMountAllowlist(file);
  const question = { mode: 'read' as const, isMainRoom: true, allowlist, home: join(base, 'home'), ...more };
  return decideMount({ ...question, path: path.startsWith('/') || path.startsWith('~') ? path : `${base}/${path}` });
}

describe('A57: a mount', () => {
  it('in an allowed folder is granted at its real path', async () => {
    expect(await ask('projects/app')).toMatchObject({
      decision: 'allow',
      mode: 'read',
      path: join(base, 'projects/app'),
    });
    expect(await ask('projects/app', { mode: 'write' })).toMatchObject({ decision: 'allow', mode: 'write' });
    expect(await ask('projects/my.environment')).toMatchObject({ decision: 'allow' });
    expect(await ask('projects/out/data')).toMatchObject({ decision: 'allow', path: join(base, 'shared/data') });
  });

  it('for writing below a read-only folder, or for another room, is granted read-only', async () => {
    expect(await ask('shared/data', { mode: 'write' })).toMatchObject({ decision: 'allow', mode: 'read' });
    expect(await ask('projects/app', { mode: 'write', isMainRoom: false })).toMatchObject({
      decision: 'allow',
      mode: 'read',
    });
  });

  it.each([
    'people/.ssh',
    'projects/keys',
    'projects/../people/.ssh',
    'people',
    'projects/.env.d',
    'projects/none',
    'home',
    'home/groups',
    '.',
    'config',
    '/',
    '/etc',
    '/proc',
    '/run',
    '/dev/null',
    '/usr/bin',
    '~/.ssh',
    'projects/../..',
    'relative',
  ])('of %s is refused', async (path) => {
    const asked =
      path === 'relative'
        ? decideMount({ path, mode: 'read', isMainRoom: true, allowlist: await readMountAllowlist(file), home: base })
        : ask(path);
    expect((await asked).decision).toBe('deny');
  });

  it('of a name the file blocks, or of a socket, is refused', async () => {
    mkdirSync(join(base, 'projects/Private'));
    expect(await ask('projects/Private')).toMatchObject({
      decision: 'deny',
      reason: expect.stringContaining('blocked'),
    });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(base, 'projects/app/docker.sock'), resolve));
    expect((await ask('projects/app/docker.sock')).decision).toBe('deny');
    server.close();
  });

  it('without the file is refused, whatever it is', async () => {
    rmSync(file);
    expect(await readMountAllowlist(file)).toBeUndefined();
    expect(await ask('projects/app')).toMatchObject({
      decision: 'deny',
      reason: expect.stringContaining('no mount allowlist'),
    });
  });

  it('that would hold the allowlist file is refused even in an allowed folder', async () => {
    file = join(base, 'projects', 'mounts.json');
    writeFileSync(file, JSON.stringify({ allowedRoots: [{ path: base, allowReadWrite: true }] }));
    expect((await ask('projects')).decision).toBe('deny');
    expect((await ask('projects/app')).decision).toBe('allow');
  });

  it('with a file that is no allowlist is an error that says so', async () => {
    for (const text of ['', '{', '[]', '{"allowedRoots":["x"]}']) {
      writeFileSync(file, text);
      await expect(readMountAllowlist(file)).rejects.toMatchObject({ code: 'config-invalid' });
    }
  });
});
