/** Owns the rules on what is kept and spent: backups, the audit trail, logs, retention, money, and what others are told. */
import type { Settings } from '../../config/load-settings.ts';
import { SETTING_NAMES, type SettingName } from '../../config/settings-table.ts';
import { commandText } from '../command-text.ts';
import type { TrailVerdict } from '../store-checks.ts';
import type { Hit, Rule } from './finding.ts';
import { mendSetting } from './setting-remedy.ts';

export interface KeepingFacts {
  readonly settings: Settings;
  readonly backups: readonly {
    readonly file: string;
    readonly encrypted: boolean;
    readonly secrets: boolean;
    readonly isOpen: boolean;
  }[];
  readonly hasPassphrase: boolean;
  /** There is something to lose. */
  readonly hasData: boolean;
  /** Undefined: too long to be proved here. */
  readonly trail: TrailVerdict | undefined;
  /** The note beside the database, once the trail has rows. */
  readonly hasAnchor: boolean;
  readonly moneyBudgets: number;
  /** A provider that costs money is set up. */
  readonly isPaid: boolean;
  readonly webhooks: readonly { readonly id: string; readonly url: string }[];
}

/** Settings by which old things go; 0 keeps them for ever. */
const RETENTION = SETTING_NAMES.filter((name) => /_(?:KEEP|RETENTION)_DAYS$/.test(name)) as readonly SettingName[];

/** Never mended by itself: to keep things for less long is to throw some away, which no undo brings back. */
function noRetention({ settings }: KeepingFacts): Hit | undefined {
  const off = RETENTION.filter((name) => settings.get(name) === 0);
  const [first] = off.toSorted((a, b) => Number(a.startsWith('CONV')) - Number(b.startsWith('CONV')));
  if (first === undefined) return undefined;
  const evidence = off.map((name) => `${name} is 0`).join(', ');
  // Whoever keeps all of their conversations may want just that.
  const isNote = first === 'CONVERSATION_KEEP_DAYS';
  return { evidence, fix: mendSetting(settings, first, null).fix, ...(isNote ? { severity: 'info' as const } : {}) };
}

function openBackups({ backups }: KeepingFacts): Hit | undefined {
  const files = backups.filter(({ isOpen }) => isOpen).map(({ file }) => file);
  if (files.length === 0) return undefined;
  return {
    evidence: files.join(', '),
    fix: commandText('chmod', '600', ...files),
    remedies: files.map((path) => ({ kind: 'mode' as const, path, remove: 0o077 })),
  };
}

function plainWebhooks({ webhooks }: KeepingFacts): Hit | undefined {
  const plain = webhooks.filter(({ url }) => {
    const { protocol, hostname } = new URL(url);
    return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  });
  const [first] = plain;
  if (first === undefined) return undefined;
  const evidence = plain.map(({ url }) => new URL(url).origin).join(', ');
  return { evidence, fix: commandText('claw', 'webhook', 'delete', first.id) };
}

