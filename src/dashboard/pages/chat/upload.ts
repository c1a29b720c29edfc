/** Owns how files go ahead of the message they belong to: told what is too much before they are sent. */
import { ApiError, type Result, readBytes, sendFile } from '../../api/client.ts';
import type { DraftFile } from './kept.ts';
import { fileOf, memberOf, pictureAddress, type PastMessage } from './read-message.ts';

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
