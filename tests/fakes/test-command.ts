/** A command for tests of what every command shares, run as a process: `node test-command.ts BEHAVIOUR [--json]`. */
import { Args, Config } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';

const behaviours: Readonly<Record<string, (signal: AbortSignal) => Promise<void>>> = {
  refuse: () => Promise.reject(new ClawError('permission-denied', 'Not for you.', { hint: 'Ask the owner.' })),
  crash: () => Promise.reject(new TypeError('x is not a function')),
  // Ends with the reason of the signal, as everything in core does.
  wait: (signal) =>
    new Promise((_, reject) => {
      const timer = setInterval(() => {}, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
        reject(signal.reason as Error);
      });
      process.stderr.write('waiting\n');
    }),
  // Ends well although it was stopped.
  shrug: (signal) =>
    new Promise((resolve) => {
      const timer = setInterval(() => {}, 1000);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
        resolve();
      });
      process.stderr.write('waiting\n');
    }),
  // Never ends by itself.
  hang: () =>
    new Promise(() => {
      setInterval(() => {}, 1000);
      process.stderr.write('waiting\n');
    }),
};

class TestCommand extends BaseCommand {
  static override id = 'test';
  static override args = { behaviour: Args.string({ required: true }) };

  async run(): Promise<void> {
    const { args } = await this.parse(TestCommand);
    await behaviours[args.behaviour]?.(this.signal);
    this.print({ done: args.behaviour }, () => 'line\n'.repeat(args.behaviour === 'flood' ? 200_000 : 1));
  }
}

const root = import.meta.dirname;
const config = await Config.load({ root, pjson: { name: 'claw', version: '0.0.0', oclif: {} } });
await TestCommand.start(process.argv.slice(2), config);
