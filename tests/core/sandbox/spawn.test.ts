import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProcessAlive } from '../../../src/core/kernel/process-identity.ts';
import { runProgram, type RunRequest } from '../../../src/core/sandbox/run-program.ts';
import { spawnChild } from '../../../src/core/sandbox/spawn.ts';

const NODE = process.execPath;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claw-spawn-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function node(source: string, more: Partial<RunRequest> = {}): RunRequest {
  const base = { program: NODE, args: ['-e', source], env: {}, cwd: folder, timeoutMs: 10_000, maxOutputBytes: 65_536 };
  return { ...base, ...more };
}

describe('running a program to its end', () => {
  it('gives its output, its code and no truncation', async () => {
    const result = await runProgram(node('console.log("out"); console.error("err"); process.exitCode = 3'));
    expect(result).toMatchObject({ outcome: 'exited', code: 3, signal: null, stdoutTruncated: false });
    expect(result.stdout.toString()).toBe('out\n');
    expect(result.stderr.toString()).toBe('err\n');
  });

  it('hands over arguments as they are, never through a shell', async () => {
    const words = ['$(touch pwned)', '`id`', 'a b', '; touch pwned', '*', '"', "'", '\n'];
    const result = await runProgram(
      node('', { args: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--', ...words] }),
    );
    expect(JSON.parse(result.stdout.toString())).toEqual(words);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });

  it('passes on only the environment it is given', async () => {
    const result = await runProgram(node('console.log(JSON.stringify(process.env))', { env: { ONLY: 'this' } }));
    expect(JSON.parse(result.stdout.toString())).toEqual({ ONLY: 'this' });
  });

  it('writes stdin and closes it', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await runProgram(node(echo, { stdin: 'héllo' }))).stdout.toString()).toBe('héllo');
    expect((await runProgram(node(echo))).stdout.toString()).toBe('');
  });

  it('survives a child that does not read its input', async () => {
    const result = await runProgram(node('process.exit(0)', { stdin: Buffer.alloc(4_000_000) }));
    expect(result).toMatchObject({ outcome: 'exited', code: 0 });
  });

  it('ends an endless program at its deadline', async () => {
    const result = await runProgram(node('for (;;) ;', { timeoutMs: 300 }));
    expect(result).toMatchObject({ outcome: 'timeout', code: null, signal: 'SIGKILL' });
    expect(result.ms).toBeLessThan(1_500);
  });

  it('ends a program that says too much, and keeps what fits', async () => {
    const result = await runProgram(
      node('const s = "x".repeat(65536); for (;;) process.stdout.write(s)', { maxOutputBytes: 1_000 }),
    );
    expect(result).toMatchObject({ outcome: 'output-limit', stdoutTruncated: true, stderrTruncated: false });
    expect(result.stdout.toString()).toBe('x'.repeat(1_000));
  });

  it('output of exactly the cap is not truncated', async () => {
    const result = await runProgram(node('process.stdout.write("y".repeat(1000))', { maxOutputBytes: 1_000 }));
    expect(result).toMatchObject({ outcome: 'exited', code: 0, stdoutTruncated: false });
    expect(result.stdout.length).toBe(1_000);
  });

  it('is cancelled by its signal, before and during the run', async () => {
    expect((await runProgram(node('', { signal: AbortSignal.abort() }))).outcome).toBe('cancelled');
    const controller = new AbortController();
    const running = runProgram(node('setInterval(() => {}, 1000)', { signal: controller.signal }));
    controller.abort();
    expect((await running).outcome).toBe('cancelled');
  });

  it('leaves no grandchild of the group behind', async () => {
    const file = join(folder, 'pid');
    const source = `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], {stdio:'inherit'});
      require('fs').writeFileSync(${JSON.stringify(file)}, String(c.pid)); process.exit(0)`;
    const result = await runProgram(node(source));
    expect(result.outcome).toBe('exited');
    expect(result.ms).toBeLessThan(5_000);
    await expect.poll(() => isRunning(Number(readFileSync(file, 'utf8')))).toBe(false);
  });

  it('does not wait for a grandchild that left the group and holds the pipe', async () => {
    const file = join(folder, 'pid');
    const source = `const c = require('child_process').spawn(process.execPath, ['-e', 'setTimeout(()=>{},8000)'], {stdio:'inherit', detached:true});
      require('fs').writeFileSync(${JSON.stringify(file)}, String(c.pid)); process.exit(0)`;
    const result = await runProgram(node(source));
    process.kill(Number(readFileSync(file, 'utf8')), 'SIGKILL');
    expect(result.ms).toBeLessThan(5_000);
  });
});

