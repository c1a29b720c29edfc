/** Owns signing in to GitHub Copilot: the device flow at GitHub, with the client id of an app of the user's. */
import { ClawError } from '../../kernel/errors.ts';
import { AccountFailure } from '../account-failure.ts';
import type { AccountLogin, AccountTokens } from '../account-provider.ts';
import { type CopilotDeps, type CopilotSettings, createCopilotProvider, GITHUB } from './copilot-account.ts';
import { askDeviceToken, type DeviceEndpoints, startDeviceFlow } from './device-flow.ts';

/** Throws `config-invalid` at the start while there is no client id. */
export function createCopilotLogin(deps: CopilotDeps): AccountLogin {
  const { clock, settings } = deps;
  /** How long each open log-in waits between two questions by now, in ms, by its device code. */
  const intervals = new Map<string, number>();
  return {
    async start(signal) {
      const device = await startDeviceFlow(deps, endpointsOf(settings), signal);
      const { verificationUri: url, userCode, expiresAt, intervalMs: pollMs, deviceCode } = device;
      const pending = { device_token: deviceCode, expires_at: String(expiresAt), interval_ms: String(pollMs) };
      return { url, userCode, expiresAt, pollMs, pending };
    },
    async finish(pending, _answer, signal) {
      const { device_token: deviceCode = '', expires_at: expiresAt, interval_ms: first } = pending;
      const intervalMs = intervals.get(deviceCode) ?? Number(first);
      const device = { deviceCode, expiresAt: Number(expiresAt), intervalMs };
      const answer = await askDeviceToken(deps, endpointsOf(settings), device, signal);
      if ('waitMs' in answer) {
        intervals.set(deviceCode, answer.waitMs);
        return { kind: 'waiting', pollMs: answer.waitMs };
      }
      intervals.delete(deviceCode);
      const now = clock.now();
      const github = { accessToken: '', refreshToken: answer.token, issuedAt: now, expiresAt: now };
      return { kind: 'done', tokens: await exchanged(deps, { ...github, scopes: [settings.scope] }, signal) };
    },
  };
}

/** With a token of the Copilot API, when GitHub gives one; otherwise the first use asks again and tells why. */
async function exchanged(deps: CopilotDeps, tokens: AccountTokens, signal: AbortSignal): Promise<AccountTokens> {
  try {
    return await createCopilotProvider(deps).refresh(tokens, signal);
  } catch (error) {
    if (error instanceof AccountFailure) return tokens;
    throw error;
  }
}

function endpointsOf({ clientId, githubRoot, scope }: CopilotSettings): DeviceEndpoints {
  if (clientId === undefined) {
    throw new ClawError('config-invalid', 'Signing in to Copilot needs COPILOT_CLIENT_ID, the id of a GitHub app.', {
      hint: 'Register one under https://github.com/settings/developers, enable its device flow, then run: claw config set COPILOT_CLIENT_ID ID',
    });
  }
  const root = githubRoot.replace(/\/+$/, '');
  return {
    who: GITHUB,
    codeUrl: `${root}/login/device/code`,
    tokenUrl: `${root}/login/oauth/access_token`,
    clientId,
    scope,
  };
}

/** The website of a GitHub by the address of its API: `https://github.com` for `https://api.github.com`, `https://git.example.com` for `https://git.example.com/api/v3`. */
export function websiteOf(apiRoot: string): string {
  const { protocol, host } = new URL(apiRoot);
  return `${protocol}//${host.replace(/^api\./, '')}`;
}
