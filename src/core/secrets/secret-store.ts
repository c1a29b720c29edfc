/** Owns the port to wherever secrets are kept. Adapters: keychain.ts, sealed-file.ts. No value of a secret may appear in an error. */
import { ClawError } from '../kernel/errors.ts';

export interface Secret {
  readonly value: string;
  /** Hosts the secret may be sent to, such as `api.example.com` or `*.example.com`. Without any, only claw itself uses it. */
  readonly hosts: readonly string[];
}

export interface SecretEntry {
  readonly name: string;
  readonly hosts: readonly string[];
}

export interface SecretStore {
  readonly kind: 'keychain' | 'sealed-file';
  /** Throws `auth-missing` or `auth-rejected` when the store cannot be opened, `data-invalid` when it is damaged. */
  get(name: string): Promise<Secret | undefined>;
  /** Keeps or replaces a secret; it is stored when the promise resolves. */
  set(name: string, secret: Secret): Promise<void>;
  /** Names and hosts in alphabetical order. Needs no key and unlocks nothing. */
  list(): Promise<readonly SecretEntry[]>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
}

const NAME = /^[A-Z][A-Z0-9_]{0,99}$/;
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(:[0-9]{1,5})?$/;
const MAX_BYTES = 65_536;

/** Throws `usage-invalid` for what no store takes: the name of a secret is that of an environment variable. */
export function checkSecret(name: string, secret: Secret): void {
  checkSecretName(name);
  const host = secret.hosts.find((each) => each.length > 253 || !HOST.test(each));
  if (host !== undefined) {
    throw new ClawError('usage-invalid', `${JSON.stringify(host)} is not a host.`, {
      hint: 'Write a host name without https://, such as api.example.com or *.example.com.',
    });
  }
  if (secret.value === '') throw new ClawError('usage-invalid', `The value of ${name} is empty.`);
  if (Buffer.byteLength(secret.value) > MAX_BYTES) {
    throw new ClawError('usage-invalid', `The value of ${name} is longer than ${MAX_BYTES} bytes.`);
  }
}

/** Throws `usage-invalid` for a name that no secret can have. */
export function checkSecretName(name: string): void {
  if (NAME.test(name)) return;
  throw new ClawError('usage-invalid', `${JSON.stringify(name)} cannot be the name of a secret.`, {
    hint: 'Use capital letters, digits and underscores, such as OPENAI_API_KEY.',
  });
}
