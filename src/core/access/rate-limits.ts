/** Owns how much one caller may do in a time, the same for every surface. */
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import { createRateWindow, type RateRule, type RateVerdict, type RateWindow } from '../kernel/rate-window.ts';
import { phrase } from '../kernel/language/phrase.ts';

/** `page`: what the dashboard shows somebody who looks around in it. `bot`: messages from chat platforms. `login`: requests before anybody is known, by address. */
export type RateClass = 'api' | 'page' | 'ws' | 'bot' | 'login';

export interface RateLimits {
  /** Counts one act of the caller (a user id, an address, a platform's sender) and says whether it fits. */
  take(rateClass: RateClass, caller: string): RateVerdict;
  /** The same, but throws `limit-reached` when it does not fit. */
  require(rateClass: RateClass, caller: string): RateVerdict;
}

interface RateLimitDeps {
  readonly clock: Clock;
  /** Read at each act: a change counts at once. */
  readonly rules: () => Readonly<Record<RateClass, RateRule>>;
}

export function createRateLimits({ clock, rules }: RateLimitDeps): RateLimits {
  const open = (rateClass: RateClass): RateWindow => createRateWindow(clock, () => rules()[rateClass]);
  const windows = { api: open('api'), page: open('page'), ws: open('ws'), bot: open('bot'), login: open('login') };
  const take: RateLimits['take'] = (rateClass, caller) => windows[rateClass].take(caller);
  return {
    take,
    require: (rateClass, caller) => {
      const verdict = take(rateClass, caller);
      if (verdict.isAllowed) return verdict;
      const seconds = secondsOf(verdict);
      throw new ClawError('limit-reached', `At most ${verdict.limit} requests fit into the time.`, {
        hint: phrase('againInSeconds', seconds),
        waitSeconds: seconds,
      });
    },
  };
}

/** Whole seconds to wait, for Retry-After; at least 1 when one has to. */
export function secondsOf({ waitMs }: Pick<RateVerdict, 'waitMs'>): number {
  return Math.ceil(waitMs / 1000);
}
