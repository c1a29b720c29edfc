/** Why the unit of the machine has the mounts it has: what systemd would lay over /proc is laid there, and bubblewrap is asked as a user of the service. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const AS_SERVICE = 'setpriv --reuid 65534 --regid 65534 --clear-groups';
const WALL = 'bwrap --unshare-all --unshare-user --disable-userns --ro-bind / / --dev /dev --proc /proc true';

/** What bubblewrap says in a mount namespace of its own after `mounts`; empty when its walls stand. */
function wallAfter(mounts: string): string {
  const script = `${mounts} && exec ${AS_SERVICE} ${WALL}`;
  const { status, stderr } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  return status === 0 ? '' : stderr;
}

test('hidden processes, a covered group tree and a private /tmp leave the walls standing', () => {
  expect(wallAfter('mount -t proc -o hidepid=invisible proc /proc')).toBe('');
  expect(wallAfter('mount -o bind,ro /sys/fs/cgroup /sys/fs/cgroup && mount -t tmpfs none /tmp')).toBe('');
});

test('a covered file of /proc, as by ProtectKernelLogs and ProtectKernelTunables, ends them', () => {
  expect(wallAfter('mount --bind /dev/null /proc/kmsg')).toContain("Can't mount proc");
  expect(wallAfter('mount -o bind,ro /proc/sys /proc/sys')).not.toBe('');
});
