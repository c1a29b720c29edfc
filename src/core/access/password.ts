/** Owns passwords: what is accepted, and argon2id (RFC 9106) with the parameters of OWASP, 19 MiB and two passes, off the event loop and one at a time. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ClawError } from '../kernel/errors.ts';

const hashBytes = promisify(argon2);
const MIN_LENGTH = 12;
const MAX_LENGTH = 1024;
const MEMORY_KIB = 19_456;
const PASSES = 2;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Throws `usage-invalid` for one that is too short, or is the user's name. */
export function checkPassword(password: string, username: string): void {
  const normal = password.normalize('NFC');
  if ([...normal].length < MIN_LENGTH || normal.length > MAX_LENGTH) {
    throw new ClawError('usage-invalid', `A password has ${MIN_LENGTH} to ${MAX_LENGTH} characters.`);
  }
  const plain = normal.toLowerCase();
  if (plain.includes(username.toLowerCase()) && plain.length - username.length < MIN_LENGTH / 2) {
    throw new ClawError('usage-invalid', 'A password is not the user name.');
  }
  if (new Set(plain).size < 4) throw new ClawError('usage-invalid', 'This password is too simple.');
}

export interface PasswordHasher {
  /** PHC string. */
  hash(password: string): Promise<string>;
  /** Takes as long when there is no hash to compare with. */
  matches(password: string, hash: string | undefined): Promise<boolean>;
}

export function createPasswordHasher(): PasswordHasher {
  let last: Promise<unknown> = Promise.resolve();
  const derive = (password: string, nonce: Buffer, { memory, passes } = { memory: MEMORY_KIB, passes: PASSES }) => {
    const message = password.normalize('NFC').slice(0, MAX_LENGTH + 1);
    const next = last.then(() =>
      hashBytes('argon2id', { message, nonce, parallelism: 1, tagLength: 32, memory, passes }),
    );
    last = next.catch(() => undefined);
    return next;
  };
  return {
    async hash(password) {
      const nonce = randomBytes(16);
      const tag = await derive(password, nonce);
      return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=1$${base64(nonce)}$${base64(tag)}`;
    },
    async matches(password, hash) {
      const [, memory, passes, nonce, tag] = PHC.exec(hash ?? '') ?? [];
      if (nonce === undefined || tag === undefined) {
        await derive(password, Buffer.alloc(16));
        return false;
      }
      const cost = { memory: Number(memory), passes: Number(passes) };
      const found = await derive(password, Buffer.from(nonce, 'base64'), cost);
      const expected = Buffer.from(tag, 'base64');
      return found.length === expected.length && timingSafeEqual(found, expected);
    },
  };
}

/** Without padding, as the PHC format has it. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
