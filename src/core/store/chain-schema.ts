/** Owns the row types of the model chain: what is known of providers that fail, and the models that were chosen for a room, a task or a user. Instants are milliseconds UTC. */
import type { Selectable } from 'kysely';

export interface ProviderStatesTable {
  provider: string;
  /** Calls in a row that failed on its side. */
  failures: number;
  /** It is left alone until then; null when it may be called. */
  open_until: number | null;
  /** One call tries it until then. */
  probe_until: number | null;
  /** Kind of its last failure. */
  last_failure: string | null;
  /** Milliseconds that it may take to begin an answer, learned; 0: nothing is known. */
  patience_ms: number;
  patience_at: number;
  changed_at: number;
}

export type ProviderStateRow = Selectable<ProviderStatesTable>;

export type ModelScope = 'user' | 'room' | 'task';

export interface ModelChoicesTable {
  scope: ModelScope;
  /** Id of the user, folder of the room, id of the task. */
  subject: string;
  /** `provider/model`, several with commas between them: the chain. */
  models: string;
  set_by: string | null;
  set_at: number;
}

export type ModelChoiceRow = Selectable<ModelChoicesTable>;

export interface ChainSchema {
  provider_states: ProviderStatesTable;
  model_choices: ModelChoicesTable;
}
