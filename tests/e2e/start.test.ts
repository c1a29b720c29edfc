import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CLAW, temporaryDirectory } from './run-claw.ts';

/** Makes the process believe it is an older Node. */
const OLD_NODE = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.1' } });",
)}`;

/** What the built program is replaced by: it says what it got, then does what its first word asks. */
const PROGRAM = `export async function main([word, ...rest]) {
  if (word === 'exit') process.exit(Number(rest[0]));
  if (word === 'wait') {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { console.log(signal); process.exit(7); });
    setInterval(() => {}, 1000);
    console.log('ready');
    return;
  }
  if (word === 'die') process.kill(process.pid, 'SIGKILL');
  let input = '';
  for await (const chunk of process.stdin) input += chunk;
  console.log(JSON.stringify({ word, rest, input, node: process.versions.node }));
}`;

interface Parts {
  readonly node?: 'good' | 'old' | 'without its program';
  readonly isBuilt?: boolean;
}

/** An installation of claw with only its start, in a directory of its own. */
async function installation({ node, isBuilt = true }: Parts): Promise<string> {
  const root = await temporaryDirectory();
  await cp(CLAW, join(root, 'bin', 'claw.js'));
  await writeFile(join(root, 'package.json'), '{"name": "claw", "version": "1.2.3", "type": "module"}');
  if (isBuilt) {
    await mkdir(join(root, 'dist', 'cli'), { recursive: true });
    await writeFile(join(root, 'dist', 'cli', 'main.js'), PROGRAM);
  }
  if (node !== undefined) {
    const bin = join(root, 'node_modules', 'node', 'bin');
    await mkdir(bin, { recursive: true });
    await writeFile(
      join(bin, '..', 'package.json'),
      JSON.stringify({ name: 'node', version: node === 'old' ? '24.0.0' : '26.0.0' }),
    );
    if (node !== 'without its program') await symlink(process.execPath, join(bin, 'node'));
  }
  return root;
}

function runOld(
  claw: string,
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; stderr: string; signal: string | null } {
  return spawnSync(process.execPath, ['--import', OLD_NODE, claw, ...args], {
    encoding: 'utf8',
    input,
    timeout: 10_000,
  });
}

describe('claw started by an older Node', () => {
  it('starts again with the Node of its own package, passing on words and stdin', async () => {
    const root = await installation({ node: 'good' });
    const { status, stdout } = runOld(join(root, 'bin', 'claw.js'), ['say', '--x', 'a b'], '안녕');
    expect(JSON.parse(stdout)).toEqual({
      word: 'say',
      rest: ['--x', 'a b'],
      input: '안녕',
      node: process.versions.node,
    });
    expect(status).toBe(0);
  });

  it('works through a symlink', async () => {
    const root = await installation({ node: 'good' });
    const link = join(await temporaryDirectory(), 'claw');
    await symlink(join(root, 'bin', 'claw.js'), link);
    expect(JSON.parse(runOld(link, ['say']).stdout)).toMatchObject({ word: 'say' });
  });

  it('passes on the exit code', async () => {
    const root = await installation({ node: 'good' });
    expect(runOld(join(root, 'bin', 'claw.js'), ['exit', '9']).status).toBe(9);
  });

  it('dies of the signal that ended the program', async () => {
    const root = await installation({ node: 'good' });
    expect(runOld(join(root, 'bin', 'claw.js'), ['die']).signal).toBe('SIGKILL');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`passes on ${signal}`, async () => {
      const root = await installation({ node: 'good' });
      const child = spawn(process.execPath, ['--import', OLD_NODE, join(root, 'bin', 'claw.js'), 'wait'], {
        detached: true,
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      const lines = readLines(child);
      expect(await lines.next()).toMatchObject({ value: 'ready' });
      child.kill(signal);
      expect(await lines.next()).toMatchObject({ value: signal });
      expect(await once(child, 'close')).toEqual([7, null]);
    });
  }

  for (const node of [undefined, 'old', 'without its program'] as const) {
    it(`says what to install when the package node is ${node ?? 'missing'}`, async () => {
      const root = await installation(node === undefined ? {} : { node });
      const { status, stderr } = runOld(join(root, 'bin', 'claw.js'), ['say']);
      expect(status).toBe(1);
      expect(stderr).toContain('claw needs Node 26 or newer; this is Node 20.11.1.');
      expect(stderr).toContain('nodejs.org');
    });
  }
});

describe('claw that is not built', () => {
  it('says what to run', async () => {
    const root = await installation({ isBuilt: false });
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'claw.js'), 'say'], { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('npm run build');
  });

  it('still knows its version', async () => {
    const root = await installation({ isBuilt: false });
    const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'claw.js'), '--version'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^claw\/1\.2\.3 /);
  });
});

async function* readLines(child: ChildProcess): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of child.stdout ?? []) {
    rest += String(chunk);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
