import { expect, test } from 'vitest';
import { runCrashes } from './crash-run.ts';

test(
  'two hundred crashes lose nothing, show nothing twice without a mark, and leave nothing unexplained',
  { timeout: 900_000 },
  async () => {
    const report = await runCrashes({ seed: 20_260_301, messages: 600, kills: 200, chats: 5 });
    const { lost, doubled, disordered, repeated, missing, unexplained } = report;
    expect({ lost, doubled, disordered, repeated, missing, unexplained }).toEqual({
      lost: [],
      doubled: [],
      disordered: [],
      repeated: [],
      missing: [],
      unexplained: [],
    });
    expect(report.messages).toBeGreaterThanOrEqual(600);
    // Half of the kills aim at a named write; most of them reach it.
    expect(Object.keys(report.writes).length).toBeGreaterThan(8);
  },
);
