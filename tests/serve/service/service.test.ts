import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createService, requireOwner, type ServiceDeps, userIdOf } from '../../../src/serve/service/service.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

/** A service manager whose systemctl is a script that writes down how it was called. */
function setUp(change: Partial<ServiceDeps> = {}, answer = 'exit 0') {
  const folder = temporaryHome();
  const program = join(folder, 'systemctl');
  const calls = join(folder, 'calls');
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${calls}\n${answer}\n`);
  chmodSync(program, 0o755);
  const folders = { system: join(folder, 'system'), user: join(folder, 'user') };
  const deps = { platform: 'linux', isBooted: true, systemctl: program, env: {}, folders, ...change } as const;
  const called = (): string[] => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);
  return { service: createService(deps), called, folders };
}

const options = {
  scope: 'user',
  node: '/usr/bin/node',
  claw: '/opt/claw.js',
  home: '/srv/claw',
  writable: [],
} as const;
const USER = '--user --no-pager --no-ask-password';

test('installing writes the unit, has it read and enabled; removing stops and forgets it', async () => {
  const { service, called, folders } = setUp();
  const file = join(folders.user, 'claw.service');
  expect(await service.install(options)).toEqual({ scope: 'user', unit_file: file, enabled: true });
  expect([readFileSync(file, 'utf8').includes('CLAW_HOME=/srv/claw'), statSync(file).mode & 0o777]).toEqual([
    true,
    0o644,
  ]);
  await service.uninstall();
  expect(existsSync(file)).toBe(false);
  expect(called()).toEqual([
    `${USER} daemon-reload`,
    `${USER} enable claw.service`,
    `${USER} disable --now claw.service`,
    `${USER} daemon-reload`,
  ]);
});

test('installing again for the same home renews the unit; another home is refused', async () => {
  const { service } = setUp();
  await service.install(options);
  await service.install({ ...options, node: '/usr/local/bin/node' });
  await expect(service.install({ ...options, home: '/srv/other' })).rejects.toMatchObject({ code: 'conflict' });
});

test('start, stop and restart go to the service that is installed, the one of the machine first', async () => {
  const { service, called } = setUp();
  await expect(service.control('start')).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('install'),
  });
  await service.install(options);
  await service.control('start');
  await service.install({ ...options, scope: 'system', user: 'claw' });
  await service.control('restart');
  await service.control('stop', 'user');
  expect(called().filter((line) => /(start|stop) claw/.test(line))).toEqual([
    `${USER} start claw.service`,
    '--no-pager --no-ask-password restart claw.service',
    `${USER} stop claw.service`,
  ]);
});

test('what systemctl says against it is told, with the next step', async () => {
  const { service } = setUp({}, 'case "$*" in *start*) echo "Access denied" >&2; exit 4;; esac');
  await service.install(options);
  await expect(service.control('start')).rejects.toMatchObject({
    code: 'upstream-failed',
    message: expect.stringContaining('Access denied'),
    hint: expect.stringContaining('enable-linger'),
  });
});

test('status says what systemd says', async () => {
  const { service, folders } = setUp(
    {},
    'case "$*" in *show*) printf "MainPID=42\\nActiveState=active\\nUnitFileState=enabled\\n";; esac',
  );
  expect(await service.status()).toMatchObject({ installed: false, active: null });
  await service.install(options);
  const unit_file = join(folders.user, 'claw.service');
  expect(await service.status()).toEqual({
    installed: true,
    scope: 'user',
    unit_file,
    enabled: 'enabled',
    active: 'active',
    pid: 42,
  });
});

test('where systemd does not run the unit is written, and start says what to do instead', async () => {
  const { service, called } = setUp({ isBooted: false });
  expect(await service.install(options)).toMatchObject({ enabled: false });
  await expect(service.control('start')).rejects.toMatchObject({
    code: 'not-found',
    hint: expect.stringContaining('claw serve'),
  });
  expect(await service.status()).toMatchObject({ installed: true, active: null, enabled: null });
  await service.uninstall();
  expect(called()).toEqual([]);
});

test('on macOS it says that launchd is not supported and what to do', async () => {
  const { service } = setUp({ platform: 'darwin', isBooted: false });
  for (const attempt of [service.install(options), service.control('start'), service.uninstall()]) {
    await expect(attempt).rejects.toMatchObject({
      message: expect.stringContaining('launchd'),
      hint: expect.stringContaining('tmux'),
    });
  }
});

test('a system service runs as a user who exists and owns the home', async () => {
  const folder = temporaryHome();
  const passwd = join(folder, 'passwd');
  writeFileSync(passwd, 'root:x:0:0::/root:/bin/sh\nclaw:x:990:990::/var/lib/claw:/bin/false\n');
  expect(await userIdOf('claw', passwd)).toBe(990);
  await expect(userIdOf('nobody-here', passwd)).rejects.toMatchObject({ code: 'not-found' });
  await requireOwner(folder, statSync(folder).uid, 'me');
  await expect(requireOwner(folder, 990, 'claw')).rejects.toMatchObject({
    code: 'permission-denied',
    hint: expect.stringContaining('chown'),
  });
});
