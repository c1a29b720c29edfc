import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type TarEntry, tarStream } from '../../../../src/core/sandbox/container/tar-stream.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claw-tar-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const archive = async (entries: readonly TarEntry[]): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(tarStream(entries)));

test('the system reads the archive back: folders, files of every size, links followed, open to everybody', async () => {
  const folder = temporaryFolder();
  const sizes = [0, 1, 511, 512, 513, 200_000];
  for (const size of sizes) writeFileSync(join(folder, `${size}`), Buffer.alloc(size, size % 251), { mode: 0o600 });
  symlinkSync('513', join(folder, 'link'));
  const files = [...sizes.map(String), 'link'].map((name) => ({ name: `lib/${name}`, source: join(folder, name) }));
  const out = temporaryFolder();
  execFileSync('tar', ['-xf', '-', '-C', out], { input: await archive([{ name: 'lib' }, ...files]) });
  for (const size of sizes) {
    expect(readFileSync(join(out, 'lib', `${size}`)).equals(Buffer.alloc(size, size % 251)), `${size}`).toBe(true);
  }
  expect(readFileSync(join(out, 'lib', 'link'))).toHaveLength(513);
  expect([statSync(join(out, 'lib')).mode & 0o755, statSync(join(out, 'lib', '1')).mode & 0o755]).toEqual([
    0o755, 0o755,
  ]);
});

test('a name that does not fit is refused', async () => {
  await expect(archive([{ name: 'a'.repeat(101) }])).rejects.toMatchObject({ code: 'sandbox-unavailable' });
});
