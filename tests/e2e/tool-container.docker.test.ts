/** The built program on a machine without bubblewrap: it is hidden from claw, by bubblewrap itself. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DockerEngine, openDockerEngine } from '../fakes/docker-engine.ts';
import { bareEnvironment, CLAW, temporaryDirectory } from './run-claw.ts';

let engine: DockerEngine;
beforeAll(async () => {
  engine = await openDockerEngine();
}, 60_000);
afterAll(() => engine.close(), 60_000);

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runWithoutBubblewrap(home: string, host: string, args: readonly string[]): Promise<Run> {
  const bubblewrap = execFileSync('which', ['bwrap'], { encoding: 'utf8' }).trim();
  const hidden = ['--dev-bind', '/', '/', '--bind', '/dev/null', bubblewrap];
  const env = bareEnvironment(home, { CLAW_UNSAFE_TESTS: '1', DOCKER_HOST: host });
  return new Promise((resolve) => {
    execFile(
      bubblewrap,
      [...hidden, process.execPath, CLAW, ...args],
      { env, timeout: 50_000 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const TOOL = `import os from 'node:os';
import { defineTool, z } from 'claw/tool';
export default defineTool({ name: 'where', description: 'Where it runs.', runtime: 'node', input: z.object({}), run: () => os.hostname() + ' ' + process.getuid() });`;

test('a tool with the modules of Node runs in a container, and doctor says so', { timeout: 120_000 }, async () => {
  const home = await temporaryDirectory();
  mkdirSync(join(home, 'tools'));
  writeFileSync(join(home, 'tools', 'where.ts'), TOOL);
  const args = ['tool', 'run', 'where', '--force-activate'];
  expect(await runWithoutBubblewrap(home, engine.host, args)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('tool 65534') as string,
  });
  const doctor = await runWithoutBubblewrap(home, engine.host, ['doctor']);
  expect(doctor.stdout).toMatch(/^warning wall-bubblewrap: not installed/m);
  expect(doctor.stdout).toMatch(/^ok +wall-container: docker \d/m);
  expect(await engine.docker('ps', '--all', '--quiet')).toEqual([]);

  const nowhere = 'unix:///nonexistent/docker.sock';
  const refused = await runWithoutBubblewrap(home, nowhere, args);
  expect(refused.code).toBe(9);
  expect(refused.stderr).toMatch(/bubblewrap.*docker: Cannot connect/);
  const advice = await runWithoutBubblewrap(home, nowhere, ['doctor']);
  expect(advice.stdout).toMatch(/^warning wall-container: docker: .*\n +-> sudo apt-get install docker\.io/m);
});
