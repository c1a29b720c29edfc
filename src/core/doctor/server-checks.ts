/** Owns the checks of the server: what runs, how it ended before, its lock, ports, channels and unit. What it is made of is handed in: the server lies above. */
import { commandText } from './command-text.ts';
import { MEND } from './home-checks.ts';
import { type Check, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface ServerProcess {
  readonly isRunning: boolean;
  readonly pid: number | null;
  readonly version: string | null;
  readonly state: string;
  /** Unclean ends in the last minutes. */
  readonly recentCrashes: number;
  readonly ports: Readonly<Record<string, number>>;
}

export interface ChannelFacts {
  readonly name: string;
  readonly state: string;
  readonly detail: string | null;
  /** Secrets that are missing of one that is set up half. */
  readonly missing: readonly string[];
}

export interface PortFacts {
  readonly setting: string;
  readonly port: number;
  /** Something else listens there. */
  readonly isTaken: boolean;
  /** The next port that is free. */
  readonly free: number;
}

export interface UnitFacts {
  readonly isInstalled: boolean;
  readonly scope: 'system' | 'user' | null;
  readonly file: string | null;
  /** The user of a system service. */
  readonly user: string | null;
  readonly isOfThisHome: boolean;
  /** It says what this claw would write. */
  readonly isCurrent: boolean;
  readonly enabled: string | null;
  readonly active: string | null;
}

export interface ServerFacts {
  /** Of this program. */
  readonly version: string;
  readonly process: () => Promise<ServerProcess>;
  readonly channels: () => Promise<readonly ChannelFacts[]>;
  /** Empty while the server runs. */
  readonly ports: () => Promise<readonly PortFacts[]>;
  readonly unit: () => Promise<UnitFacts>;
  /** Files that say somebody holds something, and nobody does. */
  readonly staleFiles: () => Promise<readonly string[]>;
  /** Whether somebody set up something that only a server does: a channel, a task, a webhook. */
  readonly isWanted: () => Promise<string | undefined>;
  /** Flags of the process that runs, undefined where the system does not tell. */
  readonly flags: () => Promise<readonly string[] | undefined>;
}

export function serverChecks(facts: ServerFacts): readonly Check[] {
  return [
    { check: 'server', run: () => checkServer(facts) },
    { check: 'server-version', run: () => checkVersion(facts) },
    { check: 'server-crashes', run: () => checkCrashes(facts) },
    { check: 'server-memory', run: () => checkMemory(facts) },
    { check: 'stale-files', run: async () => checkStale(await facts.staleFiles()) },
    { check: 'ports', run: async () => checkPorts(await facts.ports(), await facts.process()) },
    { check: 'channels', run: async () => checkChannels(await facts.channels()) },
    { check: 'service-unit', run: async () => checkUnit(await facts.unit()) },
  ];
}

async function checkServer(facts: ServerFacts): Promise<Verdict> {
  const { isRunning, pid, state } = await facts.process();
  if (isRunning) return ok(`runs as process ${pid ?? '(unknown)'}: ${state}`);
  const [why, unit] = [await facts.isWanted(), await facts.unit()];
  if (why === undefined) return ok('does not run, and nothing waits for it');
  const fix = unit.isInstalled ? serviceCommand('start', unit) : 'claw serve';
  return warning(`claw serve does not run: ${why}.`, fix);
}

function serviceCommand(verb: 'start' | 'restart', { scope }: UnitFacts): string {
  return scope === 'system' ? `sudo claw service ${verb} --system` : `claw service ${verb}`;
}

/** What brings a running server back: its service, or the end of the process for whoever started it by hand. */
async function restart(facts: ServerFacts, pid: number | null): Promise<string> {
  const unit = await facts.unit().catch(() => undefined);
  if (unit?.isInstalled === true && unit.active === 'active') return serviceCommand('restart', unit);
  return pid === null ? 'claw status' : `kill ${pid}`;
}

async function checkVersion(facts: ServerFacts): Promise<Verdict> {
  const { isRunning, version, pid } = await facts.process();
  if (!isRunning || version === null) return ok(facts.version);
  if (version === facts.version) return ok(`${version}, as this program`);
  return warning(
    `The server that runs is version ${version}, and this program ${facts.version}.`,
    await restart(facts, pid),
  );
}

async function checkCrashes(facts: ServerFacts): Promise<Verdict> {
  const { state, recentCrashes, pid } = await facts.process();
  if (state === 'safe-mode')
    return problem('Safe mode: the channels stay off after too many crashes.', await restart(facts, pid));
  if (recentCrashes === 0) return ok('the last runs ended in order');
  const unit = await facts.unit().catch(() => undefined);
  const text = `${recentCrashes} ${recentCrashes === 1 ? 'run' : 'runs'} did not end in order in the last minutes.`;
  return warning(text, unit?.isInstalled === true ? 'claw service logs' : 'claw serve --check');
}

async function checkMemory(facts: ServerFacts): Promise<Verdict> {
  const { isRunning, pid } = await facts.process();
  const flags = isRunning ? await facts.flags() : undefined;
  if (flags === undefined) return ok(isRunning ? 'the system does not tell' : 'no server runs');
  const limit = flags.find((flag) => flag.startsWith('--max-old-space-size='));
  if (limit !== undefined) return ok(limit);
  return warning(
    'The server runs without a limit of its heap: it takes as much as the machine has.',
    await restart(facts, pid),
  );
}

function checkStale(files: readonly string[]): Verdict {
  if (files.length === 0) return ok('no lock of a process that is gone');
  return warning(`Left by processes that are gone: ${files.join(', ')}.`, MEND);
}

function checkPorts(ports: readonly PortFacts[], { isRunning, ports: used }: ServerProcess): Verdict {
  const [first, ...others] = ports.filter(({ isTaken }) => isTaken);
  if (first === undefined) {
    const text = Object.entries(used).map(([name, port]) => `${name} ${port}`);
    return ok(isRunning && text.length > 0 ? text.join(', ') : 'free');
  }
  const words = [first, ...others].map(({ setting, port }) => `${setting} ${port} is taken by another program.`);
  return warning(words.join(' '), commandText('claw', 'config', 'set', first.setting, String(first.free)));
}

function checkChannels(channels: readonly ChannelFacts[]): Verdict {
  const half = channels.find(({ missing }) => missing.length > 0);
  if (half !== undefined) {
    const [first = ''] = half.missing;
    return warning(`${half.name} is set up half: ${half.missing.join(' and ')} missing.`, `claw secret set ${first}`);
  }
  const failed = channels.find(({ state }) => state === 'failed');
  if (failed !== undefined)
    return warning(
      `${failed.name} does not start: ${failed.detail ?? 'no reason'}`,
      `claw channel test ${failed.name}`,
    );
  const on = channels.filter(({ state }) => state !== 'off').map(({ name, state }) => `${name} ${state}`);
  return ok(on.length === 0 ? 'none is set up' : on.join(', '));
}

function checkUnit(unit: UnitFacts): Verdict {
  const { isInstalled, file, isOfThisHome, isCurrent, enabled, active } = unit;
  if (!isInstalled || file === null) return ok('not installed');
  if (!isOfThisHome) return ok(`${file} is for another home`);
  if (active === 'failed') return problem(`The service of ${file} has failed.`, serviceCommand('restart', unit));
  if (!isCurrent)
    return warning(
      `${file} is not what this claw would write: it runs another program, or less safely.`,
      renewCommand(unit),
    );
  if (enabled === 'disabled') return warning('The service does not start with the machine.', renewCommand(unit));
  return ok(`${file}${active === null ? '' : `, ${active}`}`);
}

/** The command that writes the unit anew. */
export function renewCommand({ scope, user }: Pick<UnitFacts, 'scope' | 'user'>): string {
  return scope === 'system'
    ? commandText('sudo', 'claw', 'service', 'install', '--system', '--user', user ?? 'claw')
    : 'claw service install';
}
