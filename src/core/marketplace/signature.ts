/** Owns signatures of the marketplace: Ed25519 (RFC 8032) over exact bytes, in one spelling. Promises: a key that would accept forged signatures, and a second spelling of a good one, are refused. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { damaged, readCanonical } from './strict-json.ts';

export const KEY_ID = z.string().regex(/^[0-9a-f]{16}$/, 'it must be 16 digits of a small hexadecimal number');

export const SIGNATURE = z.strictObject({
  key_id: KEY_ID,
  /** The raw 32 bytes, base64. */
  public_key: z.string().max(64),
  /** The raw 64 bytes, base64. */
  signature: z.string().max(128),
});

export type Signature = z.infer<typeof SIGNATURE>;

export interface Signer {
  readonly keyId: string;
  /** Base64. Who is trusted is decided by this, never by the id alone. */
  readonly publicKey: string;
}

const FIELD_PRIME = 2n ** 255n - 19n;
const SIGN_BIT = 2n ** 255n;
const OF_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** The y of the points of order 1, 2, 4 and 8: under such a key anyone can sign anything. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, FIELD_PRIME - 1n, FIELD_PRIME - OF_ORDER_8, OF_ORDER_8]);

/** The first 16 hexadecimal digits of the SHA-256 of the raw public key. */
export function keyIdOf(rawPublicKey: Uint8Array): string {
  return createHash('sha256').update(rawPublicKey).digest('hex').slice(0, 16);
}

/** The raw 32 bytes of the public half of an Ed25519 key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const { x = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

export function signBytes(privateKey: KeyObject, bytes: Uint8Array): Signature {
  const raw = rawPublicKey(privateKey);
  return {
    key_id: keyIdOf(raw),
    public_key: raw.toString('base64'),
    signature: sign(null, bytes, privateKey).toString('base64'),
  };
}

/** Reads the bytes of `signature.json` or `registry.json.sig`. Throws `data-invalid`. */
export function readSignature(bytes: Uint8Array, name: string): Signature {
  return readCanonical(bytes, { name, maxBytes: 4096, schema: SIGNATURE });
}

/** Who signed `bytes` (called `name` in messages). Throws `data-invalid` with the reason. */
export function verifySignature(bytes: Uint8Array, signature: Signature, name: string): Signer {
  const raw = readPublicKey(signature.public_key);
  const keyId = keyIdOf(raw);
  if (keyId !== signature.key_id)
    throw damaged(`The signature of ${name} names the key ${signature.key_id} and brings the key ${keyId}.`);
  const value = fromBase64(signature.signature, 64, 'The signature');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } });
  if (!verify(null, bytes, key, value))
    throw damaged(`The signature of ${name} does not fit: it was changed after it was signed.`);
  return { keyId, publicKey: signature.public_key };
}

/** The raw bytes of a public key in base64. Throws `data-invalid` for one that no honest publisher has. */
export function readPublicKey(base64: string): Buffer {
  const raw = fromBase64(base64, 32, 'The public key');
  const encoded = BigInt(`0x${Buffer.from(raw.toReversed()).toString('hex')}`);
  const y = encoded % SIGN_BIT;
  if (y >= FIELD_PRIME) throw damaged('The public key is not in its one form.');
  if (SMALL_ORDER.has(y)) throw damaged('The public key is one under which anybody can sign.');
  return raw;
}

function fromBase64(text: string, bytes: number, what: string): Buffer {
  const raw = Buffer.from(text, 'base64');
  if (raw.toString('base64') !== text) throw damaged(`${what} is not in plain base64.`);
  if (raw.length !== bytes) throw damaged(`${what} has ${raw.length} bytes instead of ${bytes}.`);
  return raw;
}
