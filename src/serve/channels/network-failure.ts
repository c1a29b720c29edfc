/** Owns what an error of a request says about whether the platform can have got it. */
import type { DeliveryFailureKind } from '../../core/conversations/channel-messages.ts';

/** Failures from before the request was written. */
const NOT_CONNECTED =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_[A-Z]+|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_[A-Z_]+|CERT_[A-Z_]+|DEPTH_ZERO_[A-Z_]+|SELF_SIGNED_[A-Z_]+|UNABLE_TO_[A-Z_]+)$/;

/** The kind, and a code that holds neither address nor token. `error` may wrap its causes. */
export function networkFailure(error: unknown): { kind: DeliveryFailureKind; code: string } {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as { readonly code?: unknown };
    if (typeof code === 'string' && NOT_CONNECTED.test(code)) return { kind: 'not-sent', code };
    if (cause.name === 'TimeoutError') return { kind: 'unknown', code: 'timeout' };
    if (cause.name === 'AbortError') return { kind: 'unknown', code: 'cancelled' };
  }
  return { kind: 'unknown', code: 'network' };
}
