import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type UnitOptions, unitText } from '../../../src/serve/service/unit-text.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const claw = join(import.meta.dirname, '..', '..', '..', 'bin', 'claw.js');
const real = { node: process.execPath, claw, writable: [] };

/** What systemd itself says about the unit; empty when it has nothing against it. */
function verify(options: UnitOptions): string {
  const file = join(temporaryHome(), 'claw.service');
  writeFileSync(file, unitText(options));
  const scope = options.scope === 'user' ? ['--user'] : [];
  const env = { PATH: process.env['PATH'] ?? '', XDG_RUNTIME_DIR: temporaryHome(), LANG: 'C' };
  const { status, stderr } = spawnSync('systemd-analyze', [...scope, '--man=no', 'verify', file], {
    encoding: 'utf8',
    env,
  });
  // What other units of the machine have wrong is no concern of this one.
  const own = stderr.split('\n').filter((line) => line.includes('claw.service'));
  return status === 0 ? own.join('\n') : `exit code ${status}\n${stderr}`;
}

test('systemd finds nothing wrong with the unit of the machine and with that of a user', () => {
  expect(verify({ ...real, scope: 'system', home: '/var/lib/claw', user: 'root' })).toBe('');
  expect(verify({ ...real, scope: 'user', home: '/home/sam/.claw' })).toBe('');
});

test('the check would find something', () => {
  expect(verify({ ...real, node: '/no/such/node', scope: 'user', home: '/h' })).toContain('/no/such/node');
});

test('odd characters in paths are taken literally', () => {
  const folder = join(temporaryHome(), 'a b $HOME 50% 한글');
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node'));
  const odd = join(folder, '"q" \\n');
  const options = { node: join(folder, 'node'), claw: odd, home: odd, writable: [odd], user: 'root' } as const;
  expect(verify({ ...options, scope: 'system' })).toBe('');
  expect(() => unitText({ ...options, scope: 'system', node: odd })).toThrow('cannot hold the path');
  expect(() => unitText({ ...options, scope: 'system', home: '/a\nUser=root' })).toThrow('cannot hold the path');
});

test('systemd rates how far the unit of the machine is walled in as good', () => {
  const file = join(import.meta.dirname, '..', '..', '..', 'deploy', 'claw.service');
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
    encoding: 'utf8',
  });
  const score = Number(/exposure level for claw\.service: ([\d.]+)/.exec(stdout)?.[1]);
  expect(score).toBeLessThanOrEqual(3.5);
});

/** Each ends V8 or bubblewrap, by a mount or a filter that systemd makes of it. */
const BREAKING = `MemoryDenyWriteExecute RestrictNamespaces ProtectKernelTunables ProtectKernelLogs ProtectHostname
  ProcSubset PrivateNetwork`.split(/\s+/);

test('what would break the walls of tools or V8 is not in it', () => {
  const settings = readFileSync(join(import.meta.dirname, '..', '..', '..', 'deploy', 'claw.service'), 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split('=', 1)[0]);
  expect(settings).toEqual(expect.arrayContaining(['NoNewPrivileges', 'ProtectSystem', 'WatchdogSec']));
  for (const name of BREAKING) {
    expect(settings).not.toContain(name);
  }
});

test('a home, a Node or a claw in the folder of a user can still be read', () => {
  const options = { scope: 'system', claw: '/opt/claw.js', writable: [], user: 'x' } as const;
  expect(unitText({ ...options, node: '/usr/bin/node', home: '/srv/claw' })).toContain('ProtectHome=yes');
  expect(unitText({ ...options, node: '/home/x/.nvm/node', home: '/srv/claw' })).toContain('ProtectHome=read-only');
  expect(unitText({ ...options, node: '/usr/bin/node', home: '/root/.claw' })).toContain('ProtectHome=read-only');
});