describe('starting a child', () => {
  it('hands out pipes, its end, and kills the group on demand', async () => {
    const child = spawnChild(
      node('process.stdin.once("data", (d) => process.stdout.write("got " + d)); setInterval(() => {}, 1000)'),
    );
    const answer = new Promise((resolve) => child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())));
    child.stdin.write('this');
    expect(await answer).toBe('got this');
    child.killGroup();
    expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
    child.killGroup();
    expect(isProcessAlive(`${child.pid}:-`)).toBe(false);
  });

  it('hands over bytes on descriptor 3, and has no descriptor left of it', async () => {
    const before = readdirSync('/proc/self/fd').length;
    const child = spawnChild({
      ...node("process.stdout.write(require('fs').readFileSync(3))"),
      handed: Buffer.from('filter'),
    });
    const said = text(child.stdout);
    expect(await said).toBe('filter');
    await child.exited;
    child.stdin.destroy();
    await expect.poll(() => readdirSync('/proc/self/fd').length).toBeLessThanOrEqual(before);
  });

  it('does not mind a child that never reads what it is handed', async () => {
    const child = spawnChild({ ...node('process.exit(3)'), handed: Buffer.alloc(1_000_000) });
    expect(await child.exited).toEqual({ code: 3, signal: null });
  });

  it('gives the child no descriptor above 2', async () => {
    // A child of a child, so that a descriptor without close-on-exec can be planted from outside.
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'canary');
    const descriptor = openSync(secret, 'r');
    const script = join(folder, 'inner.ts');
    const entry = new URL('../../../src/core/sandbox/run-program.ts', import.meta.url).pathname;
    const look = `for (const f of require('fs').readdirSync('/proc/self/fd')) { try { console.log(require('fs').readlinkSync('/proc/self/fd/' + f)) } catch {} }`;
    writeFileSync(
      script,
      `import { runProgram } from ${JSON.stringify(entry)};
       const r = await runProgram({ program: process.execPath, args: ['-e', ${JSON.stringify(look)}], env: {}, cwd: '/', timeoutMs: 9000, maxOutputBytes: 9999 });
       process.stdout.write(r.stdout);`,
    );
    const { spawnSync } = await import('node:child_process');
    const stdio = [
      'ignore',
      'pipe',
      'inherit',
      ...Array.from({ length: 60 }, () => 'ignore' as const),
      descriptor,
    ] as const;
    const outer = spawnSync(NODE, ['--no-warnings', script], { stdio: [...stdio], encoding: 'utf8' });
    closeSync(descriptor);
    expect(outer.status).toBe(0);
    expect(outer.stdout).not.toContain('secret');
    expect(outer.stdout).toContain('pipe:');
  });

  it.each([
    ['a bare name', { program: 'node' }],
    ['a relative folder', { cwd: '.' }],
    ['a NUL in an argument', { args: ['a\0b'] }],
    ['a NUL in a variable', { env: { A: '\0' } }],
    ['a variable without a name', { env: { '': 'x' } }],
    ['a variable with = in its name', { env: { 'A=B': 'x' } }],
  ])('refuses %s', (_what, wrong) => {
    expect(() => spawnChild(node('', wrong))).toThrowError(expect.objectContaining({ code: 'sandbox-refused' }));
  });

  it('says so when the program or the folder does not exist', async () => {
    const missing = expect.objectContaining({ code: 'sandbox-unavailable' });
    expect(() => spawnChild(node('', { program: join(folder, 'none') }))).toThrowError(missing);
    expect(() => spawnChild(node('', { cwd: join(folder, 'none') }))).toThrowError(missing);
    await expect(runProgram(node('', { program: '/etc/passwd' }))).rejects.toEqual(missing);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return false;
  }
}
