/** Owns the random values that prove who somebody is, and how they are stored. SHA-256 is enough for them: nobody guesses 256 random bits, and a hash that is found by an index is compared without telling anything by its time. */
import { createHash, randomBytes } from 'node:crypto';

/** 64 lower-case hexadecimal digits: 256 random bits. */
export function newSecretValue(): string {
  return randomBytes(32).toString('hex');
}

/** Hexadecimal SHA-256 of the value. */
export function hashSecretValue(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}

/** An API key, as claw makes them (`claw_`) and as flux did (`flux_`). */
export const API_KEY = /^(?:claw|flux)_[0-9a-f]{64}$/;

/** So much of a key is shown to tell it from others. */
export const SHOWN_KEY_LENGTH = 13;
