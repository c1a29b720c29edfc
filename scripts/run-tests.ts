/** Runs the tests: builds first, leaves out suites whose program is missing and says so (with --all that is a failure), and ends with the line `N passed, N failed`. Words after the options are vitest's filters. */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SUITES } from './suites.ts';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

const root = join(import.meta.dirname, '..');
const isComplete = process.argv.includes('--all');
const filters = process.argv.slice(2).filter((word) => word !== '--all');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Test files that cannot run here, and why: a sentence for each suite. */
function leftOut(): { files: string[]; reasons: string[] } {
  const all = globSync('tests/**/*.test.{ts,tsx}', { cwd: root });
  const files: string[] = [];
  const reasons: string[] = [];
  for (const suite of SUITES) {
    const own = all.filter((path) => suite.holds(path));
    const reason = own.length === 0 ? undefined : suite.missing();
    if (reason === undefined) continue;
    files.push(...own);
    reasons.push(`left out: suite ${suite.name} (${own.length} files): ${reason}`);
  }
  return { files, reasons };
}

interface Round {
  readonly exclude: readonly string[];
  /** Words or paths to run; everything when empty. */
  readonly only: readonly string[];
  /** One file after the other. */
  readonly isAlone: boolean;
}

/** Tests that measure times, or keep both processors busy by themselves: nothing runs beside them. */
const ALONE = /^tests\/(?:crash\/crash-run|walls\/|contracts\/)|^tests\/core\/(?:sandbox|doctor)\//;

/** One round for the words of the command line; otherwise what runs together, then what runs alone. */
function rounds(exclude: readonly string[]): Round[] {
  if (filters.length > 0) return [{ exclude, only: filters, isAlone: false }];
  const alone = globSync('tests/**/*.test.{ts,tsx}', { cwd: root }).filter((path) => ALONE.test(path));
  return [
    { exclude: [...exclude, ...alone], only: [], isAlone: false },
    { exclude, only: alone.filter((path) => !exclude.includes(path)), isAlone: true },
  ];
}

function runVitest({ exclude, only, isAlone }: Round): { passed: number; failed: number } {
  const scratch = mkdtempSync(join(tmpdir(), 'claw-tests-'));
  const output = join(scratch, 'report.json');
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${output}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const excluded = exclude.flatMap((path) => ['--exclude', path]);
  const workers = isAlone ? ['--maxWorkers=1'] : [];
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporting, ...workers, ...excluded, ...only], {
    cwd: root,
    stdio: 'inherit',
  });
  try {
    const report = JSON.parse(readFileSync(output, 'utf8')) as Report;
    const skipped = report.numPendingTests + report.numTodoTests;
    if (skipped > 0) say(`${skipped} tests were skipped: a skipped test counts as failed`);
    const failed = report.numFailedTests + skipped;
    return { passed: report.numPassedTests, failed: failed === 0 && status !== 0 ? 1 : failed };
  } catch {
    say('vitest wrote no report');
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const build = spawnSync(process.execPath, [join(root, 'scripts', 'build.ts')], { stdio: 'inherit' });
const missing = leftOut();
const result = { passed: 0, failed: build.status === 0 ? 0 : 1 };
if (build.status === 0) {
  for (const { passed, failed } of rounds(missing.files).map(runVitest)) {
    result.passed += passed;
    result.failed += failed;
  }
} else say('the build failed');
for (const reason of missing.reasons) say(reason);
if (isComplete && missing.reasons.length > 0) {
  say('with --all a suite that cannot run counts as failed');
  result.failed += missing.reasons.length;
}
say(`${result.passed} passed, ${result.failed} failed`);
process.exitCode = result.failed === 0 && result.passed > 0 ? 0 : 1;
