import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInterpreter } from '../../../../src/core/sandbox/exec/interpreters.ts';
import { resolveProgram } from '../../../../src/core/sandbox/exec/resolve-program.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'claw-programs-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plant(name: string, mode: number): string {
  const path = join(folder, name);
  writeFileSync(path, '#!/bin/true\n');
  chmodSync(path, mode);
  return path;
}

const reasonOf = async (name: string, folders = [folder]): Promise<string> => {
  const found = await resolveProgram(name, folders);
  return found.kind === 'refused' ? found.reason : found.kind;
};

describe('a program', () => {
  it('is found in the folders of the system', async () => {
    expect(await resolveProgram('ls')).toMatchObject({ kind: 'found', realName: expect.any(String) });
    expect(await resolveProgram('no-such-program-here')).toEqual({ kind: 'missing', name: 'no-such-program-here' });
  });

  it.each([
    '/bin/ls',
    './ls',
    '../ls',
    'a/b',
    '',
    '-x',
    '.',
    '..',
    'a b',
    'a;b',
    'a=b',
    '~',
    'ls\n',
    'lś',
    '$x',
    '@x',
    'x'.repeat(65),
  ])('named %j is refused', async (name) => {
    expect((await resolveProgram(name)).kind).toBe('refused');
  });

  it('that everyone or a group may change is refused', async () => {
    const everyone = plant('everyone', 0o757);
    const group = plant('group', 0o775);
    expect(await reasonOf('everyone')).toBe(`${everyone} can be changed by everyone`);
    expect(await reasonOf('group')).toBe(`${group} can be changed by a group`);
  });

  it('in a folder below one that everyone may change is refused', async () => {
    plant('fine', 0o755);
    chmodSync(folder, 0o755);
    expect(await reasonOf('fine')).toContain('can be changed by everyone');
    chmodSync(folder, 0o777);
    expect(await reasonOf('fine')).toBe(`${folder} can be changed by everyone`);
  });

  it('that is a link out of the trusted folders, leads nowhere, or is no program is refused', async () => {
    mkdirSync(join(folder, 'bin'));
    const trusted = [join(folder, 'bin')];
    const evil = plant('evil', 0o755);
    symlinkSync(evil, join(folder, 'bin', 'curl'));
    symlinkSync(join(folder, 'none'), join(folder, 'bin', 'gone'));
    mkdirSync(join(folder, 'bin', 'dir'));
    writeFileSync(join(folder, 'bin', 'plain'), '', { mode: 0o644 });
    expect(await reasonOf('curl', trusted)).toContain('outside the trusted folders');
    expect(await reasonOf('gone', trusted)).toContain('leads nowhere');
    expect(await reasonOf('dir', trusted)).toContain('no regular file');
    expect(await reasonOf('plain', trusted)).toContain('not executable');
  });

  it('with one bad copy in any trusted folder is refused as a whole', async () => {
    plant('ls', 0o777);
    expect(await reasonOf('ls', ['/usr/bin', folder])).toContain('can be changed by everyone');
  });
});

describe('an interpreter', () => {
  it.each([
    'sh',
    'bash',
    'node',
    'NODE',
    'python3',
    'python3.12',
    'perl5.36.0',
    'gcc-13',
    'x86_64-linux-gnu-gcc-12',
    'vim.tiny',
    'mawk',
    'ld-linux-x86-64.so.2',
    'x.py',
    'qemu-x86_64',
    'env',
    'xargs',
    'sudo',
    'busybox',
  ])('is %s', (name) => {
    expect(isInterpreter(name)).toBe(true);
  });
  it.each(['ls', 'curl', 'git', 'cat', 'grep', 'date', 'wget', 'rm', 'shasum', 'nodes', 'pythonic'])(
    'is not %s',
    (name) => {
      expect(isInterpreter(name)).toBe(false);
    },
  );
});
