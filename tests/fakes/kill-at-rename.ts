/** Loaded into claw with --import: the process is killed right after its rename number KILL_AT, so that a test can look at every state between two of them. */
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env['KILL_AT'] ?? Infinity);
const rename = fs.rename.bind(fs);
let count = 0;

fs.rename = async (from, to) => {
  await rename(from, to);
  count += 1;
  if (count === killAt) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
