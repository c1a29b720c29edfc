/** Owns what clients attach to a message before they send it: kept in memory for a while, each user's own, bounded by bytes and age. Nothing of it is written down until its message is. */
import { attachFile, type AttachedFile } from '../core/conversations/attach-file.ts';
import type { Attached } from '../core/conversations/chat-service.ts';
import type { Clock } from '../core/kernel/clock.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { newId } from '../core/kernel/ids.ts';
import type { ImagePart } from '../core/kernel/messages.ts';

export interface Upload {
  readonly id: string;
  readonly name: string;
  /** Of a picture; null for a text. */
  readonly mediaType: string | null;
  readonly bytes: number;
}

export interface Uploads {
  /** Keeps it for its message. Throws `usage-invalid` for what cannot be attached. */
  add(userId: string, name: string, bytes: Buffer): Upload;
  /** What goes with a message. Throws `not-found` for what is not this user's or no longer kept, `usage-invalid` when it is too much for one message. */
  attached(userId: string, ids: readonly string[]): Attached;
}

interface Kept {
  readonly userId: string;
  readonly name: string;
  readonly content: Buffer;
  readonly addedAt: number;
}

const KEEP_MS = 60 * 60_000;
/** Bytes kept of one user, and of all. */
const MAX_OF_USER = 32 * 1024 * 1024;
const MAX_OF_ALL = 128 * 1024 * 1024;
/** Bytes of the attachments of one message: providers take no larger requests. */
const MAX_OF_MESSAGE = 20 * 1024 * 1024;

export function createUploads(clock: Clock): Uploads {
  const kept = new Map<string, Kept>();
  return {
    add(userId, name, bytes) {
      const file = attachFile(name, bytes);
      const id = newId(clock.now());
      kept.set(id, { userId, name, content: bytes, addedAt: clock.now() });
      forgetOld(kept, userId, clock.now());
      return { id, name, mediaType: isPicture(file) ? file.mediaType : null, bytes: bytes.length };
    },
    attached(userId, ids) {
      forgetOld(kept, userId, clock.now());
      const files = ids.map((id) => requireKept(kept, userId, id));
      if (files.reduce((sum, { content }) => sum + content.length, 0) > MAX_OF_MESSAGE) {
        throw new ClawError('usage-invalid', 'The attachments of one message may have 20 MB together.');
      }
      const read = files.map(({ name, content }) => attachFile(name, content));
      return { images: read.filter(isPicture), files: read.filter(isText) };
    },
  };
}

function isPicture(file: ImagePart | AttachedFile): file is ImagePart {
  return 'mediaType' in file;
}

function isText(file: ImagePart | AttachedFile): file is AttachedFile {
  return 'text' in file;
}

function requireKept(kept: ReadonlyMap<string, Kept>, userId: string, id: string): Kept {
  const found = kept.get(id);
  if (found?.userId === userId) return found;
  throw new ClawError('not-found', 'An attachment is not kept any more.', { hint: 'Attach the file again.' });
}

/** Lets go of what is too old, then of the oldest where there is too much: this user's own first. */
function forgetOld(kept: Map<string, Kept>, userId: string, now: number): void {
  for (const [id, { addedAt }] of kept) if (now - addedAt > KEEP_MS) kept.delete(id);
  forgetBeyond(kept, MAX_OF_USER, (file) => file.userId === userId);
  forgetBeyond(kept, MAX_OF_ALL, () => true);
}

function forgetBeyond(kept: Map<string, Kept>, limit: number, isMeant: (file: Kept) => boolean): void {
  const meant = [...kept].filter(([, file]) => isMeant(file));
  let bytes = meant.reduce((sum, [, { content }]) => sum + content.length, 0);
  for (const [id, { content }] of meant) {
    if (bytes <= limit) return;
    kept.delete(id);
    bytes -= content.length;
  }
}
