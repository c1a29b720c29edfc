/** Owns how claw meets the Codex CLI of the user: it looks at its sign-in and starts its own log-in. Nothing of its folder is copied or changed. */
import type { AccountJson } from '../accounts/account-json.ts';
import type { CodexState } from '../accounts/codex/codex-state.ts';
import type { Config } from '../config/open-config.ts';
import { ClawError } from '../kernel/errors.ts';

export interface CodexStatus extends CodexState {
  /** The file that was looked at. */
  readonly file: string;
  /** Absolute path of the program; null when it is not installed. */
  readonly program: string | null;
}

/** How the Codex CLI is signed in. `now`: ms since 1970 UTC. */
export async function codexStatus(config: Pick<Config, 'codex'>, now: number): Promise<CodexStatus> {
  const { readCodexState } = await import('../accounts/codex/codex-state.ts');
  const { readIfThere } = await import('../kernel/read-if-there.ts');
  const { authFile: file, program = null } = config.codex();
  return { ...readCodexState(await readIfThere(file), now), file, program };
}

const STATES = {
  'signed-in': 'fresh',
  expired: 'needs-login',
  unreadable: 'needs-login',
  'api-key': 'api-key',
} as const;

/** The sign-in of the Codex CLI in the list of accounts; empty when there is none. */
export async function codexAccounts(config: Pick<Config, 'codex'>, now: number): Promise<AccountJson[]> {
  const { state, file, expiresAt, refreshedAt } = await codexStatus(config, now);
  if (state === 'signed-out') return [];
  const account: AccountJson = {
    account: 'codex',
    state: STATES[state],
    expires_at: isoOf(expiresAt),
    next_refresh_at: null,
    refreshed_at: isoOf(refreshedAt),
    source: file,
    consent: 'not needed',
    limited_until: null,
    failed_refreshes: 0,
    error: state === 'unreadable' ? `${file} cannot be read.` : null,
    calls_with: null,
    warnings: [],
  };
  return [account];
}

const isoOf = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

/** Runs the CLI's log-in by device code in this terminal. Throws `not-found` when it is not installed, `auth-rejected` when it ends without one. */
export async function loginCodex(config: Pick<Config, 'codex'>, cwd: string, signal: AbortSignal): Promise<void> {
  const { runInTerminal } = await import('../sandbox/run-in-terminal.ts');
  const { program, environment } = config.codex();
  if (program === undefined) {
    throw new ClawError('not-found', 'The Codex CLI is not installed: PATH holds no codex.', {
      hint: 'npm i -g @openai/codex',
    });
  }
  const args = ['login', '--device-auth'];
  const { code } = await runInTerminal({ program, args, env: environment, cwd }, signal);
  signal.throwIfAborted();
  if (code === 0) return;
  throw new ClawError('auth-rejected', 'The Codex CLI ended without a log-in.', {
    hint: 'Device codes must be enabled in the security settings of ChatGPT; see also: codex login --help',
  });
}
