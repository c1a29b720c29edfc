/** Owns that no secret leaves in a frame: everything in it that people, models or tools wrote is masked; what makes it a frame stays. */
import type { ServerFrame } from './protocol.ts';

/** Members that claw itself fills with names and numbers of its own. A secret that happens to read `info` must not break the protocol. */
const OWN_MEMBERS: ReadonlySet<string> = new Set([
  'type', 'id', 'seq', 'event_id', 'conversation_id', 'turn_id', 'approval_id', 'code', 'kind', 'status', 'stop_reason', 'usage', 'resumed', 'ms', 'at', 'expires_at', 'retry_after', 'topics',
]); // oxfmt-ignore

export function maskFrame(frame: ServerFrame, maskJson: <T>(value: T) => T): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(frame).map(([name, value]) => [name, OWN_MEMBERS.has(name) ? value : maskJson<unknown>(value)]),
  );
}
