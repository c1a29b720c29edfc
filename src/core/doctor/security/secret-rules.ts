/** Owns the rules on where secrets stand, and who may read and write the files of the home. */
import type { Settings } from '../../config/load-settings.ts';
import { settingOf } from '../../config/settings-table.ts';
import { commandText } from '../command-text.ts';
import type { Hit, Rule } from './finding.ts';

export interface SecretAuditFacts {
  readonly settings: Settings;
  /** Where new secrets go. */
  readonly kind: 'keychain' | 'sealed-file';
  /** The sealed file exists, and is opened by a key file beside it. */
  readonly isKeyBeside: boolean;
  /** A keychain works here. */
  readonly isDesktop: boolean;
  /** Names in config.json that are those of secrets, with a text. */
  readonly inConfig: readonly string[];
  /** `.env` files that others may read. */
  readonly openEnvFiles: readonly string[];
}

function inEnvironment({ settings, isDesktop, kind }: SecretAuditFacts): Hit | undefined {
  const found = settings.standing.filter(
    ({ setting, source }) =>
      settingOf(setting).secret === true &&
      setting !== 'CLAW_MASTER_KEY' &&
      ['environment', 'home-env', 'cwd-env'].includes(source),
  );
  const [first] = found;
  if (first === undefined) return undefined;
  const evidence = found.map(({ written, place }) => `${written} in ${place}`).join(', ');
  const isBetter = isDesktop || kind === 'keychain';
  return { evidence, fix: `claw secret set ${first.setting}`, ...(isBetter ? { severity: 'medium' as const } : {}) };
}

export const SECRET_RULES: readonly Rule<SecretAuditFacts>[] = [
  {
    id: 'secret.in-config',
    severity: 'high',
    title: 'A secret stands in config.json',
    detail:
      'The file is copied into backups and shown to whoever asks for settings. Keep it with "claw secret set", then take it out.',
    judge: ({ inConfig: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : { evidence: [first, ...rest].join(', '), fix: commandText('claw', 'config', 'unset', first) },
  },
  {
    id: 'secret.env-readable',
    severity: 'critical',
    title: 'Others on this machine can read the secrets of a .env file',
    detail: 'Every user and every program of this machine has them.',
    judge: ({ openEnvFiles: [first, ...rest] }) =>
      first === undefined
        ? undefined
        : {
            evidence: [first, ...rest].join(', '),
            fix: commandText('chmod', '600', first, ...rest),
            remedies: [first, ...rest].map((path) => ({ kind: 'mode' as const, path, remove: 0o077 })),
          },
  },
  {
    id: 'secret.in-environment',
    severity: 'low',
    title: 'Secrets stand in the environment or a .env file in plain text',
    detail:
      'Child processes, crash reports and copies of the file have them. claw keeps them encrypted, or in the keychain.',
    judge: inEnvironment,
  },
  {
    id: 'secret.key-beside',
    severity: 'info',
    title: 'The key of the sealed secrets lies beside them',
    detail: 'Whoever copies the whole home has both. A keychain, or CLAW_MASTER_KEY from elsewhere, parts them.',
    judge: ({ isKeyBeside, isDesktop }) =>
      isKeyBeside
        ? {
            evidence: 'secrets.sealed with secrets.key',
            fix: isDesktop ? 'claw config set SECRET_STORE keychain' : null,
          }
        : undefined,
  },
];
