/** Owns how tests run: two workers at a time, each file in a process of its own, since tests start real processes and set real homes. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
    allowOnly: false,
    restoreMocks: true,
    unstubEnvs: true,
    env: { NO_COLOR: '1', CLAW_LANG: 'en' },
  },
});
