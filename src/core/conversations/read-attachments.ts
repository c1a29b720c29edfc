/** Owns what becomes of the files that come with a message: images go to the model, text documents are read, everything else is named and left alone. Nothing is fetched that is over the limit. */
import { ClawError } from '../kernel/errors.ts';
import type { Part } from '../kernel/messages.ts';
import type { ChannelName, IncomingAttachment, IncomingMessage } from './channel-messages.ts';
import { filePart, imagePart, remarkPart } from './message-parts.ts';

/** Fetches the bytes of an attachment. Throws `limit-reached` when there are more than `maxBytes`. */
export type FetchAttachment = (
  channel: ChannelName,
  attachment: IncomingAttachment,
  maxBytes: number,
  signal: AbortSignal,
) => Promise<Uint8Array>;

export interface AttachmentDeps {
  readonly fetch: FetchAttachment;
  readonly maxBytes: number;
  readonly mask: (text: string) => string;
}

const IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** Providers take no larger images. */
const MAX_IMAGE_BYTES = 5 * 1024 * 1024;
/** Characters of one document that go to the model. */
const MAX_TEXT_CHARS = 100_000;
const MAX_ATTACHMENTS = 10;
const FETCH_TIMEOUT_MS = 60_000;
const TEXT_TYPES = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql)\b)/;
const TEXT_NAMES =
  /\.(?:txt|md|markdown|csv|tsv|json|jsonl|xml|html?|ya?ml|toml|ini|cfg|conf|log|rst|tex|sql|sh|py|js|mjs|cjs|ts|tsx|jsx|java|kt|c|h|cc|cpp|hpp|cs|go|rs|rb|php|swift|scala|lua|r|pl|css|scss|diff|patch)$/i;

/** Parts for the attachments of a message, in order. A file that cannot be had is a remark, never a failure of the message. */
export async function readAttachments(deps: AttachmentDeps, message: IncomingMessage): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [at, attachment] of message.attachments.entries()) {
    if (at === MAX_ATTACHMENTS) {
      parts.push(remarkPart(`${message.attachments.length - at} more attachments were left out`));
      break;
    }
    parts.push(await readOne(deps, message.channel, attachment));
  }
  return parts;
}

async function readOne(deps: AttachmentDeps, channel: ChannelName, attachment: IncomingAttachment): Promise<Part> {
  const type = attachment.mediaType.toLowerCase().split(';')[0]?.trim() ?? '';
  const isImage = IMAGE_TYPES.has(type);
  const isText = TEXT_TYPES.test(type) || TEXT_NAMES.test(attachment.name);
  const label = `attachment ${JSON.stringify(attachment.name)} (${type})`;
  if (!isImage && !isText) return remarkPart(`${label} was not read: claw reads images and text`);
  const maxBytes = isImage ? Math.min(deps.maxBytes, MAX_IMAGE_BYTES) : deps.maxBytes;
  if ((attachment.size ?? 0) > maxBytes) return remarkPart(`${label} was not read: it is over ${maxBytes} bytes`);
  try {
    const bytes = await deps.fetch(channel, attachment, maxBytes, AbortSignal.timeout(FETCH_TIMEOUT_MS));
    if (isImage) return imagePart(attachment.name, type, bytes);
    return textOf(deps, attachment.name, bytes);
  } catch (error) {
    const why = error instanceof ClawError ? error.message : 'it could not be fetched';
    return remarkPart(`${label} was not read: ${why}`);
  }
}

function textOf({ mask }: AttachmentDeps, name: string, bytes: Uint8Array): Part {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return remarkPart(`attachment ${JSON.stringify(name)} was not read: it is not UTF-8 text`);
  }
  const cut =
    text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS)}\n[cut at ${MAX_TEXT_CHARS} characters]` : text;
  return filePart(mask, { name, text: cut });
}
