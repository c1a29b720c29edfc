/** Owns the download of files people post on Discord: only from where Discord keeps them, without the token, within a limit. */
import type { IncomingAttachment } from '../../core/conversations/channel-messages.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';

const FILE_HOSTS = new Set(['cdn.discordapp.com', 'media.discordapp.net']);

/** Bytes of the file. Throws `limit-reached` for more than `maxBytes`, `sandbox-refused` for another host, `upstream-failed` otherwise. */
export async function downloadAttachment(
  { ref, size }: IncomingAttachment,
  { root, maxBytes, signal }: { readonly root: string; readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  if (size !== undefined && size > maxBytes) throw tooLarge(maxBytes);
  const url = checkedUrl(ref, new URL(root));
  try {
    // A redirect could lead anywhere.
    const response = await fetch(url, { signal, redirect: 'error' });
    if (!response.ok) throw new ClawError('upstream-failed', `Discord did not hand out the file (${response.status}).`);
    if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
      await response.body?.cancel();
      throw tooLarge(maxBytes);
    }
    return await readAtMost(response, maxBytes);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    if (signal.aborted) throw new ClawError('cancelled', 'The download was stopped.', { cause: error });
    throw new ClawError('upstream-failed', `The file could not be fetched: ${toError(error).message}.`, {
      cause: error,
    });
  }
}

/** Discord's file servers by https, or the machine that DISCORD_API_ROOT names. */
function checkedUrl(ref: string, root: URL): URL {
  const url = URL.canParse(ref) ? new URL(ref) : undefined;
  const isDiscord = url?.protocol === 'https:' && FILE_HOSTS.has(url.hostname) && url.port === '';
  const isRoot = url?.hostname === root.hostname && url.protocol === root.protocol;
  if (url === undefined || url.username !== '' || !(isDiscord || isRoot)) {
    throw new ClawError('sandbox-refused', 'The file is not kept by Discord.');
  }
  return url;
}

async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for await (const part of response.body ?? []) {
    total += part.length;
    if (total > maxBytes) throw tooLarge(maxBytes);
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function tooLarge(maxBytes: number): ClawError {
  return new ClawError('limit-reached', `The file has more than ${maxBytes} bytes.`, {
    hint: 'MAX_ATTACHMENT_BYTES sets the limit.',
  });
}
