/** Owns the short codes that one person reads out to another: how they are made, written and stored. */
import { createHash, randomInt } from 'node:crypto';

/** Without what is taken for something else: 0 and O, 1, I and L, and U, which reads as V. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;

/** Eight characters in two groups: `K7QM-3WXD`. */
export function newCode(): string {
  const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** What is stored of a code, whatever case and separators it was typed with. Codes of different kinds never meet. */
export function hashCode(kind: 'pairing' | 'device', code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(`claw ${kind} code ${plain}`).digest('hex');
}
