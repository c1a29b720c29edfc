/** Owns the forms in which a known secret may turn up in text: as it is, and as base64, hex, URL or JSON make it. Pure. */

/** Shorter values would hide ordinary words; nothing that short is a secret. */
const MIN_LENGTH = 4;
/** An encoded form shorter than this says too little to be told from other text. */
const MIN_ENCODED_LENGTH = 8;
/** A line of a secret of several lines is hidden by itself from this length on. */
const MIN_LINE_LENGTH = 16;

/** Every form of `value` to look for; empty for a value too short to be hidden. */
export function formsOf(value: string): readonly string[] {
  const trimmed = value.trim();
  if (trimmed.length < MIN_LENGTH || /^\*+$/.test(trimmed)) return [];
  const lines = trimmed.split(/\r?\n/).map((line) => line.trim());
  const raw = [trimmed, ...(lines.length > 1 ? lines.filter((line) => line.length >= MIN_LINE_LENGTH) : [])];
  return [...new Set(raw.flatMap((each) => [each, ...encodedForms(each)]))];
}

function encodedForms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  const json = JSON.stringify(value).slice(1, -1);
  const ascii = json.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const url = encodeURIComponent(value.toWellFormed());
  const base64 = [0, 1, 2].map((before) => base64Core(bytes, before));
  const forms = [
    hex,
    hex.toUpperCase(),
    json,
    json.replaceAll('/', '\\/'),
    JSON.stringify(json).slice(1, -1),
    ascii,
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    url.replaceAll('%20', '+'),
    ...base64,
    ...base64.map((core) => core.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return forms.filter((form) => form.length >= MIN_ENCODED_LENGTH);
}

/** The characters of base64 that depend on `bytes` alone when `before` other bytes (modulo 3) stand before them. */
function base64Core(bytes: Uint8Array, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  const from = Math.ceil((before * 8) / 6);
  const to = Math.floor(((before + bytes.length) * 8) / 6);
  return text.slice(from, to);
}
