/** Owns bytes from and to Slack. Promises: the bot token goes to Slack's own hosts only, wherever a file's address or a redirect points, and no file is read past its limit. */
import { openAsBlob } from 'node:fs';
import { z } from 'zod';
import type { IncomingAttachment, OutgoingMessage } from '../../core/conversations/channel-messages.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { readAtMost } from './read-limited.ts';
import { ofNetwork, type SlackApi, SlackApiError } from './slack-api.ts';

const MAX_REDIRECTS = 3;
const INFO = z.looseObject({
  file: z.looseObject({ url_private_download: z.string().optional(), url_private: z.string().optional() }),
});
const UPLOAD = z.looseObject({ upload_url: z.string(), file_id: z.string() });

/** Bytes of an attachment. Throws `limit-reached` over `maxBytes`, `sandbox-refused` for an address that is not Slack's, `upstream-failed`. */
export async function fetchSlackFile(
  api: SlackApi,
  botToken: string,
  attachment: IncomingAttachment,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if ((attachment.size ?? 0) > maxBytes) throw new ClawError('limit-reached', `it is over ${maxBytes} bytes`);
  const until = AbortSignal.any([signal, AbortSignal.timeout(4 * api.deadlineMs)]);
  try {
    const response = await download(await addressOf(api, attachment.ref, until), api.root, botToken, until);
    // Slack shows its sign-in page, with status 200, to an app that may not read files.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
    if (isPage && !attachment.mediaType.startsWith('text/html')) {
      await response.body?.cancel();
      throw new ClawError('permission-denied', 'Slack did not hand out the file', {
        hint: 'Give the Slack app the scope files:read and install it again.',
      });
    }
    return await readAtMost(response, maxBytes);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    const { message } = error instanceof SlackApiError ? error : ofNetwork(error, 'file');
    throw new ClawError('upstream-failed', message, { hint: 'Ask for the file to be sent again.' });
  }
}

async function addressOf(api: SlackApi, ref: string, signal: AbortSignal): Promise<string> {
  if (!ref.startsWith('id:')) return ref;
  const { file } = await api.call('files.info', { file: ref.slice(3) }, INFO, { signal });
  const address = file.url_private_download ?? file.url_private;
  if (address === undefined) throw new ClawError('upstream-failed', 'Slack says no address of the file');
  return address;
}

async function download(address: string, root: URL, token: string, signal: AbortSignal): Promise<Response> {
  let url = new URL(address);
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!isSlackHost(url, root)) throw new ClawError('sandbox-refused', 'the file is not on a host of Slack');
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(url, { headers, redirect: 'manual', signal });
    if (response.ok) return response;
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      throw new ClawError('upstream-failed', `Slack answered ${response.status} for the file`);
    }
    url = new URL(location, url);
  }
  throw new ClawError('upstream-failed', 'too many redirects for the file');
}

function isSlackHost(url: URL, root: URL): boolean {
  if (url.origin === root.origin) return true;
  return url.protocol === 'https:' && url.port === '' && /(?:^|\.)slack(?:-gov)?\.com$/.test(url.hostname);
}

/** Brings a file to Slack, where nobody sees it yet. Returns its id. Throws `DeliveryError`, never of kind `unknown`. */
export async function uploadSlackFile(
  api: SlackApi,
  file: NonNullable<OutgoingMessage['file']>,
  signal: AbortSignal,
): Promise<string> {
  const method = 'files.getUploadURLExternal';
  const bytes = await openFile(file, method);
  try {
    const args = { filename: file.name, length: bytes.size };
    const { upload_url, file_id } = await api.call(method, args, UPLOAD, { signal });
    const until = AbortSignal.any([signal, AbortSignal.timeout(4 * api.deadlineMs)]);
    const response = await fetch(upload_url, { method: 'POST', body: bytes, redirect: 'error', signal: until });
    await response.body?.cancel();
    if (!response.ok) throw new SlackApiError('not-sent', 'upload', `http-${response.status}`);
    return file_id;
  } catch (error) {
    const failure = error instanceof SlackApiError ? error : ofNetwork(error, 'upload');
    // Bytes that were brought and not shared are seen by nobody.
    if (failure.kind !== 'unknown') throw failure;
    throw new SlackApiError('not-sent', 'upload', failure.error, failure.retryAfterMs);
  }
}

async function openFile(file: NonNullable<OutgoingMessage['file']>, method: string): Promise<Blob> {
  try {
    return await openAsBlob(file.path, { type: file.mediaType });
  } catch {
    throw new SlackApiError('rejected', method, 'file_not_found');
  }
}
