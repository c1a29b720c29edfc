/** Owns the rules on people: admins, keys, what disabled users hold, and who may come in over chat platforms. */
import type { Settings } from '../../config/load-settings.ts';
import { commandText } from '../command-text.ts';
import type { Hit, Rule } from './finding.ts';
import { mendSetting } from './setting-remedy.ts';

interface Key {
  readonly username: string;
  readonly prefix: string;
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
}

export interface PeopleFacts {
  readonly settings: Settings;
  /** Milliseconds UTC. */
  readonly now: number;
  readonly admins: readonly string[];
  readonly keys: readonly Key[];
  /** Disabled users who still hold a session or token. */
  readonly disabledWithAccess: readonly string[];
  readonly waiting: { readonly pairings: number; readonly devices: number };
  /** Chat platforms that are set up, each with the ids of people whom an admin let in. */
  readonly channels: Readonly<Partial<Record<'telegram' | 'discord' | 'slack', readonly string[]>>>;
}

const DAY_MS = 86_400_000;

function keysHit(keys: readonly Key[]): Hit | undefined {
  const [first] = keys;
  if (first === undefined) return undefined;
  return {
    evidence: keys.map(({ username, prefix }) => `${prefix}… of ${username}`).join(', '),
    fix: commandText('claw', 'user', 'key', 'revoke', first.username, first.prefix),
  };
}

const ALLOWED = {
  telegram: 'TELEGRAM_ALLOWED_USERS',
  discord: 'DISCORD_ALLOWED_USERS',
  slack: 'SLACK_ALLOWED_USERS',
} as const;

function openChannels({ settings, channels }: PeopleFacts): Hit | undefined {
  const names = (Object.keys(ALLOWED) as (keyof typeof ALLOWED)[]).filter(
    (name) => channels[name] !== undefined && settings.get(ALLOWED[name]).length === 0,
  );
  const [first] = names;
  if (first === undefined) return undefined;
  const known = channels[first] ?? [];
  const fix =
    known.length === 0 ? 'claw user pair list' : commandText('claw', 'config', 'set', ALLOWED[first], known.join(','));
  return { evidence: `no list of people for ${names.join(', ')}`, fix };
}

function openRooms({ settings, channels }: PeopleFacts): Hit | undefined {
  const rooms = (['discord', 'slack'] as const).flatMap((name) => {
    const setting = name === 'discord' ? ('DISCORD_ALLOWED_CHANNELS' as const) : ('SLACK_ALLOWED_CHANNELS' as const);
    return channels[name] !== undefined && settings.get(setting).length > 0 ? [setting] : [];
  });
  const [first] = rooms;
  if (first === undefined) return undefined;
  const evidence = rooms.map((name) => `${name} has ${settings.get(name).length}`).join(', ');
  return { evidence, fix: mendSetting(settings, first, null).fix };
}

export const PEOPLE_RULES: readonly Rule<PeopleFacts>[] = [
  {
    id: 'admin.many',
    severity: 'low',
    title: 'Several people may do everything',
    detail: 'Each of them, and whoever steals one of their keys, may read all and change all.',
    judge: ({ admins }) =>
      admins.length < 3 ? undefined : { evidence: admins.join(', '), fix: commandText('claw', 'user', 'list') },
  },
  {
    id: 'key.endless',
    severity: 'low',
    title: 'A key is good for ever',
    detail: 'Nobody notices when it is stolen. "claw user key rotate" and an end make that matter less.',
    judge: ({ keys }) => keysHit(keys.filter(({ expires_at: end }) => end === null)),
  },
  {
    id: 'key.unused',
    severity: 'low',
    title: 'A key is not used',
    detail: 'It was never used in 30 days, or not in the last 180. What nobody uses, nobody misses.',
    judge: ({ keys, now }) =>
      keysHit(
        keys.filter(({ last_used_at: last, created_at: made }) =>
          last === null ? now - made > 30 * DAY_MS : now - last > 180 * DAY_MS,
        ),
      ),
  },
  {
    id: 'key.old',
    severity: 'low',
    title: 'A key is older than a year',
    detail: 'The longer it lives, the more places it has been in.',
    judge: ({ keys, now }) => keysHit(keys.filter(({ created_at: made }) => now - made > 365 * DAY_MS)),
  },
  {
    id: 'user.disabled-session',
    severity: 'high',
    title: 'A disabled user still holds a session',
    detail: 'It is refused at each request; it should be gone, so that enabling them again does not bring it back.',
    judge: ({ disabledWithAccess: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : { evidence: [first, ...rest].join(', '), fix: commandText('claw', 'user', 'disable', first) },
  },
  {
    id: 'pairing.waiting',
    severity: 'info',
    title: 'Strangers wait to be let in',
    detail: 'Approve only those whose code you were given by another way.',
    judge: ({ waiting: { pairings } }) =>
      pairings === 0 ? undefined : { evidence: `${pairings} codes`, fix: 'claw user pair list' },
  },
  {
    id: 'device.waiting',
    severity: 'info',
    title: 'Browsers wait to be let in',
    detail: 'Approve only those in front of you.',
    judge: ({ waiting: { devices } }) =>
      devices === 0 ? undefined : { evidence: `${devices} browsers`, fix: 'claw device list' },
  },
  {
    id: 'channel.anybody-asks',
    severity: 'low',
    title: 'Anybody on a chat platform may ask to be paired',
    detail: 'A stranger gets a code, and an admin may approve the wrong one. A list of people closes the door.',
    judge: openChannels,
  },
  {
    id: 'channel.open-room',
    severity: 'info',
    title: 'Everybody in a channel is answered',
    detail: 'Whoever may write there speaks with the assistant, and costs money.',
    judge: openRooms,
  },
  {
    id: 'channel.any-server',
    severity: 'low',
    title: 'The assistant listens on every Discord server it is in',
    detail: 'Anybody who may invite a bot can take it to a server of their own.',
    judge: ({ settings, channels }) =>
      channels.discord === undefined || settings.get('DISCORD_ALLOWED_GUILDS').length > 0
        ? undefined
        : { evidence: 'DISCORD_ALLOWED_GUILDS is empty', fix: 'claw channel test discord' },
  },
  {
    id: 'channel.bots',
    severity: 'low',
    title: 'Other bots are listened to',
    detail: 'Two bots can talk to each other without end, and what a bot passes on comes from anybody.',
    judge: ({ settings }) => {
      const bots = settings.get('ALLOWED_BOTS');
      if (bots.length === 0) return undefined;
      return { evidence: `ALLOWED_BOTS is ${bots.join(', ')}`, fix: mendSetting(settings, 'ALLOWED_BOTS', null).fix };
    },
  },
];
