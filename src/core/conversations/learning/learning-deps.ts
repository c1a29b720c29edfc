/** Owns what learning from conversations is made of. */
import type { Clock } from '../../kernel/clock.ts';
import type { MemoryService } from '../../memory/memory-service.ts';
import type { Store } from '../../store/store.ts';
import type { WhatToLearn } from './what-to-learn.ts';

export interface LearningDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly memory: MemoryService;
  /** Finds what is worth remembering, by a model or by rules. */
  readonly find: WhatToLearn;
  readonly policy: {
    readonly isEnabled: boolean;
    /** Quiet time after which a conversation counts as ended, in milliseconds. */
    readonly idleMs: number;
    /** The folder `groups/` of the home. */
    readonly groups: string;
  };
}
