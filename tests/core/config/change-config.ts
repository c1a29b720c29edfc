/** A child process of config-file.test.ts: `node change-config.ts HOME NAME COUNT` sets NAME to 1, 2, … COUNT; COUNT 0 goes on until it is killed. */
import { setConfigValue } from '../../../src/core/config/config-file.ts';
import { homePaths } from '../../../src/core/kernel/paths.ts';

const [home = '', name = '', count = '0'] = process.argv.slice(2);
process.stdout.write('started\n');
const isEndless = count === '0';
const last = isEndless ? Number.POSITIVE_INFINITY : Number(count);
for (let value = 1; value <= last; value += 1) {
  await setConfigValue(homePaths(home), name, isEndless ? 'x'.repeat(value % 5000) : value);
}
