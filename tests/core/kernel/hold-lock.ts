/** A child process of tests of locks: `node hold-lock.ts LOCK FILE COUNT` adds one to the number in FILE, COUNT times; COUNT 0 takes the lock, says so and keeps it. */
import { readFile, writeFile } from 'node:fs/promises';
import { withFileLock } from '../../../src/core/kernel/file-lock.ts';

const [lock = '', file = '', count = '0'] = process.argv.slice(2);
if (count === '0') {
  await withFileLock(lock, async () => {
    process.stdout.write('held\n');
    setInterval(() => {}, 1000);
    await new Promise(() => {});
  });
}
for (let done = 0; done < Number(count); done += 1) {
  await withFileLock(lock, async () => writeFile(file, String(Number(await readFile(file, 'utf8')) + 1)));
}
