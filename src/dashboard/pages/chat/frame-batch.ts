/** Owns that frames reach the page at most once a picture: a hundred pieces of an answer in a second are drawn as a few. */
import type { ServerFrame } from '../../../serve/ws/protocol.ts';

/** A tab that is not seen draws no pictures; then they come this often, in milliseconds. */
const UNSEEN_MS = 250;
/** A long answer is read anew with each piece: it is drawn less often, in milliseconds. */
const LONG_MS = 120;

export interface FrameBatch {
  add(frame: ServerFrame): void;
  /** What waits is forgotten. */
  stop(): void;
}

/** `isLong`: whether what is drawn takes long. */
export function createFrameBatch(take: (frames: readonly ServerFrame[]) => void, isLong: () => boolean): FrameBatch {
  let waiting: ServerFrame[] = [];
  let cancel: (() => void) | undefined;
  const flush = (): void => {
    const frames = waiting;
    waiting = [];
    cancel = undefined;
    take(frames);
  };
  const after = (ms: number): (() => void) => {
    const timer = window.setTimeout(flush, ms);
    return () => window.clearTimeout(timer);
  };
  const nextPicture = (): (() => void) => {
    const asked = window.requestAnimationFrame(flush);
    return () => window.cancelAnimationFrame(asked);
  };
  return {
    add(frame) {
      waiting.push(frame);
      cancel ??= document.hidden ? after(UNSEEN_MS) : isLong() ? after(LONG_MS) : nextPicture();
    },
    stop() {
      cancel?.();
      cancel = undefined;
      waiting = [];
    },
  };
}
