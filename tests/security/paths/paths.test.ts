import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decidePath } from '../../../src/core/sandbox/decide-path.ts';
import { openGuardedFiles } from '../../../src/core/sandbox/files.ts';
import { pathParts } from '../../../src/core/sandbox/path-text.ts';
import { foldName } from '../../../src/core/sandbox/protected-names.ts';
import { CLOSED_BOTH, CLOSED_FOR_WRITING, OPEN_BOTH } from './fixtures/vectors.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'claw-paths-')));
  writeFileSync(join(root, 'notes.txt'), 'notes');
  mkdirSync(join(root, 'sub'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function decisions(paths: readonly string[], mode: 'read' | 'write'): Promise<[string, string, string][]> {
  const ask = async (path: string): Promise<[string, string, string]> => {
    const { decision, reason } = await decidePath({ root: { folder: root, mode: 'write' }, mode, path });
    return [path, decision, reason];
  };
  return Promise.all(paths.map(ask));
}

describe('the path wall', () => {
  it(`refuses ${CLOSED_BOTH.length} paths both ways`, async () => {
    for (const mode of ['read', 'write'] as const) {
      expect((await decisions(CLOSED_BOTH, mode)).filter(([, decision]) => decision !== 'deny')).toEqual([]);
    }
  });

  it(`refuses ${CLOSED_FOR_WRITING.length} more for writing`, async () => {
    expect((await decisions(CLOSED_FOR_WRITING, 'write')).filter(([, decision]) => decision !== 'deny')).toEqual([]);
    expect((await decisions(CLOSED_FOR_WRITING, 'read')).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it(`lets ${OPEN_BOTH.length} ordinary paths pass both ways`, async () => {
    for (const mode of ['read', 'write'] as const) {
      expect((await decisions(OPEN_BOTH, mode)).filter(([, decision]) => decision !== 'allow')).toEqual([]);
    }
  });

  it('refuses protected names that exist, through the opener too', async () => {
    const files = openGuardedFiles({ roots: [{ name: 'w', folder: root, mode: 'write' }] });
    for (const path of [
      '.env',
      '.git/config',
      '.ssh/id_rsa',
      'sitecustomize.py',
      'node_modules/x/y.js',
      'claw.db',
      'logs/a.log',
      'package.json',
    ]) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), 'canary');
      await expect(files.write(path, 'pwned')).rejects.toMatchObject({ code: 'sandbox-refused' });
      await expect(files.remove(path)).rejects.toMatchObject({ code: 'sandbox-refused' });
    }
    await expect(files.read('.env')).rejects.toMatchObject({ code: 'sandbox-refused' });
  });

  it('refuses every writing in a root that is granted for reading', async () => {
    const ask = (path: string) => decidePath({ root: { folder: root, mode: 'read' }, mode: 'write', path });
    expect((await Promise.all(OPEN_BOTH.map(ask))).filter(({ decision }) => decision === 'allow')).toEqual([]);
  });

  it('refuses a folder as a file to write, and the root itself', async () => {
    expect(
      (await decisions(['sub', 'sub/', '.', './'], 'write')).filter(([, decision]) => decision !== 'deny'),
    ).toEqual([]);
    expect(
      (await decisions(['notes.txt/', 'notes.txt/x'], 'read')).filter(([, decision]) => decision !== 'deny'),
    ).toEqual([]);
    expect((await decisions(['sub', '.', 'sub/'], 'read')).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });
});

describe('any text', () => {
  it('that is taken as a path stays below the root', () => {
    const bits = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '\0',
      'a',
      'é',
      '．',
      '‥',
      '\u200b',
      ' ',
      '~',
      ':',
      '\u202e',
      '\ud800',
      '/etc',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(bits, fc.string({ unit: 'grapheme' })), { maxLength: 8 }), (pieces) => {
        const parts = pathParts(pieces.join(''));
        if (typeof parts === 'string') return;
        expect(join('/root', ...parts).startsWith('/root')).toBe(true);
        for (const part of parts) expect(part).not.toMatch(/^\.{1,2}$|[/\\\0]/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('folds to the same name however it is spelled', () => {
    const spell = fc.constantFrom(
      (name: string) => name.toUpperCase(),
      (name: string) => `${name}.`,
      (name: string) => `${name} `,
      (name: string) => `${name}::$DATA`,
      (name: string) => name.normalize('NFD'),
      (name: string) => [...name].join('\u200b'),
      (name: string) =>
        [...name]
          .map((char) => (/[!-~]/.test(char) ? String.fromCodePoint(char.charCodeAt(0) + 0xfee0) : char))
          .join(''),
    );
    fc.assert(
      fc.property(
        fc.constantFrom('.env', '.git', '.ssh', 'sitecustomize.py', 'claw.db'),
        fc.array(spell, { maxLength: 3 }),
        (name, spells) => {
          expect(foldName(spells.reduce<string>((text, change) => change(text), name))).toBe(name);
        },
      ),
    );
  });
});
