/** Owns the reading of a path as text: into plain components below a root, or the reason why it is refused. Looks at no file system. */

const MAX_PATH_BYTES = 4_096;
const MAX_NAME_BYTES = 255;

/** Components of the relative path `text`, `.` and empty ones dropped; a string is the reason of a refusal. */
export function pathParts(text: string): readonly string[] | string {
  if (text === '') return 'the path is empty';
  if (Buffer.byteLength(text) > MAX_PATH_BYTES) return `the path is longer than ${MAX_PATH_BYTES} bytes`;
  if (!text.isWellFormed()) return 'the path is no valid Unicode';
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return 'the path holds a control character';
  if (/\p{Bidi_Control}/u.test(text)) return 'the path holds a character that reverses its display';
  if (text.includes('\\')) return 'the path holds a backslash';
  if (text.startsWith('/')) return 'the path is absolute';
  if (/^[a-z]:|^[a-z][a-z0-9+.-]*:\//i.test(text)) return 'the path names a drive or is a URL';
  if (text.startsWith('~')) return 'the path begins with ~, which programs read as a home';
  if (/%(25)*(2e|2f|5c|00|c0|c1|e0)/i.test(plain(text))) return 'the path holds an encoded dot, slash or NUL';
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.some((part) => /^[.\s]*$/.test(plain(part)))) return 'the path holds .. or a name of dots and spaces';
  if (parts.some((part) => /[/\\]/.test(plain(part))))
    return 'a name in the path reads as a separator on other systems';
  if (parts.some((part) => /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$)$/i.test(plain(part))))
    return 'a name in the path is a device on other systems';
  const long = parts.find((part) => Buffer.byteLength(part) > MAX_NAME_BYTES);
  if (long !== undefined) return `a name in the path is longer than ${MAX_NAME_BYTES} bytes`;
  return parts;
}

function plain(part: string): string {
  return part.normalize('NFKC').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
}
