import { expect, test } from 'vitest';
import { systemCallFilter } from '../../../src/core/sandbox/system-call-filter.ts';
import { openSandbox, runTool } from '../../fakes/sandbox-kit.ts';
import { tool } from '../../fakes/tool-source.ts';

const [ALLOW, KILL, EPERM, ENOSYS] = [0x7fff0000, 0x80000000, 0x00050001, 0x00050026];
const MACHINES = [
  { name: 'x64', arch: 0xc000003e, clone: 56, write: 1, execve: 59, socket: 41, unshare: 272, fork: 57 },
  { name: 'arm64', arch: 0xc00000b7, clone: 220, write: 64, execve: 221, socket: 198, unshare: 97, fork: 97 },
] as const;

/** What the kernel would do: runs the program as classic BPF says. */
function decide(program: Uint8Array, call: { number: number; arch: number; argument?: number }): number {
  const view = new DataView(program.buffer);
  const data = new Map([
    [0, call.number],
    [4, call.arch],
    [16, call.argument ?? 0],
  ]);
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const [code, value] = [view.getUint16(at * 8, true), view.getUint32(at * 8 + 4, true)];
    const jump = (isTrue: boolean): number => view.getUint8(at * 8 + (isTrue ? 2 : 3));
    if (code === 0x20) accumulator = data.get(value) ?? Number.NaN;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else if (code === 0x45) at += jump((accumulator & value) !== 0);
    else if (code === 0x06) return value;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('the program has no end');
}

test.each(MACHINES)('on $name it refuses processes, sockets and namespaces, and lets Node work', (machine) => {
  const { name, arch } = machine;
  const program = systemCallFilter(name) ?? new Uint8Array();
  const answer = (number: number, argument = 0): number => decide(program, { number, arch, argument });
  for (const number of [machine.socket, machine.unshare, machine.fork, 425]) expect(answer(number)).toBe(EPERM);
  expect(answer(435)).toBe(ENOSYS);
  expect(answer(machine.clone, 17)).toBe(EPERM);
  expect(answer(machine.clone, 0x3d0f00)).toBe(ALLOW);
  expect(answer(machine.write)).toBe(ALLOW);
  expect(answer(machine.execve)).toBe(ALLOW);
});

test('calls of another architecture, or of x32, end the process', () => {
  const program = systemCallFilter('x64') ?? new Uint8Array();
  expect(decide(program, { number: 1, arch: 0x40000003 })).toBe(KILL);
  expect(decide(program, { number: 0x40000001, arch: 0xc000003e })).toBe(KILL);
});

test('a machine it was not written for has none', () => {
  expect(systemCallFilter('riscv64')).toBeUndefined();
});

const head =
  "import cp from 'node:child_process'; import net from 'node:net'; import dgram from 'node:dgram'; import wt from 'node:worker_threads';";
const TCP = "return await new Promise((done) => net.connect(1, '127.0.0.1').on('error', (error) => done(error.code)))";

test.each([
  ['a program', "return cp.spawnSync('/node', ['-e', '']).error?.code", 'EPERM'],
  ['a TCP connection', TCP, 'EPERM'],
  [
    'a UDP socket',
    "return await new Promise((done) => dgram.createSocket('udp4').on('error', (error) => done(error.code)).bind(0))",
    'EPERM',
  ],
  [
    'a thread',
    "return await new Promise((done) => new wt.Worker('', { eval: true }).on('exit', (code) => done(code)))",
    0,
  ],
])('the kernel answers a tool that escaped the permission model and starts %s', async (_, body, answer) => {
  const outcome = await runTool(openSandbox(['permission'], 0), tool(body, head), { runtime: 'node' });
  expect(outcome).toMatchObject({ status: 'ok', output: answer });
});

test('without the filter the same acts come further', async () => {
  const sandbox = openSandbox(['permission', 'calls'], 0);
  const started = await runTool(sandbox, tool("return cp.spawnSync('/node', ['-e', '']).status", head), {
    runtime: 'node',
  });
  expect(started.output).toBe(0);
  expect((await runTool(sandbox, tool(TCP, head), { runtime: 'node' })).output).toBe('ECONNREFUSED');
});
