/** Owns the safety of text that others wrote (a model, a tool, a file) on its way to a terminal: no control or escape sequence passes, direction overrides become visible. */

/** The part of an escape sequence that has not ended yet; the next chunk goes on from it. */
export interface TerminalFilter {
  readonly pending: string;
}

export const EMPTY_FILTER: TerminalFilter = { pending: '' };

/** An unfinished sequence longer than this (characters) was never one: its introducer alone is dropped. */
const MAX_SEQUENCE = 512;

/** CSI, then the string sequences (OSC, DCS, SOS, PM, APC) up to BEL or ST, then two-character escapes. ECMA-48 section 5. */
const SEQUENCES =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,512}(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-Z\\^-~]/g;
const UNFINISHED =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*$|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*\x1b?$|\x1b[ -/]*$|\r$/;
const CONTROLS = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;
/** Direction marks, embeddings, overrides and isolates (Unicode UAX #9), by which text can pose as other text. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Lets `chunk` through without what could drive the terminal; a sequence that is cut off waits in the filter for the next chunk. */
export function filterChunk(filter: TerminalFilter, chunk: string): { filter: TerminalFilter; text: string } {
  const text = filter.pending + chunk;
  const cut = UNFINISHED.exec(text);
  if (cut !== null && text.length - cut.index <= MAX_SEQUENCE) {
    return { filter: { pending: text.slice(cut.index) }, text: clean(text.slice(0, cut.index)) };
  }
  return { filter: EMPTY_FILTER, text: clean(text) };
}

/** The whole of `text` made safe for a terminal: lines end in \n, composed as NFC so that its width is what the terminal shows. */
export function safeText(text: string): string {
  return clean(text);
}

/** As `safeText`, on one line: line ends become a visible mark. */
export function safeLine(text: string): string {
  return clean(text).replaceAll('\n', '⏎').replaceAll('\t', ' ');
}

function clean(text: string): string {
  // Most chunks are plain; one test decides.
  if (!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u0300-\u036f\u061c\u1100-\u11ff\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(text))
    return text;
  return text
    .replaceAll(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll(SEQUENCES, '')
    .replaceAll(CONTROLS, '')
    .replaceAll(DIRECTION, (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}>`)
    .normalize('NFC');
}
