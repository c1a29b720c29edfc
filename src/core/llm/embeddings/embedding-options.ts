/** Owns what adapters to embedding models are made from. */
import type { Clock } from '../../kernel/clock.ts';
import type { Credential } from '../credential.ts';

export interface EmbeddingOptions {
  /** The name under which the provider is known to claw. */
  readonly provider: string;
  readonly model: string;
  /** Where the API is; with or without its version segment. */
  readonly baseUrl: string;
  /** Length of the vectors; undefined: the model's own. */
  readonly dimensions: number | undefined;
  /** Asked before each request; undefined when the server wants none. */
  readonly credential: () => Promise<Credential | undefined>;
  readonly clock: Clock;
}
