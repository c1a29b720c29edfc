/** Owns which stores there are and which of them takes new secrets. Both are always read, so that changing SECRET_STORE loses nothing. */
import { join } from 'node:path';
import type { HomePaths } from '../kernel/paths.ts';
import { createKeychain, openSystemKeyring } from './keychain.ts';
import { createSealedFile } from './sealed-file.ts';
import type { SecretStores } from './secret-service.ts';

interface StoreChoice {
  /** SECRET_STORE. */
  readonly mode: 'auto' | 'keychain' | 'file';
  /** CLAW_MASTER_KEY. */
  readonly masterKey: string | undefined;
  /** Whether somebody can be asked to unlock a keychain. */
  readonly isDesktop: boolean;
}

export function chooseSecretStores(paths: HomePaths, choice: StoreChoice): SecretStores {
  const lock = join(paths.run, 'secrets.lock');
  const { masterKey } = choice;
  const file = createSealedFile({ file: paths.secrets, keyFile: paths.secretsKey, lock, masterKey });
  const keychain = createKeychain({
    openKeyring: openSystemKeyring,
    service: `claw ${paths.home}`,
    index: paths.secretsIndex,
    lock,
  });
  if (choice.mode === 'file') return { all: [file, keychain], targets: [file] };
  if (choice.mode === 'keychain') return { all: [keychain, file], targets: [keychain] };
  // Without a desktop a keychain may wait for an answer nobody can give. With a pass-phrase the user has chosen the file.
  return choice.isDesktop && masterKey === undefined
    ? { all: [keychain, file], targets: [keychain, file] }
    : { all: [file, keychain], targets: [file] };
}
