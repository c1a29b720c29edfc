/** Owns how secrets are found and hidden: the masker, and the stores they are kept in. */
import type { Config } from '../config/open-config.ts';
import type { Masker } from '../secrets/mask.ts';
import type { SecretService } from '../secrets/secret-service.ts';

/** Knows the secrets of the environment and the .env files from the start. */
export async function buildMasker(config: Config): Promise<Masker> {
  const { createMasker } = await import('../secrets/mask.ts');
  const masker = createMasker();
  for (const text of config.unchecked().secretTexts) masker.register(text);
  return masker;
}

export async function buildSecrets(
  { paths, isDesktop, unchecked }: Config,
  { register }: Masker,
): Promise<SecretService> {
  const { chooseSecretStores } = await import('../secrets/choose-stores.ts');
  const { createSecretService } = await import('../secrets/secret-service.ts');
  const { secretTexts } = await import('../secrets/secret-texts.ts');
  const { SETTING_NAMES, settingOf } = await import('../config/settings-table.ts');
  const settings = unchecked();
  const choice = { mode: settings.get('SECRET_STORE'), masterKey: settings.get('CLAW_MASTER_KEY'), isDesktop };
  return createSecretService({
    lookUp: (name) => unchecked().lookUp(name),
    knownNames: SETTING_NAMES.filter((name) => settingOf(name).secret === true),
    stores: chooseSecretStores(paths, choice),
    register: (value) => secretTexts(value).forEach(register),
  });
}
