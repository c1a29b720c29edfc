import { expect, test } from 'vitest';
import { runCrashes } from './crash-run.ts';

test(
  'a hundred and thirty crashes lose nothing, show nothing twice without a mark, and leave nothing unexplained',
  { timeout: 900_000 },
  async () => {
    const report = await runCrashes({ seed: 20_260_301, messages: 400, kills: 130, chats: 5 });
    const { lost, doubled, disordered, repeated, missing, unexplained } = report;
    expect({ lost, doubled, disordered, repeated, missing, unexplained }).toEqual({
      lost: [],
      doubled: [],
      disordered: [],
      repeated: [],
      missing: [],
      unexplained: [],
    });
    expect(report.messages).toBeGreaterThanOrEqual(400);
    // Half of the kills aim at a named write; most of them reach it.
    expect(Object.keys(report.writes).length).toBeGreaterThan(8);
  },
);
