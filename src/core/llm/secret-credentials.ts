/** Owns credentials that are nothing but secrets: the key of each provider, by its name. It signs nobody in and has nothing to try a second time. */
import { ClawError } from '../kernel/errors.ts';
import { phrase } from '../kernel/language/phrase.ts';
import type { Credentials } from './credential.ts';
import { findProvider } from './registry.ts';

export interface SecretCredentialsDeps {
  /** A secret by its name. */
  readonly secret: (name: string) => Promise<string | undefined>;
  /** Address of each provider's API that is a setting, by provider. */
  readonly addresses: Readonly<Record<string, string | undefined>>;
}

export function createSecretCredentials({ secret, addresses }: SecretCredentialsDeps): Credentials {
  const valueOf = async (key: string | undefined): Promise<string | undefined> =>
    key === undefined ? undefined : secret(key);
  return {
    async take(name) {
      const { key, keyIsOptional } = findProvider(name) ?? {};
      const value = await valueOf(key);
      if (key !== undefined && value !== undefined) return { kind: 'api-key', value, source: `secret:${key}` };
      if (key !== undefined && keyIsOptional !== true) throw missingKey(name, key);
      return undefined;
    },
    failed: async () => ({ again: false }),
    async missing(name) {
      const { requires, key, keyIsOptional } = findProvider(name) ?? {};
      if (requires !== undefined && addresses[name] === undefined) {
        const hint = `claw config set ${requires.setting} ${requires.example}`;
        const { orLogin, setting } = requires;
        return orLogin === undefined
          ? new ClawError('config-invalid', `${name} needs the setting ${setting}.`, { hint })
          : new ClawError('config-invalid', `${name} needs a log-in, or the setting ${setting}.`, { hint: orLogin });
      }
      if (key === undefined || keyIsOptional === true || (await valueOf(key)) !== undefined) return undefined;
      return missingKey(name, key);
    },
  };
}

function missingKey(provider: string, key: string): ClawError {
  return new ClawError('auth-missing', phrase('providerNeedsKey', provider, key), {
    hint: `claw secret set ${key}`,
  });
}
