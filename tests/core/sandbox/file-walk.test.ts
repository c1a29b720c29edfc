import { spawn } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClawError } from '../../../src/core/kernel/errors.ts';
import { openGuardedFiles } from '../../../src/core/sandbox/files.ts';

let base = '';
let root = '';
let outside = '';

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-walk-')));
  root = join(base, 'root');
  outside = join(base, 'outside');
  mkdirSync(root);
  mkdirSync(outside);
  writeFileSync(join(outside, 'target.txt'), 'canary');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** The code of a failure, as a value. */
function codeOf(error: unknown): string {
  return error instanceof ClawError ? error.code : String(error);
}

const files = () => openGuardedFiles({ roots: [{ name: 'work', folder: root, mode: 'write' }] });

describe('a race', () => {
  /** Swaps `root/d` between a folder and a link to the outside as fast as it can, in another process. */
  const SWAPPER = `const fs = require('fs'); const [d, real, link] = process.argv.slice(1);
    process.stdout.write('ready');
    for (;;) { fs.renameSync(d, real); fs.renameSync(link, d); fs.renameSync(d, link); fs.renameSync(real, d); }`;

  it('between a folder and a link to the outside never opens the outside', async () => {
    const folder = join(root, 'd');
    mkdirSync(folder);
    writeFileSync(join(folder, 'target.txt'), 'inside');
    symlinkSync(outside, join(root, 'link'));
    const swapper = spawn(process.execPath, ['-e', SWAPPER, folder, join(root, 'real'), join(root, 'link')]);
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    await new Promise((resolve) => swapper.stdout.once('data', resolve));
    const seen = new Set<string>();
    for (let i = 0; i < 1_500; i += 1) {
      seen.add(
        await files()
          .read('d/target.txt')
          .then(({ bytes }) => bytes.toString(), codeOf),
      );
    }
    swapper.kill('SIGKILL');
    await ended;
    expect([...seen]).not.toContain('canary');
    expect([...seen]).toContain('inside');
    expect([...seen]).toContain('sandbox-refused');
  }, 20_000);

  it('between a folder and a link to the outside never writes to the outside', async () => {
    const source = `const fs = require('fs'); const [d, outside] = process.argv.slice(1); const cell = new Int32Array(new SharedArrayBuffer(4)); const go = (f) => { try { f(); } catch {} };
      process.stdout.write('ready');
      for (;;) { go(() => fs.rmSync(d, { recursive: true, force: true })); go(() => fs.symlinkSync(outside, d)); Atomics.wait(cell, 0, 0, 1); go(() => fs.unlinkSync(d)); go(() => fs.mkdirSync(d)); Atomics.wait(cell, 0, 0, 2); }`;
    const swapper = spawn(process.execPath, ['-e', source, join(root, 'd'), outside]);
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    await new Promise((resolve) => swapper.stdout.once('data', resolve));
    const seen = new Set<string>();
    for (let i = 0; i < 1_500; i += 1) {
      seen.add(
        await files()
          .write('d/target.txt', 'pwned')
          .then(() => 'written', codeOf),
      );
      await files()
        .write('d/new/deep', 'pwned')
        .catch(() => {});
    }
    swapper.kill('SIGKILL');
    await ended;
    expect([...seen]).toContain('written');
    expect([...seen]).toContain('sandbox-refused');
    expect(readdirSync(outside)).toEqual(['target.txt']);
    expect(readFileSync(join(outside, 'target.txt'), 'utf8')).toBe('canary');
  }, 30_000);

  it('between a file and a link to the outside never reads or overwrites the outside', async () => {
    const file = join(root, 'f');
    writeFileSync(file, 'inside');
    symlinkSync(join(outside, 'target.txt'), join(root, 'link'));
    const swapper = spawn(process.execPath, ['-e', SWAPPER, file, join(root, 'real'), join(root, 'link')]);
    const ended = new Promise((resolve) => swapper.once('exit', resolve));
    await new Promise((resolve) => swapper.stdout.once('data', resolve));
    const seen = new Set<string>();
    for (let i = 0; i < 1_500; i += 1) {
      seen.add(
        await files()
          .read('f')
          .then(({ bytes }) => bytes.toString(), codeOf),
      );
    }
    swapper.kill('SIGKILL');
    await ended;
    expect([...seen]).not.toContain('canary');
    expect([...seen]).toContain('inside');
    expect(readFileSync(join(outside, 'target.txt'), 'utf8')).toBe('canary');
    expect(lstatSync(join(outside, 'target.txt')).isFile()).toBe(true);
  }, 20_000);
});
