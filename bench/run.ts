/** `npm run bench`: takes every figure in one run on a fresh home, prints a table and writes bench/results/<time>.json. Exits with 1 when a figure is over its target or could not be taken. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { dashboardFigures } from './dashboard.ts';
import { type Figure, table, verdict } from './figure.ts';
import { httpFigures } from './http.ts';
import { installSize } from './install-size.ts';
import { replFigures } from './repl.ts';
import { serveFigures } from './serve.ts';
import { serveLoadFigures } from './serve-load.ts';
import { startTimes } from './start-times.ts';
import { webSocketFigures } from './ws.ts';

const here = import.meta.dirname;
const home = mkdtempSync(join(tmpdir(), 'claw-bench-'));
const env = { PATH: '/usr/bin:/bin', HOME: home, CLAW_HOME: home, CLAW_LANG: 'en', LANG: 'C.UTF-8', TZ: 'UTC' };

/** Every measurement by name. One that fails is reported and does not keep the others from being taken. */
const MEASUREMENTS: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  starts: () => startTimes(home, env),
  repl: () => replFigures(home, env),
  turn: () => JSON.parse(childOutput('turn.ts')) as Figure[],
  memory: () => JSON.parse(childOutput('memory.ts')) as Figure[],
  tools: () => JSON.parse(childOutput('tools.ts')) as Figure[],
  serve: () => serveFigures(env),
  load: () => serveLoadFigures(env),
  http: () => httpFigures(env),
  ws: () => webSocketFigures(env),
  dashboard: () => dashboardFigures(env),
  audit: () => JSON.parse(childOutput('audit.ts')) as Figure[],
  tasks: () => JSON.parse(childOutput('tasks.ts')) as Figure[],
  route: () => JSON.parse(childOutput('route.ts')) as Figure[],
  knowledge: async () => (await import('./knowledge.ts')).knowledgeFigures(dataFile()),
  install: () => [installSize()],
};

/** `--data FILE`: a question set to measure recall with. */
function dataFile(): string | undefined {
  const at = process.argv.indexOf('--data');
  return at === -1 ? undefined : process.argv[at + 1];
}

function childOutput(program: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(here, program)], {
    encoding: 'utf8',
    env,
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

spawnSync(process.execPath, [join(here, '..', 'scripts', 'build.ts')], { stdio: 'inherit' });
const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name} ...\n`);
  try {
    figures.push(...(await measure()));
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    figures.push({ name, value: Number.NaN, unit: 'ms', note: 'see above' });
  }
}
rmSync(home, { recursive: true, force: true });

const at = new Date().toISOString();
const machine = `${cpus().length} x ${cpus()[0]?.model}, Node ${process.versions.node}, ${process.platform}-${process.arch}`;
process.stdout.write(`${table(figures)}\n\n${machine}\n`);
const results = join(here, 'results');
mkdirSync(results, { recursive: true });
const rows = figures.map((figure) => ({ ...figure, verdict: verdict(figure) }));
writeFileSync(
  join(results, `${at.replaceAll(':', '-')}.json`),
  `${JSON.stringify({ at, machine, figures: rows }, null, 2)}\n`,
);
process.exitCode = rows.some((row) => row.verdict === 'over' || row.verdict === 'under' || row.verdict === 'failed')
  ? 1
  : 0;
