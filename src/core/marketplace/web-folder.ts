/** Owns how a package or registry on the web is read: https only (and what the operator trusts), every hop guarded, nothing above its cap or deadline, no page in place of a file. */
import { ClawError } from '../kernel/errors.ts';
import type { GuardedFetch, GuardedResponse } from '../net/guarded-fetch.ts';
import { type FolderReader, readManifest } from './package-format.ts';

export interface WebDeps {
  readonly fetch: GuardedFetch;
  /** Origins on this machine or its network that may be asked without https. */
  readonly trustedOrigins: readonly string[];
  /** For one file, redirects included, in milliseconds; 15 s when absent. */
  readonly timeoutMs?: number;
}

export interface WebFile {
  readonly bytes: Buffer;
  /** What the server calls this version of it; empty when it does not. */
  readonly etag: string;
}

const TIMEOUT_MS = 15_000;

/** Fetches a file; undefined when it is still the one that `etag` names. Throws `sandbox-refused`, `not-found`, `too-large`, `upstream-failed` or `data-invalid`. */
export async function fetchFile(
  { fetch, trustedOrigins, timeoutMs = TIMEOUT_MS }: WebDeps,
  request: { readonly url: string; readonly maxBytes: number; readonly etag?: string; readonly signal?: AbortSignal },
): Promise<WebFile | undefined> {
  const { url, maxBytes, etag = '', signal } = request;
  const answer = await fetch({
    url,
    maxBytes,
    timeoutMs,
    headers: { accept: 'application/json, text/plain, */*', ...(etag === '' ? {} : { 'if-none-match': etag }) },
    refuse: (hop) =>
      hop.protocol === 'https:' || trustedOrigins.includes(hop.origin)
        ? undefined
        : `${hop.origin} is not https; a marketplace is asked over https only`,
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (error instanceof ClawError && error.code === 'limit-reached')
      throw new ClawError('too-large', `${url} is larger than ${maxBytes} bytes.`, { cause: error });
    throw error;
  });
  if (answer.status === 304 && etag !== '') return undefined;
  refuseStatus(url, answer);
  return { bytes: answer.body, etag: answer.headers['etag'] ?? '' };
}

function refuseStatus(url: string, { status, headers, body }: GuardedResponse): void {
  if (status === 404 || status === 410) throw new ClawError('not-found', `There is nothing at ${url} (${status}).`);
  if (status !== 200) throw new ClawError('upstream-failed', `${url} answered ${status}.`);
  const isPage =
    /html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(body.toString('latin1', 0, 200));
  if (isPage) throw new ClawError('data-invalid', `${url} is a web page and no file of a marketplace.`);
}

/** The folder at `base`, which ends in a slash. Its files are those that its manifest names. */
export function webFolder(web: WebDeps, base: string, signal?: AbortSignal): FolderReader {
  const fetched = new Map<string, Uint8Array>();
  const read = async (name: string, maxBytes: number): Promise<Uint8Array> => {
    const known = fetched.get(name);
    if (known !== undefined) return known;
    const url = new URL(encodeURIComponent(name), base).href;
    const file = await fetchFile(web, { url, maxBytes, ...(signal === undefined ? {} : { signal }) });
    const bytes = file?.bytes ?? Buffer.alloc(0);
    fetched.set(name, bytes);
    return bytes;
  };
  return {
    read,
    async list() {
      const manifest = readManifest(await read('manifest.json', MAX_MANIFEST_BYTES));
      return [...Object.keys(manifest.files), 'manifest.json', 'signature.json'];
    },
  };
}

const MAX_MANIFEST_BYTES = 64 * 1024;
