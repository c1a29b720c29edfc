/** Owns the checks of what claw calls: secrets, providers, log-ins and models on this machine. */
import { commandText } from './command-text.ts';
import { type Check, ok, problem, type Verdict, warning } from './run-checks.ts';

export interface SecretFacts {
  /** Where new secrets go. */
  readonly kind: 'keychain' | 'sealed-file';
  readonly file: string;
  /** What opens the file. */
  readonly seal: 'pass-phrase' | 'key-file';
  /** A keychain would work here. */
  readonly isDesktop: boolean;
  /** How many are stored. */
  readonly count: number;
  /** Why they cannot be read: a code of ClawError with its message; null when they can. */
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface LocalModels {
  readonly name: string;
  readonly baseUrl: string;
}

export interface AccountFacts {
  readonly account: string;
  readonly state: string;
  readonly failed_refreshes: number;
  readonly error: string | null;
  readonly warnings: readonly string[];
}

export interface ServiceFacts {
  readonly secrets: () => Promise<SecretFacts>;
  /** Configured providers by name, without offline mode. */
  readonly providers: () => Promise<readonly string[]>;
  /** The provider that answers, by the settings. */
  readonly chosen: () => string;
  /** Addresses of configured providers that give no HTTP answer; undefined: they were not asked. */
  readonly unreachable: () => Promise<readonly { readonly name: string; readonly reason: string }[] | undefined>;
  readonly accounts: () => Promise<readonly AccountFacts[]>;
  readonly localModels: () => Promise<readonly LocalModels[]>;
  /** OPENAI_COMPATIBLE_BASE_URL when it is on this machine. */
  readonly localAddress: () => string | undefined;
}

export function serviceChecks(facts: ServiceFacts): readonly Check[] {
  return [
    { check: 'secrets', run: async () => checkSecrets(await facts.secrets()) },
    { check: 'providers', run: () => checkProviders(facts) },
    { check: 'provider-addresses', run: async () => checkReach(await facts.unreachable()) },
    { check: 'accounts', run: async () => checkAccounts(await facts.accounts()) },
    { check: 'local-models', run: () => checkLocal(facts) },
  ];
}

function checkSecrets({ kind, file, seal, isDesktop, count, failure }: SecretFacts): Verdict {
  if (failure !== null) {
    const isPhraseMissing = failure.code === 'auth-missing' && seal === 'pass-phrase';
    const fix = isPhraseMissing
      ? 'read -rsp "CLAW_MASTER_KEY: " CLAW_MASTER_KEY && export CLAW_MASTER_KEY'
      : commandText('mv', file, `${file}.unreadable`);
    const note = isPhraseMissing ? '' : ' Bring its key back first, if a backup has it.';
    return problem(`Stored secrets cannot be read: ${failure.message}${note}`, fix);
  }
  if (kind === 'keychain') return ok(`${count} kept in the keychain of the system`);
  if (isDesktop && seal === 'key-file') {
    return warning(
      `Secrets are kept in ${file}, with their key beside it, although this machine may have a keychain.`,
      'claw config set SECRET_STORE keychain',
    );
  }
  const how =
    seal === 'pass-phrase'
      ? 'encrypted with CLAW_MASTER_KEY'
      : 'encrypted with a key file of mode 0600 beside it: who copies the whole home has both';
  return ok(`${count} kept in ${file}, ${how}`);
}

async function checkProviders({ providers, chosen, localModels }: ServiceFacts): Promise<Verdict> {
  const names = await providers();
  const [first] = names;
  const wanted = chosen();
  if (first === undefined) {
    const [local] = wanted === 'offline' || wanted === 'replay' ? [] : await localModels();
    if (wanted === 'offline' || wanted === 'replay') return ok(`${wanted} mode, as LLM_PROVIDER says`);
    const fix =
      local === undefined
        ? 'claw secret set ANTHROPIC_API_KEY'
        : commandText('claw', 'config', 'set', 'OPENAI_COMPATIBLE_BASE_URL', local.baseUrl);
    const found = local === undefined ? '' : ` ${local.name} runs on this machine and could answer.`;
    return warning(`No model provider is set up: claw answers in offline mode.${found}`, fix);
  }
  return ok(names.join(', '));
}

function checkReach(unreachable: Awaited<ReturnType<ServiceFacts['unreachable']>>): Verdict {
  if (unreachable === undefined) return ok('not asked; "claw doctor --online" does');
  if (unreachable.length === 0) return ok('every configured provider answers');
  const words = unreachable.map(({ name, reason }) => `${name} does not answer: ${reason}`);
  return problem(words.join(' '), 'claw model test');
}

function checkAccounts(accounts: readonly AccountFacts[]): Verdict {
  if (accounts.length === 0) return ok('nobody is logged in to another service');
  const lost = accounts.find(({ state }) => ['needs-login', 'revoked'].includes(state));
  if (lost !== undefined)
    return problem(`${lost.account}: ${lost.error ?? 'it wants a new log-in'}`, `claw auth login ${lost.account}`);
  const failing = accounts.find(({ failed_refreshes, state }) => failed_refreshes > 0 || state === 'expired');
  if (failing !== undefined) {
    const text = `${failing.account}: ${failing.failed_refreshes} refreshes failed in a row. ${failing.error ?? ''}`;
    return warning(text.trim(), `claw auth refresh ${failing.account}`);
  }
  const warned = accounts.find(({ warnings }) => warnings.length > 0);
  if (warned !== undefined) return warning(warned.warnings.join(' '), accountFix(warned));
  return ok(accounts.map(({ account, state }) => `${account} ${state}`).join(', '));
}

function accountFix({ account, warnings }: AccountFacts): string {
  const [first = ''] = warnings;
  if (first.includes('--accept-risk')) return `claw auth login ${account} --accept-risk`;
  return first.startsWith('ANTHROPIC_API_KEY')
    ? 'claw secret remove ANTHROPIC_API_KEY'
    : 'claw secret set ANTHROPIC_API_KEY_FALLBACK';
}

async function checkLocal({ localModels, localAddress }: ServiceFacts): Promise<Verdict> {
  const [found, wanted] = [await localModels(), localAddress()];
  const names = found.map(({ name, baseUrl }) => `${name} at ${baseUrl}`).join(', ');
  if (wanted === undefined || found.some(({ baseUrl }) => sameServer(baseUrl, wanted)))
    return ok(names === '' ? 'none runs on this machine' : names);
  const isOllama = new URL(wanted).port === '11434';
  return warning(`No model server answers at ${wanted}.`, isOllama ? 'ollama serve' : 'claw model test');
}

function sameServer(a: string, b: string): boolean {
  const place = (text: string): string => new URL(text).host.replace('localhost', '127.0.0.1');
  return place(a) === place(b);
}
