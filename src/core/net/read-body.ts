/** Owns turning a response body into bytes: decompressed, and never more than a cap of either form. */
import type { Readable, Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { ClawError } from '../kernel/errors.ts';

/** RFC 9659: a zstd stream for HTTP needs no window above 8 MiB. */
const ZSTD_WINDOW_LOG = 23;
/** A body wrapped more often than this is a trick. */
const MAX_CODINGS = 2;

/** The content codings that `readBody` understands, for Accept-Encoding. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';

/** Reads `body`, encoded as the Content-Encoding header `codings` says (RFC 9110 8.4). Throws `limit-reached` above `maxBytes` before or after decompression, `upstream-failed` for a coding that is unknown or broken. */
export async function readBody(body: Readable, codings: string, maxBytes: number): Promise<Buffer> {
  const names = codings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > MAX_CODINGS) throw new ClawError('upstream-failed', `the body is encoded ${names.length} times`);
  const raw = await readCapped(body, maxBytes);
  let bytes = raw;
  for (const name of raw.length === 0 ? [] : names.toReversed()) bytes = await decode(bytes, name, maxBytes);
  return bytes;
}

async function decode(bytes: Buffer, coding: string, maxBytes: number): Promise<Buffer> {
  const decoder = decoderFor(coding, bytes);
  if (decoder === undefined) throw new ClawError('upstream-failed', `the body has the unknown encoding ${coding}`);
  decoder.end(bytes);
  try {
    return await readCapped(decoder, maxBytes);
  } catch (error) {
    if (error instanceof ClawError) throw error;
    throw new ClawError('upstream-failed', `the body is no valid ${coding}`, { cause: error });
  } finally {
    decoder.destroy();
  }
}

function decoderFor(coding: string, bytes: Buffer): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      // Meant as zlib (RFC 1950), but some servers send it raw: the header's low four bits tell.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
    case 'br':
      return createBrotliDecompress();
    case 'zstd':
      return createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG } });
    default:
      return undefined;
  }
}

async function readCapped(stream: Readable, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ClawError('limit-reached', `the answer is larger than ${maxBytes} bytes`, {
        hint: 'Ask for a smaller page or file.',
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
