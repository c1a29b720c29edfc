/** Owns the value by which a browser is known again: 256 random bits in a cookie that no script reads, kept as a hash. It proves nothing of who somebody is. */
import type { Tables } from '../store/store.ts';
import { hashSecretValue, newSecretValue } from './secret-values.ts';

/** Name of the cookie. */
export const DEVICE_COOKIE = 'claw_device';

const VALUE = /^[0-9a-f]{64}$/;

/** The value in a Cookie header; undefined when there is none, or more than one. */
export function deviceCookieOf(header: string | undefined): string | undefined {
  const values = (header ?? '')
    .slice(0, 8192)
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${DEVICE_COOKIE}=`))
    .map((pair) => pair.slice(DEVICE_COOKIE.length + 1));
  const [value] = values;
  return values.length === 1 && value !== undefined && VALUE.test(value) ? value : undefined;
}

/** The browser's own value when claw gave it out, otherwise a new one: nobody chooses it for a browser. */
export async function keptOrNewCookie(
  { devices }: Pick<Tables, 'devices'>,
  shown: string | undefined,
): Promise<string> {
  const isOurs = shown !== undefined && (await devices.hasCookie(hashSecretValue(shown)));
  return isOurs ? shown : newSecretValue();
}
