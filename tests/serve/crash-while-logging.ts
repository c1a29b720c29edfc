/** A program with the log of a server that ends by a bug: `crash-while-logging FILE throw|reject`. */
import { createLog } from '../../src/core/kernel/log.ts';
import { logCrashes } from '../../src/serve/log-crashes.ts';

const [file = '', how] = process.argv.slice(2);
const log = createLog({
  file,
  level: () => 'info',
  format: () => 'json',
  limits: () => ({ maxBytes: 0, keepDays: 0 }),
  mask: (text) => text.replaceAll('hunter2', '[masked]'),
});
logCrashes(log);
log.info({}, 'server starts');
await log.close();
if (how === 'reject') void Promise.reject(new Error('a bug with hunter2'));
else
  setImmediate(() => {
    throw new Error('a bug with hunter2');
  });
