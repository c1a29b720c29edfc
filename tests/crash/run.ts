/** `node tests/crash/run.ts [--messages 10000] [--kills 1000] [--seed 1] [--chats 8]`: the long crash run. Prints what was seen and exits with 1 when anything was lost, doubled or left unexplained. */
import { parseArgs } from 'node:util';
import { runCrashes } from './crash-run.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '10000' },
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    chats: { type: 'string', default: '8' },
  },
});
const report = await runCrashes({
  messages: Number(values.messages),
  kills: Number(values.kills),
  seed: Number(values.seed),
  chats: Number(values.chats),
  onProgress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
const { lost, doubled, disordered, repeated, missing, unexplained } = report;
process.exitCode = [lost, doubled, disordered, repeated, missing, unexplained].some((list) => list.length > 0) ? 1 : 0;
