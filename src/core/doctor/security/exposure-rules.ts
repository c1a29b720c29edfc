/** Owns the rules on who can reach claw over a network, and what keeps strangers out. */
import type { Settings } from '../../config/load-settings.ts';
import type { SettingName } from '../../config/settings-table.ts';
import type { Hit, Rule } from './finding.ts';
import { isLoopback, plainAddresses } from './plain-addresses.ts';
import { mendSetting, mendSettings } from './setting-remedy.ts';
import { whyWeak } from './weak-secret.ts';

export interface ExposureFacts {
  readonly settings: Settings;
  /** Tokens of the server by their name. */
  readonly tokens: Readonly<Partial<Record<'WS_AUTH_TOKEN' | 'DASHBOARD_TOKEN' | 'JWT_SECRET', string>>>;
  /** Addresses that the server listens on; null: it runs, and the system does not tell; undefined: it does not run. */
  readonly listening: readonly string[] | null | undefined;
  /** Names of settings whose key is set. */
  readonly keys: readonly string[];
}

const HOSTS = ['DASHBOARD_HOST', 'WS_HOST'] as const;

const publicHosts = ({ settings }: ExposureFacts): readonly (typeof HOSTS)[number][] =>
  HOSTS.filter((name) => !isLoopback(settings.get(name)));

const hostText = ({ settings }: ExposureFacts, names: readonly (typeof HOSTS)[number][]): string =>
  names.map((name) => `${name} is ${settings.get(name)}`).join(', ');

function openBind(facts: ExposureFacts): Hit | undefined {
  const names = publicHosts(facts);
  if (names.length === 0 || facts.settings.get('AUTH_ENABLED')) return undefined;
  return {
    evidence: `${hostText(facts, names)}, and AUTH_ENABLED is false`,
    ...mendSettings(
      facts.settings,
      names.map((name) => [name, null]),
    ),
  };
}

function withoutTls(facts: ExposureFacts): Hit | undefined {
  const names = publicHosts(facts);
  if (names.length === 0 || !facts.settings.get('AUTH_ENABLED')) return undefined;
  const { fix } = mendSetting(facts.settings, names[0] ?? 'DASHBOARD_HOST', null);
  return { evidence: hostText(facts, names), fix };
}

function wideListening({ listening, settings }: ExposureFacts): Hit | undefined {
  if (listening === undefined) return undefined;
  if (listening === null)
    return { evidence: 'the system does not tell what the server listens on', fix: 'claw status', severity: 'medium' };
  const wide = listening.filter((address) => !isLoopback(address.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '')));
  if (wide.length === 0 || HOSTS.some((name) => !isLoopback(settings.get(name)))) return undefined;
  return {
    evidence: `it listens on ${wide.join(', ')}, and the settings say loopback only`,
    fix: 'claw service restart',
  };
}

function weakToken(name: keyof ExposureFacts['tokens']): (facts: ExposureFacts) => Hit | undefined {
  return ({ tokens }) => {
    const value = tokens[name];
    const why = value === undefined ? undefined : whyWeak(value);
    return why === undefined ? undefined : { evidence: `${name} ${why}`, fix: `claw secret set ${name}` };
  };
}

/** A list with `*` in it, mended by taking that out. */
function anyOf(name: 'CORS_ALLOWED_ORIGINS' | 'WS_ALLOWED_ORIGINS' | 'ALLOWED_HOSTS') {
  return ({ settings }: ExposureFacts): Hit | undefined => {
    const list = settings.get(name);
    const rest = list.filter((each) => !/^(?:https?:\/\/)?\*$/.test(each));
    if (rest.length === list.length) return undefined;
    const isOpen = name === 'CORS_ALLOWED_ORIGINS' && !settings.get('AUTH_ENABLED');
    const mended = mendSetting(settings, name, rest.length === 0 ? null : rest);
    return {
      evidence: `${name} is ${list.join(', ')}`,
      ...mended,
      ...(isOpen ? { severity: 'critical' as const } : {}),
    };
  };
}

/** A hundred times what is usual is no limit. */
const RATES: readonly (readonly [name: SettingName & `${string}_RATE_LIMIT`, most: number])[] = [
  ['API_RATE_LIMIT', 6000],
  ['WS_RATE_LIMIT', 3000],
  ['BOT_RATE_LIMIT', 1000],
  ['LOGIN_RATE_LIMIT', 1000],
];

function wideRates({ settings }: ExposureFacts): Hit | undefined {
  const wide = RATES.filter(([name, most]) => settings.get(name) > most).map(([name]) => name);
  if (wide.length === 0) return undefined;
  return {
    evidence: wide.map((name) => `${name} is ${settings.get(name)}`).join(', '),
    ...mendSettings(
      settings,
      wide.map((name) => [name, null]),
    ),
  };
}

