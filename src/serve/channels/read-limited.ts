/** Owns taking a file from a platform: no more bytes than allowed, no redirect to another place, no address in an error. */
import { ClawError } from '../../core/kernel/errors.ts';
import { networkFailure } from './network-failure.ts';

/** The bytes at `url`. Throws `limit-reached` above `maxBytes`, `upstream-failed` when it cannot be had. */
export async function readLimited(
  url: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw new ClawError('upstream-failed', `it could not be fetched (status ${answer.status})`);
    }
    return await readAtMost(answer, maxBytes);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    throw new ClawError('upstream-failed', `it could not be fetched (${networkFailure(error).code})`);
  }
}

/** The body. Throws `limit-reached` above `maxBytes`. */
export async function readAtMost(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ClawError('limit-reached', `it is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
