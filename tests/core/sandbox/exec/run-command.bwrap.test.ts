import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideUrlText } from '../../../../src/core/net/decide-url.ts';
import { openGuardProxy } from '../../../../src/core/net/guard-proxy.ts';
import { type CommandDeps, type CommandResult, runCommand } from '../../../../src/core/sandbox/exec/run-command.ts';

let base = '';
let root = '';
let server: Server | undefined;
let asked: string[] = [];

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'claw-run-')));
  root = join(base, 'work');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'notes.txt'), 'one\ntwo canary-open\n');
  writeFileSync(join(root, '.env'), 'KEY=canary-env\n');
  writeFileSync(join(base, 'outside.txt'), 'canary-outside\n');
  asked = [];
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  rmSync(base, { recursive: true, force: true });
});

async function run(
  command: string | string[],
  more: { isApproved?: boolean; allow?: string[]; trusted?: string[] } = {},
): Promise<CommandResult> {
  const {
    isApproved = false,
    allow = ['cat', 'grep', 'git', 'curl', 'ls', 'find', 'ps', 'date', 'wc', 'echo', 'id', 'df', 'head'],
    trusted = [],
  } = more;
  const deps: CommandDeps = {
    checkUrl: (url) => decideUrlText(url, { trustedOrigins: trusted }),
    openProxy: () => openGuardProxy({ resolve: async () => ['127.0.0.1'], trustedOrigins: trusted }),
  };
  const question = {
    command,
    level: 'ask' as const,
    allow,
    cwd: root,
    roots: [{ folder: root, mode: 'write' as const }],
  };
  return runCommand({ question, isApproved, timeoutMs: 10_000, maxOutputBytes: 100_000 }, deps);
}

const out = (result: CommandResult): string => result.stdout.toString();

async function serve(): Promise<number> {
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    else response.end(`served ${request.url}`);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a command that is allowed', () => {
  it('runs in its folder and gives output and code', async () => {
    expect(await run('grep -c canary notes.txt')).toMatchObject({ outcome: 'exited', code: 0 });
    expect(out(await run('cat notes.txt'))).toBe('one\ntwo canary-open\n');
    expect((await run('grep nothing notes.txt')).code).toBe(1);
    expect(out(await run(['echo', '$(id)', '; id']))).toBe('$(id) ; id\n');
  });

  it('sees nothing of the system but programs', async () => {
    const result = await run(['bash', '-c', `ls -a / /home /root ${base} /etc; pwd`], {
      isApproved: true,
      allow: ['bash'],
    });
    const seen = out(result).split('\n');
    expect(seen).toContain(root);
    expect(seen).toContain('usr');
    for (const name of ['home', 'root', 'outside.txt', 'shadow', 'ssh', 'var', 'srv']) expect(seen).not.toContain(name);
  });

  it('finds protected files hidden when it walks by itself', async () => {
    const result = await run('grep -rs canary .');
    expect(out(result)).toContain('canary-open');
    expect(out(result)).not.toContain('canary-env');
    expect(readFileSync(join(root, '.env'), 'utf8')).toContain('canary-env');
  });

  it('follows no link out of its folder', async () => {
    symlinkSync(join(base, 'outside.txt'), join(root, 'sub', 'link'));
    symlinkSync('/etc', join(root, 'sub', 'etc'));
    const result = await run('grep -rs root .');
    expect(out(result)).not.toContain('root:');
    await expect(run('cat sub/link')).rejects.toMatchObject({ code: 'sandbox-refused' });
  });

  it('tells about the machine', async () => {
    expect(out(await run('ps -e'))).toContain('node');
    expect(out(await run('date +%Y'))).toMatch(/^20\d\d\n$/);
    expect(out(await run('df -h /'))).toContain('/');
  });

  it('reads a repository and starts nothing that it configures', async () => {
    const git = (...args: string[]): void =>
      void execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@a.example', ...args]);
    git('init', '-q');
    git('add', 'notes.txt');
    git('commit', '-qm', 'first');
    for (const key of ['core.fsmonitor', 'core.pager', 'diff.external']) git('config', key, 'echo started >&2; cat');
    writeFileSync(join(root, 'notes.txt'), 'changed\n');
    const results = [await run('git log --oneline'), await run('git status -s'), await run('git diff')];
    expect(results.map(out)).toEqual([
      expect.stringContaining('first'),
      expect.stringContaining('M notes.txt'),
      expect.stringContaining('+changed'),
    ]);
    expect(results.map(({ stderr }) => stderr.toString())).toEqual(['', '', '']);
  });
});