export const KEEPING_RULES: readonly Rule<KeepingFacts>[] = [
  {
    id: 'backup.none',
    severity: 'medium',
    title: 'There is no backup',
    detail: 'What a disk, a mistake or a thief takes is gone.',
    judge: ({ backups, hasData }) =>
      hasData && backups.length === 0 ? { evidence: 'none in BACKUP_DIR', fix: 'claw backup create' } : undefined,
  },
  {
    id: 'backup.off',
    severity: 'low',
    title: 'No backups are made by themselves',
    detail: 'A running server makes one a day unless it is told not to.',
    judge: ({ settings }) =>
      settings.get('BACKUP_EVERY_HOURS') === 0
        ? { evidence: 'BACKUP_EVERY_HOURS is 0', ...mendSetting(settings, 'BACKUP_EVERY_HOURS', null) }
        : undefined,
  },
  {
    id: 'backup.plain-secrets',
    severity: 'critical',
    title: 'A backup holds secrets and is not encrypted',
    detail: 'claw makes none like that: it was changed, or comes from elsewhere.',
    judge: ({ backups }) => {
      const bad = backups.find(({ encrypted, secrets }) => secrets && !encrypted);
      return bad === undefined ? undefined : { evidence: bad.file, fix: commandText('rm', bad.file) };
    },
  },
  {
    id: 'backup.readable',
    severity: 'high',
    title: 'Others on this machine can read a backup',
    detail: 'It holds every conversation and memory.',
    judge: openBackups,
  },
  {
    id: 'backup.not-encrypted',
    severity: 'low',
    title: 'Backups are not encrypted',
    detail: 'Whoever gets the disk, or the place they are copied to, reads everything that was said.',
    judge: ({ hasPassphrase }) =>
      hasPassphrase
        ? undefined
        : { evidence: 'BACKUP_PASSPHRASE is not set', fix: 'claw secret set BACKUP_PASSPHRASE' },
  },
  {
    id: 'audit.broken',
    severity: 'critical',
    title: 'The audit trail was changed',
    detail: 'A row is missing or is not what was written. Keep a copy of the home, and find out who could.',
    judge: ({ trail }) =>
      trail === undefined || trail.isWhole
        ? undefined
        : { evidence: trail.problem ?? 'it is not whole', fix: 'claw audit verify' },
  },
  {
    id: 'audit.no-anchor',
    severity: 'medium',
    title: 'Nothing contradicts an audit trail that is cut off',
    detail: 'The note beside the database is gone: an end that was taken away would not be noticed.',
    judge: ({ hasAnchor, trail }) =>
      hasAnchor && (trail?.remark ?? null) === null
        ? undefined
        : { evidence: trail?.remark ?? 'audit.anchor is missing', fix: 'claw audit verify' },
  },
  {
    id: 'retention.off',
    severity: 'low',
    title: 'Something is kept for ever',
    detail: 'What is not there cannot be stolen; logs and trails grow without end.',
    judge: noRetention,
  },
  {
    id: 'log.content',
    severity: 'medium',
    title: 'The log is so wordy that it tells what was said',
    detail: 'Levels debug and trace are for finding a fault, and for no longer.',
    judge: ({ settings }) =>
      ['debug', 'trace'].includes(settings.get('LOG_LEVEL'))
        ? { evidence: `LOG_LEVEL is ${settings.get('LOG_LEVEL')}`, ...mendSetting(settings, 'LOG_LEVEL', null) }
        : undefined,
  },
  {
    id: 'log.recording',
    severity: 'medium',
    title: 'Every answer of a model is written into a file',
    detail: 'RECORD_FILE is for tests; the file grows, and holds all that is said.',
    judge: ({ settings }) => {
      const file = settings.get('RECORD_FILE');
      return file === undefined ? undefined : { evidence: file, ...mendSetting(settings, 'RECORD_FILE', null) };
    },
  },
  {
    id: 'budget.none',
    severity: 'medium',
    title: 'No limit of money is set',
    detail: 'A loop, or a stranger who got in, spends until somebody looks at the bill.',
    judge: ({ moneyBudgets, isPaid }) =>
      isPaid && moneyBudgets === 0 ? { evidence: 'no budget in US dollars', fix: 'claw budget set 5/day' } : undefined,
  },
  {
    id: 'budget.no-calls',
    severity: 'low',
    title: 'No limit of model calls is set',
    detail: 'Calls of models whose price is not known are bounded by nothing else.',
    judge: ({ settings }) =>
      settings.get('MAX_DAILY_CALLS') === 0
        ? { evidence: 'MAX_DAILY_CALLS is 0', ...mendSetting(settings, 'MAX_DAILY_CALLS', null) }
        : undefined,
  },
  {
    id: 'webhook.plain-http',
    severity: 'medium',
    title: 'Events are sent over the network in plain text',
    detail: 'They are signed, so that nobody can change them; anybody on the way can read them.',
    judge: plainWebhooks,
  },
];
