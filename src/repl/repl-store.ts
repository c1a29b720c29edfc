/** Owns the one state of a REPL: changes at once, tells its listener once per turn of the event loop, so that a burst of events is one frame. */
import { replReducer, type ReplAction } from './repl-reducer.ts';
import type { ReplState } from './repl-state.ts';

export interface ReplStore {
  readonly state: () => ReplState;
  readonly dispatch: (action: ReplAction) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createReplStore(initial: ReplState): ReplStore {
  let state = initial;
  let isTelling = false;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(action) {
      state = replReducer(state, action);
      if (isTelling) return;
      isTelling = true;
      setImmediate(() => {
        isTelling = false;
        for (const listener of listeners) listener();
      });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
