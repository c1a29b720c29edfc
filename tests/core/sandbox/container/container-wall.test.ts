/** What claw says to a client of a container engine, and what it makes of the answers; a script stands in for the client. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createContainerWall } from '../../../../src/core/sandbox/container/container-wall.ts';
import { createProcessSandbox } from '../../../../src/core/sandbox/process-sandbox.ts';
import type { Sandbox } from '../../../../src/core/sandbox/sandbox.ts';
import { runTool } from '../../../fakes/sandbox-kit.ts';
import { tool } from '../../../fakes/tool-source.ts';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'sandbox');

interface Stand {
  readonly sandbox: Sandbox;
  /** Each line that a client was started with. */
  said(): string[];
}

/** A machine whose clients are these scripts; each notes its arguments and then does what it is given. */
function openStand(clients: Readonly<Record<string, string>>): Stand {
  const place = mkdtempSync(join(tmpdir(), 'claw-engine-'));
  const notes = join(place, 'notes');
  for (const [name, body] of Object.entries(clients)) {
    writeFileSync(join(place, name), `#!/bin/sh\necho "${name} $*" >> ${notes}\n${body}\n`);
    chmodSync(join(place, name), 0o755);
  }
  const find = (name: string) => (name in clients ? join(place, name) : undefined);
  const environment = { PATH: '/usr/bin:/bin', DOCKER_HOST: 'unix:///nowhere' };
  const container = createContainerWall({ folder, home: '/home/one', environment, find });
  const sandbox = createProcessSandbox({ folder, idleMs: 0, without: new Set(['bubblewrap']), container });
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(place, { recursive: true, force: true });
  });
  return { sandbox, said: () => (existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n') : []) };
}

/** Runs the child as it is, outside of any container. */
const CHILD = `case "$1" in
  version) echo 9.9 ;;
  image|kill|rm|ps) ;;
  run) exec ${process.execPath} ${join(folder, 'node-child.js')} ;;
esac`;
const asNode = (sandbox: Sandbox, body = 'return 1') =>
  runTool(sandbox, tool(body, "import 'node:fs';"), { runtime: 'node' });

test('without any engine the refusal and the walls say so', async () => {
  const { sandbox } = openStand({});
  await expect(asNode(sandbox)).rejects.toThrow(/bubblewrap.*neither docker nor podman is installed/);
  expect((await sandbox.walls()).at(-1)).toEqual({
    name: 'container',
    works: false,
    detail: 'neither docker nor podman is installed',
  });
});

test('the reasons of every engine are told', async () => {
  const { sandbox } = openStand({
    docker: 'echo "cannot connect" >&2; exit 1',
    podman: `case "$1" in version) echo 4.3;; run) echo "no user namespaces" >&2; exit 125;; esac`,
  });
  await expect(asNode(sandbox)).rejects.toThrow(/docker: cannot connect; podman: .*no user namespaces/);
});

test('podman serves where docker does not', async () => {
  const { sandbox } = openStand({ docker: 'exit 1', podman: CHILD });
  expect(await asNode(sandbox)).toMatchObject({ status: 'ok', output: 1 });
  expect((await sandbox.walls()).at(-1)).toMatchObject({ works: true, detail: expect.stringMatching(/^podman 9\.9/) });
});

test('nothing is asked of an engine before a tool needs it, and a tool for QuickJS never does', async () => {
  const { sandbox, said } = openStand({ docker: CHILD });
  expect(await runTool(sandbox, tool('return 2'))).toMatchObject({ output: 2 });
  expect(said()).toEqual([]);
});

test('the engine is proved once, its image is made when it is missing, and every container is ended by its name', async () => {
  const { sandbox, said } = openStand({
    docker: CHILD.replace('image|', 'image) exit 1 ;;\n  import) cat > /dev/null ;;\n  '),
  });
  await asNode(sandbox);
  await asNode(sandbox);
  await sandbox.close();
  const verbs = said().map((line) => line.split(' ')[1]);
  const count = (verb: string) => verbs.filter((each) => each === verb).length;
  expect(['version', 'import', 'ps', 'run'].map(count)).toEqual([1, 1, 1, 3]);
  const names = said().flatMap((line) => /^docker run .*--name (\S+)/.exec(line)?.[1] ?? []);
  const ended = said().flatMap((line) => /^docker kill (\S+)/.exec(line)?.[1] ?? []);
  expect(ended.toSorted()).toEqual(names.toSorted());
  expect(new Set(names).size).toBe(3);
});

test('an image that could not be made is the reason', async () => {
  const { sandbox } = openStand({
    docker: 'case "$1" in version) echo 9.9;; image) exit 1;; import) echo "no space left" >&2; exit 1;; esac',
  });
  await expect(asNode(sandbox)).rejects.toThrow(/no space left/);
});

test('a container has no network, no rights, little of everything, and is never pulled', async () => {
  const { sandbox, said } = openStand({ docker: CHILD });
  await asNode(sandbox);
  const run = said().find((line) => line.startsWith('docker run')) ?? '';
  for (const flag of [
    '--rm',
    '--network=none',
    '--read-only',
    '--user=65534:65534',
    '--cap-drop=ALL',
    '--security-opt=no-new-privileges',
    '--pids-limit=64',
    '--memory=768m',
    '--memory-swap=768m',
    '--cpus=1',
    '--ipc=none',
    '--log-driver=none',
    '--pull never',
    `-v ${folder}:/claw:ro`,
    '--permission --allow-fs-read=/claw/',
  ]) {
    expect(run).toContain(flag);
  }
});
