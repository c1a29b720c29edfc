/** Owns the list of checks. */
import { stat } from 'node:fs/promises';
import type { HomePaths } from '../kernel/paths.ts';
import type { OwnedIndexCheck } from '../store/sqlite/check-owned-index.ts';
import { type Check, ok, problem, warning } from './run-checks.ts';

/** What the checks may ask; each function is called by one check only. */
export interface DoctorDeps {
  readonly paths: HomePaths;
  /** Problems of the settings, worst first; empty when all is well. */
  readonly settingProblems: () => readonly string[];
  /** Result of SQLite's own check: `ok`, or what is wrong. */
  readonly storeIntegrity: () => Promise<string>;
  /** Where secrets are kept, and whether that is the strongest place this machine has. */
  readonly secretStore: () => Promise<{ readonly place: string; readonly isKeychain: boolean }>;
  readonly indexes: IndexFacts;
  readonly machine: MachineFacts;
}

/** The self-tests of the search indexes. */
export interface IndexFacts {
  readonly memories: () => Promise<OwnedIndexCheck>;
  readonly conversations: () => Promise<OwnedIndexCheck>;
  readonly knowledge: () => Promise<Omit<OwnedIndexCheck, 'waiting'>>;
}

export interface MachineFacts {
  /** Configured providers by name. */
  readonly providers: () => Promise<readonly string[]>;
  /** Walls for tool code and for the reading of documents, and whether each works here. */
  readonly walls: () => Promise<readonly { readonly name: string; readonly works: boolean; readonly detail: string }[]>;
}

const MIN_NODE = 26;

export function allChecks(deps: DoctorDeps): Check[] {
  return [
    { check: 'node', run: async () => checkNode(process.versions.node) },
    { check: 'home', run: () => checkModes(deps.paths) },
    { check: 'settings', run: async () => checkSettings(deps.settingProblems()) },
    { check: 'store', run: async () => checkStore(await deps.storeIntegrity()) },
    {
      check: 'memory-index',
      run: async () => checkIndex(await deps.indexes.memories(), 'memories', 'claw memory reindex'),
    },
    {
      check: 'conversation-index',
      run: async () => checkIndex(await deps.indexes.conversations(), 'messages', 'claw conversation reindex'),
    },
    {
      check: 'knowledge-index',
      run: async () =>
        checkIndex({ ...(await deps.indexes.knowledge()), waiting: 0 }, 'passages', 'claw knowledge reindex'),
    },
    { check: 'secrets', run: async () => checkSecrets(await deps.secretStore()) },
    { check: 'providers', run: async () => checkProviders(await deps.machine.providers()) },
    ...(['quickjs', 'bubblewrap', 'container', 'documents'] as const).map((name) => wallCheck(deps.machine, name)),
  ];
}

function checkNode(version: string) {
  return Number.parseInt(version, 10) >= MIN_NODE
    ? ok(`Node ${version}`)
    : problem(`Node ${version}; claw needs ${MIN_NODE}.`, 'npm ci');
}

/** Nobody but the owner may read the home or what it keeps. */
async function checkModes(paths: HomePaths) {
  const open: string[] = [];
  for (const path of [
    paths.home,
    paths.database,
    paths.config,
    paths.env,
    paths.secrets,
    paths.secretsKey,
    paths.signingKey,
  ]) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && (found.mode & 0o077) !== 0) open.push(path);
  }
  return open.length === 0
    ? ok(`${paths.home} is yours alone`)
    : problem(`Others can read ${open.join(', ')}.`, `chmod go-rwx ${open.map((path) => `'${path}'`).join(' ')}`);
}

function checkSettings(problems: readonly string[]) {
  const [first] = problems;
  return first === undefined ? ok('every setting is valid') : warning(problems.join(' '), 'claw config validate');
}

function checkStore(integrity: string) {
  return integrity === 'ok'
    ? ok('the database is sound')
    : problem(`The database is damaged: ${integrity}`, 'ls backups/ in the home, and put the newest snapshot back');
}

function checkIndex({ ok: isRight, indexed, waiting, problems }: OwnedIndexCheck, what: string, fix: string) {
  if (!isRight) return problem(`The search index of ${what} is not right: ${problems.join('; ')}.`, fix);
  return ok(
    waiting === 0 ? `${indexed} ${what} found` : `${indexed} ${what} found, ${waiting} wait for the next search`,
  );
}

function checkSecrets({ place, isKeychain }: { place: string; isKeychain: boolean }) {
  return isKeychain
    ? ok(`kept in ${place}`)
    : warning(`No keyring here; secrets are kept in ${place}.`, 'claw secret list');
}

function checkProviders(names: readonly string[]) {
  return names.length === 0
    ? warning('No model provider is set up: claw answers in offline mode.', 'claw secret set ANTHROPIC_API_KEY')
    : ok(names.join(', '));
}

function wallCheck({ walls }: MachineFacts, name: string): Check {
  return {
    check: `wall-${name}`,
    run: async () => {
      const all = await walls();
      const wall = all.find((entry) => entry.name === name);
      if (wall === undefined) return warning('not known', 'claw doctor');
      const isNeedless = name === 'container' && all.some((entry) => entry.name === 'bubblewrap' && entry.works);
      if (wall.works || isNeedless) return ok(wall.detail);
      return name === 'quickjs' ? problem(wall.detail, 'npm ci') : warning(wall.detail, INSTALL[name] ?? 'claw doctor');
    },
  };
}

const INSTALL: Readonly<Record<string, string>> = {
  bubblewrap: 'sudo apt-get install bubblewrap',
  container: 'sudo apt-get install docker.io',
  documents: 'sudo apt-get install bubblewrap util-linux',
};
