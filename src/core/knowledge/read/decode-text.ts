/** Owns telling text from other bytes, and its encoding: a byte order mark, UTF-8, then CP949, in which old Korean files are. */
import { ClawError } from '../../kernel/errors.ts';

const MARKS: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The text in composed form. Throws `data-invalid` for bytes that are no text. */
export function decodeText(bytes: Uint8Array, charset?: string): string {
  const marked = MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
  const text = marked === undefined ? decodeUnmarked(bytes, charset) : new TextDecoder(marked).decode(bytes);
  return text.toWellFormed().replaceAll('\u0000', '').normalize('NFC');
}

function decodeUnmarked(bytes: Uint8Array, charset: string | undefined): string {
  if (bytes.subarray(0, 8_000).includes(0)) throw notText();
  for (const encoding of [...(charset === undefined ? [] : [charset]), 'utf-8', 'euc-kr']) {
    const text = decodeStrictly(bytes, encoding);
    if (text !== undefined) return text;
  }
  const text = new TextDecoder('windows-1252').decode(bytes);
  // eslint-disable-next-line no-control-regex
  const odd = text.slice(0, 4_000).match(/[\u0001-\u0008\u000e-\u001f]/g)?.length ?? 0;
  if (odd > 8) throw notText();
  return text;
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function notText(): ClawError {
  return new ClawError('data-invalid', 'This is no text and no document that claw can read.', {
    hint: 'Text, Markdown, JSON, CSV, HTML, PDF, DOCX and source code can be added.',
  });
}
