/** Owns how files go ahead of the message they belong to: told what is too much before they are sent. */
import { ApiError, type Result, readBytes, sendFile } from '../../api/client.ts';
import type { DraftFile } from './kept.ts';
import { fileOf, memberOf, pictureAddress } from './read-message.ts';
import type { PastMessage } from './use-history.ts';

/** As the server takes them (`core/conversations/attach-file.ts`). */
const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
const MAX_TEXT_BYTES = 256 * 1024;
export const MAX_FILES = 10;

export const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export type Unfit = 'picture-too-large' | 'text-too-large' | 'document' | undefined;

/** Why a file cannot go with a message, by what the browser says of it; the server judges its bytes. */
export function unfit({ type, size, name }: Pick<File, 'type' | 'size' | 'name'>): Unfit {
  if (PICTURE_TYPES.includes(type)) return size > MAX_PICTURE_BYTES ? 'picture-too-large' : undefined;
  if (type.startsWith('image/') || /\.(?:pdf|docx|epub|odt|rtf)$/i.test(name)) return 'document';
  return size > MAX_TEXT_BYTES ? 'text-too-large' : undefined;
}

/** Throws `ApiError`. */
export async function upload(file: Blob, name: string): Promise<DraftFile> {
  const sent = await sendFile<Result<'POST /attachments'>>('/attachments', { name }, file);
  return { id: sent.id, name: sent.name, isPicture: sent.media_type !== null };
}

/** The files of a message once more, for another that is to have them too. What cannot be had any more is left out. */
export async function uploadAgain(conversationId: string, message: PastMessage): Promise<readonly DraftFile[]> {
  const files: DraftFile[] = [];
  for (const [at, part] of message.parts.entries()) {
    const text = fileOf(part);
    try {
      if (part.type === 'image') {
        const address = pictureAddress(conversationId, message.seq, at);
        files.push(await upload(await readBytes(address), memberOf(part, 'name') || `picture-${at}`));
      } else if (text !== undefined) files.push(await upload(new Blob([text.text]), text.name));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  return files;
}
