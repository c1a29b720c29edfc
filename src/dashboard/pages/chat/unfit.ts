/** Owns what cannot go with a message, told before it is sent. Pure. */

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
