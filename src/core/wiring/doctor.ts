/** Owns how an app becomes its doctor: facts in, verdicts out. What the server knows is handed in by whoever asks. */
import { localOwner } from '../access/local-user.ts';
import type { Config } from '../config/open-config.ts';
import { allChecks, type DoctorFacts } from '../doctor/checks.ts';
import { type MendReport, mendAll } from '../doctor/mend.ts';
import { type CheckResult, NotLookedAt, runChecks } from '../doctor/run-checks.ts';
import type { ServerFacts } from '../doctor/server-checks.ts';
import type { ServiceFacts } from '../doctor/service-checks.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError, toError } from '../kernel/errors.ts';
import { lazy } from '../kernel/lazy.ts';
import { rebuildIndex } from '../knowledge/check-index.ts';
import { rebuildMessageIndex } from '../conversations/message-index.ts';
import { rebuildMemoryIndex } from '../memory/memory-index.ts';
import { takeSnapshot } from '../doctor/snapshot.ts';
import { menders } from './doctor-menders.ts';
import type { Models } from '../llm/open-models.ts';
import type { DocumentReader } from '../sandbox/document-reader.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import type { Accounts } from './accounts.ts';
import type { Backups } from './backup.ts';
import {
  type FactNeeds,
  homeFacts,
  machineFacts,
  openedStore,
  settingFacts,
  storeFacts,
  workFacts,
} from './doctor-facts.ts';

export interface DoctorNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly models: () => Promise<Models>;
  readonly accounts: () => Promise<Accounts>;
  readonly sandbox: () => Promise<Sandbox>;
  readonly reader: () => Promise<DocumentReader>;
  readonly backups: () => Promise<Backups>;
}

export interface CheckOptions {
  /** Ask providers and container engines, and not only look for them. */
  readonly isOnline: boolean;
  /** Names of checks; all when absent. */
  readonly only?: readonly string[];
}

/** What is known of the server, and what only its packages can do. */
export interface ServerSide {
  readonly facts: ServerFacts;
  /** Writes the installed unit anew and returns its path. */
  readonly rewriteUnit: () => Promise<string>;
  /** How exposed systemd finds the unit, 0 (best) to 10; undefined where it cannot be asked. */
  readonly unitExposure: () => Promise<number | undefined>;
}

export interface Doctor {
  /** Throws `usage-invalid` for a check that does not exist. */
  check(options: CheckOptions): Promise<CheckResult[]>;
  /** Puts right what can be; a copy of what may change is kept. Throws what keeps that copy from being made. */
  mend(): Promise<MendReport>;
}

export function buildDoctor(needs: DoctorNeeds, server: ServerSide): Doctor {
  return {
    check: async ({ isOnline, only }) => checkSome(collectFacts(needs, server.facts, isOnline), only),
    mend: () => mend(needs, server),
  };
}

function checkSome(facts: DoctorFacts, only: readonly string[] | undefined): Promise<CheckResult[]> {
  const checks = allChecks(facts);
  const names = checks.map(({ check }) => check);
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined) {
    const hint = `Checks are: ${names.join(', ')}.`;
    throw new ClawError('usage-invalid', `There is no check ${strange}.`, { hint });
  }
  return runChecks(checks.filter(({ check }) => only?.includes(check) ?? true));
}

/** Facts are collected anew for each look: some are kept once they are known. */
async function mend(needs: DoctorNeeds, server: ServerSide): Promise<MendReport> {
  const { config, clock, store } = needs;
  const facts = collectFacts(needs, server.facts, false);
  return mendAll({
    check: () => {
      config.reload();
      return runChecks(allChecks(collectFacts(needs, server.facts, false)));
    },
    menders: menders(
      {
        config,
        clock,
        store,
        rewriteUnit: server.rewriteUnit,
        reindex: {
          memory: async () => rebuildMemoryIndex(await store()),
          conversation: async () => rebuildMessageIndex(await store()),
          knowledge: async () => rebuildIndex({ store: await store(), clock }, await localOwner(await store(), clock)),
        },
      },
      facts,
    ),
    isServerRunning: async () => (await server.facts.process()).isRunning,
    snapshot: () => takeSnapshot(config.paths, clock.now()),
  });
}

