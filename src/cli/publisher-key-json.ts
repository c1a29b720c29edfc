/** Owns how a publisher's key is shown: never its private half. */
import type { PublisherKey } from '../core/marketplace/publisher-keys.ts';

export function publisherKeyJson({ name, keyId, publicKey }: PublisherKey) {
  return { name, key_id: keyId, public_key: publicKey };
}
