/** Measures the audit trail: a row more in a transaction, and the verification of a million rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../src/core/create-app.ts';
import type { Figure } from './figure.ts';

const ROWS = 1_000_000;
const ROWS_A_TRANSACTION = 5_000;

const home = mkdtempSync(join(tmpdir(), 'claw-bench-audit-'));
const app = await openApp({ home, overrides: {} });
try {
  const store = await app.store();
  const began = performance.now();
  for (let done = 0; done < ROWS; done += ROWS_A_TRANSACTION) {
    await store.transaction(async ({ audit }) => {
      for (let row = 0; row < ROWS_A_TRANSACTION; row += 1) {
        await audit.append({ at: done + row, by: {}, action: 'bench.row', target: `row ${done + row}` });
      }
    });
  }
  const appended = (performance.now() - began) / ROWS;
  const started = performance.now();
  const { rows } = await (await app.audit()).verify();
  const figures: Figure[] = [
    { name: 'audit: a row in a transaction', value: appended, unit: 'ms', atMost: 0.2, note: `${ROWS} rows` },
    {
      name: 'audit: verify',
      value: performance.now() - started,
      unit: 'ms',
      atMost: 10_000,
      note: `${rows} rows; RSS ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
    },
  ];
  process.stdout.write(JSON.stringify(figures));
} finally {
  await app.close();
  rmSync(home, { recursive: true, force: true });
}
