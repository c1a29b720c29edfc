/** A program that writes many lines into one log: `write-log FILE NAME LINES MAX_BYTES`. */
import { createLog } from '../../../src/core/kernel/log.ts';

const [file = '', name = '', lines = '0', maxBytes = '0'] = process.argv.slice(2);
const log = createLog({
  file,
  level: () => 'info',
  format: () => 'json',
  limits: () => ({ maxBytes: Number(maxBytes), keepDays: 14 }),
  mask: (text) => text,
});
for (let line = 0; line < Number(lines); line += 1) log.info({ n: `${name}-${line}` }, 'a line of some length');
await log.close();
