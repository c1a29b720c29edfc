/** Owns a log that keeps nothing. */
import type { Log } from '../../src/core/kernel/log.ts';

const nothing = (): void => {};

export const quietLog: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  with: () => quietLog,
  close: async () => {},
};
