/** Owns how often a page asks again while changes do not end, as in a turn with many tools: at once first, then less and less often, so that it stays within what one person may ask for in a minute. */

export interface Pace {
  /** Acts now, or when the pause is over. */
  request(): void;
  stop(): void;
}

/** Pauses after each time, in milliseconds; the last one stays. After one in which nothing was left to do the first comes again. */
const PAUSES_MS = [1_000, 2_000, 4_000, 5_000] as const;

/** `act` tells whether there was anything to do. */
export function createPace(act: () => boolean): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let round = 0;
  const go = (): void => {
    timer = undefined;
    if (!act()) {
      round = 0;
      return;
    }
    timer = setTimeout(go, PAUSES_MS[round]);
    round = Math.min(round + 1, PAUSES_MS.length - 1);
  };
  return {
    request() {
      if (timer === undefined) go();
    },
    stop: () => clearTimeout(timer),
  };
}
