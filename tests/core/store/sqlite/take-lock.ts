/** A program that takes the lock of process-lock.ts when a line comes in, says whether it got it, and holds it until its input ends. */
import { createInterface } from 'node:readline';
import { holdProcessLock } from '../../../../src/core/store/sqlite/process-lock.ts';

const held = [];
process.stdout.write('up\n');
for await (const file of createInterface({ input: process.stdin })) {
  while (held.length > 0) held.pop()?.release();
  if (file === '') {
    process.stdout.write('released\n');
    continue;
  }
  const lock = holdProcessLock(file);
  if (lock !== undefined) held.push(lock);
  process.stdout.write(lock === undefined ? 'lost\n' : 'won\n');
}
