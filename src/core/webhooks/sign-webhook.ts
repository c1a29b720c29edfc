/** Owns how a delivery is signed. Two signatures over the same bytes: the plain one of the body, and the one of Standard Webhooks 1.0 that also covers id and time. */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** `whsec_` and 32 random bytes in Base64. */
export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString('base64')}`;
}

/**
 * The headers of one attempt; `now` in milliseconds UTC.
 * `x-claw-signature`: HMAC-SHA256 of the body, hexadecimal; the key is the secret as it was shown, as text.
 * `webhook-signature`: `v1,` and HMAC-SHA256 of `id.timestamp.body` in Base64; the key is what follows `whsec_`, decoded.
 */
export function signatureHeaders(secret: string, id: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const standard = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${standard}`,
    'x-claw-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
}
