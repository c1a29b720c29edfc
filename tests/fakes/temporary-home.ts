/** Owns throw-away homes for tests: a folder that is gone when the test ends. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** An empty folder, removed after the running test. */
export function temporaryHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'claw-test-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}
