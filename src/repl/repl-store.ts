/** Owns the one state of a REPL: it changes at once and tells its listeners soon, so that a burst of events is one frame. */
import { replReducer, type ReplAction } from './repl-reducer.ts';
import type { ReplState } from './repl-state.ts';

export interface ReplStore {
  readonly state: () => ReplState;
  readonly dispatch: (action: ReplAction) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** Milliseconds between frames of a streaming answer; keys are shown at once. */
const FRAME_MS = 33;

export function createReplStore(initial: ReplState): ReplStore {
  let state = initial;
  let frame: NodeJS.Timeout | undefined;
  let isTelling = false;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    clearTimeout(frame);
    frame = undefined;
    isTelling = false;
    for (const listener of listeners) listener();
  };
  return {
    state: () => state,
    dispatch(action) {
      state = replReducer(state, action);
      if (isTelling) return;
      if (action.type === 'event' && action.event.type === 'text-delta') frame ??= setTimeout(tell, FRAME_MS);
      else {
        isTelling = true;
        setImmediate(tell);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
