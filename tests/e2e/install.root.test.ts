/** The package as npm installs it: into a folder of root with an awkward name, used by somebody who may only read it. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bareEnvironment, ROOT, temporaryDirectory } from './run-claw.ts';

const NOBODY = 65_534;
const SLOW_MS = 180_000;
const clean: (() => Promise<void> | void)[] = [];
const place = { node: '', prefix: '', home: '' };

beforeAll(async () => {
  const folder = await temporaryDirectory((step) => void clean.push(step));
  chmodSync(folder, 0o755);
  Object.assign(place, { node: join(folder, 'node'), prefix: join(folder, 'a b 설치'), home: join(folder, 'home') });
  copyFileSync(process.execPath, place.node);
  mkdirSync(place.home, { mode: 0o700 });
  chownSync(place.home, NOBODY, NOBODY);
  const npm = (...words: string[]): string => execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' });
  const packed =
    npm('pack', '--ignore-scripts', '--silent', '--pack-destination', folder).trim().split('\n').at(-1) ?? '';
  const words = [
    '--global',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--prefix',
    place.prefix,
  ];
  const started = performance.now();
  npm('install', ...words, join(folder, packed));
  process.stderr.write(
    `npm install -g: ${Math.round(performance.now() - started)} ms, ${Math.round(bytesOf(place.prefix) / 1e6)} MB\n`,
  );
}, SLOW_MS);
afterAll(async () => {
  for (const step of clean) await step();
});

/** Room on disk, as du counts. */
function bytesOf(path: string): number {
  const stat = lstatSync(path);
  const own = stat.blocks * 512;
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), own) : own;
}

async function claw(...words: string[]): Promise<string> {
  const program = join(place.prefix, 'bin', 'claw');
  const options = { cwd: '/', env: bareEnvironment(place.home), uid: NOBODY, gid: NOBODY, timeout: 60_000 };
  const running = promisify(execFile)(place.node, [program, ...words], options);
  running.child.stdin?.end();
  return (await running).stdout;
}

test('it is small, and holds what runs, its licences and no sources', () => {
  expect(bytesOf(place.prefix)).toBeLessThan(250e6);
  const root = join(place.prefix, 'lib', 'node_modules', 'claw');
  expect(
    ['bin', 'dist', 'tools', 'src', 'tests', 'scripts', 'dist/.cache'].filter((name) => existsSync(join(root, name))),
  ).toEqual(['bin', 'dist', 'tools']);
  expect(existsSync(join(root, 'dist', 'LICENSES.txt'))).toBe(true);
});

test(
  'somebody who may only read it talks, runs tools and keeps what was compiled in a folder of their own',
  { timeout: SLOW_MS },
  async () => {
    expect(await claw('--version')).toMatch(/^claw\/\d/);
    expect(await claw('chat', '-p', 'what is 2 plus 3')).toContain('5');
    expect(await claw('tool', 'run', 'add_two_numbers', '--input', '{"a":40,"b":2}')).toContain('42');
    expect(existsSync(join(place.home, '.cache', 'claw', 'compile'))).toBe(true);
    expect(existsSync(join(place.prefix, 'lib', 'node_modules', 'claw', 'dist', '.cache'))).toBe(false);
  },
);
