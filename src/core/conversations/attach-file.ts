/** Owns what a file is that somebody attaches to a message: judged by its bytes, never by its name. */
import { ClawError } from '../kernel/errors.ts';
import type { ImagePart } from '../kernel/messages.ts';
import { imagePart } from './message-parts.ts';

export interface AttachedFile {
  readonly name: string;
  readonly text: string;
}

/** Bytes. Providers take no larger images. */
export const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
/** Bytes of a text, which the model reads whole. */
const MAX_TEXT_BYTES = 256 * 1024;

/** `size`: bytes of the whole file, of which `bytes` may be the beginning. Throws `usage-invalid` for what is neither picture nor text, or too large. */
export function attachFile(name: string, bytes: Buffer, size = bytes.length): ImagePart | AttachedFile {
  const mediaType = imageType(bytes);
  if (mediaType !== undefined) {
    if (size > MAX_IMAGE_BYTES) throw refused(name, 'an image may have at most 5 MB');
    return imagePart(name, mediaType, bytes);
  }
  if (size > MAX_TEXT_BYTES)
    throw refused(name, `a text file may have at most 256 kB, this one has ${Math.ceil(size / 1024)} kB`);
  const text = decodeText(bytes);
  if (text === undefined) throw refused(name, 'it is neither UTF-8 text nor a PNG, JPEG, GIF or WebP image');
  return { name, text };
}

/** The type by the file's first bytes; its name proves nothing. */
function imageType(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  return head.startsWith('RIFF') && head.slice(8) === 'WEBP' ? 'image/webp' : undefined;
}

function decodeText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refused(name: string, reason: string): ClawError {
  return new ClawError('usage-invalid', `${JSON.stringify(name)} cannot be attached: ${reason}.`, {
    hint: 'The message was not sent.',
  });
}
