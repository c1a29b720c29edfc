/** Owns the checks of the machine: the walls, and the programs that some tools need. Each says what is lost without. */
import { installText } from './command-text.ts';
import { type Check, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface Wall {
  readonly name: string;
  readonly works: boolean;
  readonly detail: string;
}

export interface EngineFacts {
  /** Clients that are there. */
  readonly clients: readonly string[];
  /** Why none of them reaches an engine; null when one does, undefined when none was asked. */
  readonly failure: string | null | undefined;
  /** AGENT_RUNNER_MODE asks for containers. */
  readonly isWanted: boolean;
}

export interface MachineFacts {
  readonly walls: () => Promise<readonly Wall[]>;
  readonly engine: () => Promise<EngineFacts>;
  /** Why the browser tool cannot work; undefined when it can. */
  readonly browserFailure: () => Promise<'no-chromium' | 'no-driver' | undefined>;
  /** Programs of this machine that install packages. */
  readonly installers: () => Promise<readonly string[]>;
}

const LOST: Readonly<Record<string, string>> = {
  quickjs: 'No tool can run.',
  bubblewrap: 'Tools with runtime "node" and commands of run_command do not run, or with a weaker wall.',
  container: 'Tools with runtime "node" have no wall.',
  documents: 'Documents of strangers are read with a weaker wall, or not at all.',
};
const PACKAGES: Readonly<Record<string, string>> = {
  bubblewrap: 'bubblewrap',
  container: 'docker.io',
  documents: 'bubblewrap util-linux',
};

export function machineChecks(facts: MachineFacts): readonly Check[] {
  return [
    ...['quickjs', 'bubblewrap', 'container', 'documents'].map((name) => ({
      check: `wall-${name}`,
      run: () => checkWall(facts, name),
    })),
    { check: 'container-engine', run: () => checkEngine(facts) },
    { check: 'browser', run: () => checkBrowser(facts) },
  ];
}

async function checkWall({ walls, installers }: MachineFacts, name: string): Promise<Verdict> {
  const all = await walls();
  const wall = all.find((each) => each.name === name);
  // A container stands in where bubblewrap does not work.
  const isNeedless = name === 'container' && all.some((each) => each.name === 'bubblewrap' && each.works);
  if (wall !== undefined && (wall.works || isNeedless)) return ok(wall.detail);
  const text = `${wall?.detail ?? 'It is not known whether this wall works.'} ${LOST[name] ?? ''}`.trim();
  if (name === 'quickjs') return problem(text, 'npm rebuild --global claw');
  return warning(text, installText(await installers(), PACKAGES[name] ?? name));
}

async function checkEngine({ engine, installers }: MachineFacts): Promise<Verdict> {
  const { clients, failure, isWanted } = await engine();
  const [client] = clients;
  if (client === undefined) {
    if (!isWanted) return ok('none is installed, and none is needed');
    const fix = installText(await installers(), 'docker.io');
    return problem('AGENT_RUNNER_MODE asks for containers, and there is no container engine.', fix);
  }
  if (failure === undefined) return ok(`${client} is installed`);
  if (failure === null) return ok(`${client} answers`);
  const fix = /permission denied/i.test(failure)
    ? `sudo usermod -aG ${client} "$(id -un)"`
    : `sudo systemctl start ${client}`;
  const text = `${client} is installed and does not answer: ${failure}`;
  return isWanted ? problem(text, fix) : ok(text);
}

async function checkBrowser({ browserFailure, installers }: MachineFacts): Promise<Verdict> {
  const failure = await browserFailure();
  if (failure === undefined) return ok('Chromium and its driver are there');
  if (failure === 'no-chromium')
    return warning(
      'There is no Chromium: the tool "browser" cannot open pages.',
      installText(await installers(), 'chromium'),
    );
  return warning(
    'playwright-core is missing: the tool "browser" cannot drive Chromium.',
    'npm install --global playwright-core',
  );
}
