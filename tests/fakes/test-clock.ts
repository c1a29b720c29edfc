/** Loaded into a claw under test with `--import`: its wall clock is off by the milliseconds that stand in the file CLAW_TEST_CLOCK, read anew each time, so that a test can set the clock of a running process. Timers and `performance` go on as they do on a machine whose clock is set. No part of claw knows of it. */
import { readFileSync } from 'node:fs';

const file = process.env['CLAW_TEST_CLOCK'] ?? '';
const SystemDate = Date;
const offsetMs = (): number => Number(readFileSync(file, 'utf8'));
const now = (): number => SystemDate.now() + offsetMs();

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, values, derived) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, derived) as object,
  apply: () => new SystemDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});

const { instant } = Temporal.Now;
Temporal.Now.instant = () => instant().add({ milliseconds: offsetMs() });