describe('curl', () => {
  it('reaches a site through the guard', async () => {
    const port = await serve();
    const trusted = [`http://site.example:${port}`];
    expect(out(await run(`curl -s http://site.example:${port}/x`, { trusted }))).toBe('served /x');
    expect(asked).toEqual(['/x']);
  });

  it('is stopped by the guard where a name leads inside', async () => {
    const port = await serve();
    const result = await run(`curl -s http://inside.example:${port}/x`);
    expect(out(result)).toContain('loopback');
    expect(asked).toEqual([]);
  });

  it('follows a redirect only as far as the guard lets it', async () => {
    const port = await serve();
    const trusted = [`http://site.example:${port}`];
    const result = await run(`curl -sL http://site.example:${port}/away`, { trusted });
    expect(asked).toEqual(['/away']);
    expect(out(result)).toContain('port 1 belongs to another protocol');
  });
});

describe('a command that is asked about', () => {
  it('does not run before it is approved, and then may write in a granted folder only', async () => {
    await expect(run('touch made.txt')).rejects.toMatchObject({ code: 'permission-denied' });
    expect(existsSync(join(root, 'made.txt'))).toBe(false);
    expect((await run('touch made.txt', { isApproved: true })).code).toBe(0);
    expect(existsSync(join(root, 'made.txt'))).toBe(true);
  });

  it('has no network, no environment and none of the machine', async () => {
    const port = await serve();
    const script = `for f in ${base}/outside.txt ${root}/.env /etc/shadow /root/.bashrc; do cat $f; done; (echo > /dev/tcp/127.0.0.1/${port}) && echo connected; env; touch /usr/x /x; ls /home /root; echo done`;
    const result = await run(['bash', '-c', script], { isApproved: true, allow: ['bash'] });
    expect(out(result)).toContain('done');
    expect(out(result)).not.toMatch(/canary-outside|canary-env|connected|root:|CLAW|PWD=\/root/);
    expect(existsSync('/usr/x')).toBe(false);
    expect(asked).toEqual([]);
  });

  it('is ended with all it started', async () => {
    const question = {
      command: ['bash', '-c', 'sleep 300 & sleep 300'],
      level: 'ask' as const,
      allow: ['bash'],
      cwd: root,
      roots: [{ folder: root, mode: 'write' as const }],
    };
    const deps: CommandDeps = { checkUrl: decideUrlText, openProxy: () => openGuardProxy({ resolve: async () => [] }) };
    const result = await runCommand({ question, isApproved: true, timeoutMs: 500, maxOutputBytes: 1_000 }, deps);
    expect(result.outcome).toBe('timeout');
    expect(result.ms).toBeLessThan(2_000);
  });
});

describe('a command that is denied', () => {
  it.each(['cat /etc/passwd', 'cat .env', 'ls; id', 'curl file:///etc/passwd', 'sh -c id', './x'])(
    '%s does not run, approved or not',
    async (command) => {
      await expect(run(command, { isApproved: true })).rejects.toMatchObject({ code: 'sandbox-refused' });
    },
  );

  it('that is not installed says so', async () => {
    await expect(run('no-such-program-here', { isApproved: true })).rejects.toMatchObject({
      code: 'sandbox-unavailable',
    });
  });
});