function collectFacts(needs: DoctorNeeds, server: ServerFacts, isOnline: boolean): DoctorFacts {
  const { config, clock } = needs;
  const backups: FactNeeds['backups'] = async () => (await needs.backups()).service;
  const home = homeFacts({ config, clock, store: needs.store, backups });
  const opened = openedStore(needs.store, home);
  const store = lazy(async () => {
    try {
      return await opened();
    } catch (error) {
      if (error instanceof NotLookedAt) throw error;
      throw new NotLookedAt('the database cannot be opened.', 'claw doctor --only store');
    }
  });
  const parts: FactNeeds = { config, clock, store, backups };
  return {
    home,
    settings: settingFacts(parts),
    store: storeFacts(parts, opened),
    services: serviceFacts({ ...needs, store }, isOnline),
    server,
    work: workFacts(parts),
    machine: machineFacts({ ...needs, isOnline }),
  };
}

function serviceFacts({ config, ...needs }: DoctorNeeds, isOnline: boolean): ServiceFacts {
  const providers = async (): Promise<string[]> => {
    await needs.store();
    return (await (await needs.models()).configured()).filter((name) => name !== 'offline');
  };
  return {
    secrets: () => secretFacts(config, needs.secrets),
    providers,
    chosen: () => config.unchecked().get('LLM_PROVIDER'),
    unreachable: async () => (isOnline ? unreachable(config, await providers()) : undefined),
    accounts: async () => {
      await needs.store();
      return (await needs.accounts()).status();
    },
    localModels: lazy(async () => {
      const { detectLocalServers } = await import('../llm/detect-local.ts');
      return detectLocalServers(fetch);
    }),
    localAddress: () => {
      const address = config.unchecked().get('OPENAI_COMPATIBLE_BASE_URL');
      const isHere = address !== undefined && /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(address);
      return isHere ? address : undefined;
    },
  };
}

async function secretFacts(config: Config, secrets: DoctorNeeds['secrets']) {
  const service = await secrets();
  const read = await service.storedNames().then(
    ({ size }) => ({ count: size, failure: null }),
    (error: unknown) => {
      const code = error instanceof ClawError ? error.code : 'internal-error';
      return { count: 0, failure: { code, message: toError(error).message } };
    },
  );
  const isPhrase =
    config.unchecked().get('CLAW_MASTER_KEY') !== undefined || read.failure?.message.includes('pass-phrase') === true;
  const seal = isPhrase ? ('pass-phrase' as const) : ('key-file' as const);
  return { kind: service.target, file: config.paths.secrets, seal, isDesktop: config.isDesktop, ...read };
}

const ADDRESSES: ReadonlyMap<
  string,
  'OPENAI_BASE_URL' | 'COPILOT_API_URL' | 'ANTHROPIC_BASE_URL' | 'GOOGLE_BASE_URL' | 'OPENAI_COMPATIBLE_BASE_URL'
> = new Map([
  ['anthropic', 'ANTHROPIC_BASE_URL'],
  ['openai', 'OPENAI_BASE_URL'],
  ['google', 'GOOGLE_BASE_URL'],
  ['copilot', 'COPILOT_API_URL'],
  ['openai-compatible', 'OPENAI_COMPATIBLE_BASE_URL'],
]);
const ANSWER_MS = 5000;

/** Any answer over HTTP will do: no key is sent along. */
async function unreachable(config: Config, names: readonly string[]) {
  const asked = await Promise.all(
    names.map(async (name) => {
      const setting = ADDRESSES.get(name);
      const address = setting === undefined ? undefined : config.unchecked().get(setting);
      if (address === undefined) return [];
      try {
        const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
        await answer.body?.cancel();
        return [];
      } catch (error) {
        const { cause, message } = toError(error);
        return [{ name, reason: cause instanceof Error ? cause.message : message }];
      }
    }),
  );
  return asked.flat();
}
