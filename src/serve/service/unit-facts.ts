/** Owns what is known of an installed unit: whose it is, and whether it says what this claw would write. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { App } from '../../core/create-app.ts';
import type { UnitFacts } from '../../core/doctor/server-checks.ts';
import { appService, installOptions, unitFolders } from './app-service.ts';
import { runProgram } from '../../core/sandbox/run-program.ts';
import { findUnit } from './service.ts';
import { isSystemdBooted } from './systemctl.ts';
import { unitText } from './unit-text.ts';

const NONE: UnitFacts = {
  isInstalled: false,
  scope: null,
  file: null,
  user: null,
  isOfThisHome: false,
  isCurrent: false,
  enabled: null,
  active: null,
};

export async function unitFacts(app: App): Promise<UnitFacts> {
  const found = await findUnit(unitFolders(app));
  if (found === undefined) return NONE;
  const text = await readFile(found.unit_file, 'utf8');
  const user = /^User=(.+)$/m.exec(text)?.[1] ?? null;
  const isOfThisHome = text.split('\n').includes(homeLine(app.paths.home));
  // A manager that does not answer does not make the unit another one.
  const { enabled, active } = await appService(app)
    .status(found.scope)
    .catch(() => NONE);
  const isCurrent = isOfThisHome && text === (await wantedText(app, found.scope, user));
  return {
    isInstalled: true,
    scope: found.scope,
    file: found.unit_file,
    user,
    isOfThisHome,
    isCurrent,
    enabled,
    active,
  };
}

function homeLine(home: string): string {
  const text = unitText({ scope: 'user', node: '/n', claw: '/c', home, writable: [] });
  return text.split('\n').find((line) => line.startsWith('Environment=')) ?? '';
}

/** What would be written now; undefined where that cannot be, such as for a user who is gone. */
async function wantedText(app: App, scope: 'system' | 'user', user: string | null): Promise<string | undefined> {
  try {
    return unitText(await installOptions(app, scope, user ?? undefined));
  } catch {
    return undefined;
  }
}

/** Writes the unit of this home anew. Throws what `Service.install` throws. */
export async function rewriteUnit(app: App, { scope, user }: Pick<UnitFacts, 'scope' | 'user'>): Promise<string> {
  const options = await installOptions(app, scope ?? 'user', user ?? undefined);
  return (await appService(app).install(options)).unit_file;
}

const ANALYZE = '/usr/bin/systemd-analyze';
const ANALYZE_MS = 5000;
const MAX_OUTPUT_BYTES = 262_144;

/** What systemd-analyze(1) finds: `Overall exposure level for claw.service: 4.2 OK`. Undefined where systemd does not run. */
export async function unitExposure({ file, scope, isOfThisHome }: UnitFacts): Promise<number | undefined> {
  if (file === null || scope !== 'system' || !isOfThisHome || !isSystemdBooted() || !existsSync(ANALYZE))
    return undefined;
  const { stdout } = await runProgram({
    program: ANALYZE,
    args: ['security', '--no-pager', 'claw.service'],
    env: {},
    cwd: '/',
    timeoutMs: ANALYZE_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  const level = /exposure level for \S+: ([0-9.]+)/.exec(stdout.toString('utf8'))?.[1];
  return level === undefined ? undefined : Number(level);
}