const LONGEST = [
  ['JWT_ACCESS_TTL', 3600],
  ['JWT_REFRESH_TTL', 7_776_000],
  ['SESSION_TTL', 7_776_000],
] as const;

function longSessions({ settings }: ExposureFacts): Hit | undefined {
  const long = LONGEST.filter(([name, most]) => settings.get(name) > most).map(([name]) => name);
  if (long.length === 0) return undefined;
  return {
    evidence: long.map((name) => `${name} is ${settings.get(name)} s`).join(', '),
    ...mendSettings(
      settings,
      long.map((name) => [name, null]),
    ),
  };
}

function doors({ settings }: ExposureFacts): Hit | undefined {
  const found = settings.oddities.filter(({ kind }) => kind === 'door');
  if (found.length === 0) return undefined;
  return { evidence: found.map(({ text }) => text).join(' '), fix: 'claw doctor --only working-directory' };
}

export const EXPOSURE_RULES: readonly Rule<ExposureFacts>[] = [
  {
    id: 'bind.no-sign-in',
    severity: 'critical',
    title: 'Other machines could reach claw without signing in',
    detail:
      'Whoever reaches the port speaks as the owner of the home. The server refuses to listen so; other settings could let it.',
    judge: openBind,
  },
  {
    id: 'bind.no-tls',
    severity: 'high',
    title: 'Tokens cross the network in plain text',
    detail: 'claw speaks no TLS itself. Bind loopback, and put a reverse proxy with TLS in front for other machines.',
    judge: withoutTls,
  },
  {
    id: 'bind.not-as-set',
    severity: 'high',
    title: 'The running server can be reached from other machines although the settings say otherwise',
    detail: 'It was started with other settings, or something changed them since.',
    judge: wideListening,
  },
  {
    id: 'token.websocket-weak',
    severity: 'high',
    title: 'The token of the WebSocket can be guessed',
    detail: 'Whoever has it speaks as the owner of the home.',
    judge: weakToken('WS_AUTH_TOKEN'),
  },
  {
    id: 'token.dashboard-weak',
    severity: 'high',
    title: 'The token of the dashboard can be guessed',
    detail: 'Whoever has it may do everything that an admin may.',
    judge: weakToken('DASHBOARD_TOKEN'),
  },
  {
    id: 'token.signing-weak',
    severity: 'critical',
    title: 'The secret that signs access tokens can be guessed',
    detail: 'Whoever has it makes tokens for anybody. Without JWT_SECRET claw makes a random one of its own.',
    judge: weakToken('JWT_SECRET'),
  },
  {
    id: 'origin.any-site',
    severity: 'high',
    title: 'Any web page may call the HTTP API',
    detail: 'A page that the owner happens to visit can act for them. Without sign-in that is everything.',
    judge: anyOf('CORS_ALLOWED_ORIGINS'),
  },
  {
    id: 'origin.any-websocket',
    severity: 'high',
    title: 'Any web page may open a WebSocket',
    detail: 'A page that the owner happens to visit can chat and read as them.',
    judge: anyOf('WS_ALLOWED_ORIGINS'),
  },
  {
    id: 'host.any-name',
    severity: 'medium',
    title: 'The server answers to any name',
    detail: 'DNS rebinding gives a strange page an address of this machine.',
    judge: anyOf('ALLOWED_HOSTS'),
  },
  {
    id: 'rate.no-limit',
    severity: 'low',
    title: 'Limits of rate are so high that they are none',
    detail: 'Passwords and codes can be tried, and money be spent, as fast as the machine is.',
    judge: wideRates,
  },
  {
    id: 'session.long',
    severity: 'low',
    title: 'A stolen token or session is good for very long',
    detail: 'Usual are 15 minutes for an access token and 30 days for a browser.',
    judge: longSessions,
  },
  {
    id: 'address.plain-http',
    severity: 'high',
    title: 'A key is sent over the network in plain text',
    detail: 'Whoever is on the way reads the key and all that is said.',
    judge: plainAddresses,
  },
  {
    id: 'working-directory.door',
    severity: 'medium',
    title: 'A file of the working directory opens something',
    detail: "A .env that came with somebody's project decides who may come in.",
    judge: doors,
  },
  {
    id: 'crash.no-back-off',
    severity: 'low',
    title: 'Nothing slows a server down that crashes again and again',
    detail: 'What makes it crash can keep doing so.',
    judge: ({ settings }) =>
      settings.get('CRASH_BACKOFF')
        ? undefined
        : { evidence: 'CRASH_BACKOFF is false', ...mendSetting(settings, 'CRASH_BACKOFF', null) },
  },
];
