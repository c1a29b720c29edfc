/** Owns asking platforms who we are, without taking a message in. */
import { ClawError, type ErrorCode, toError } from '../core/kernel/errors.ts';
import type { PlannedChannel } from './channel-plan.ts';
import type { ChannelContext } from './channels/channel.ts';

export interface ChannelTest {
  readonly name: string;
  readonly ok: boolean;
  readonly account: string | null;
  readonly latency_ms: number | null;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** How long a platform may take to answer, in milliseconds. */
const TIMEOUT_MS = 15_000;

/** Tests the channels that would start, one after the other. One that was asked for by name and is not configured has failed with `auth-missing`. */
export async function testChannels(
  plan: readonly PlannedChannel[],
  context: ChannelContext,
  signal: AbortSignal,
): Promise<ChannelTest[]> {
  const tests: ChannelTest[] = [];
  for (const planned of plan) {
    if (planned.starts) tests.push(await testOne(planned, context, signal));
    else if (planned.isWanted) tests.push(failed(planned, new ClawError('auth-missing', `${planned.reason}.`)));
  }
  return tests;
}

async function testOne(planned: PlannedChannel, context: ChannelContext, signal: AbortSignal): Promise<ChannelTest> {
  const started = context.clock.elapsed();
  try {
    const channel = await planned.entry.create(context);
    try {
      const { account } = await channel.test(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
      const latency = Math.round(context.clock.elapsed() - started);
      return { name: planned.entry.name, ok: true, account, latency_ms: latency, error: null };
    } finally {
      await channel.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    return failed(planned, error);
  }
}

function failed({ entry }: PlannedChannel, thrown: unknown): ChannelTest {
  const { name } = entry;
  const base = { name, ok: false, account: null, latency_ms: null } as const;
  const error = toError(thrown);
  if (thrown instanceof ClawError) return { ...base, error: { code: thrown.code, message: error.message } };
  const isTimeout = error.name === 'TimeoutError';
  const message = isTimeout ? `no answer within ${TIMEOUT_MS / 1000} s` : error.message;
  return { ...base, error: { code: isTimeout ? 'upstream-failed' : 'internal-error', message } };
}

/** One line a channel. */
export function channelTestsText(tests: readonly ChannelTest[]): string {
  return tests
    .map(({ name, account, latency_ms, error }) =>
      error === null ? `${name}: ok, ${account}, ${latency_ms} ms` : `${name}: ${error.code}, ${error.message}`,
    )
    .join('\n');
}
