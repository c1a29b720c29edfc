/** Owns masking: known secrets in every form they may take, and whatever looks like a credential, replaced before text is shown, logged or stored. One pass, linear in the text. */
import { formsOf } from './encodings.ts';
import { buildNeedleAutomaton, type NeedleAutomaton } from './needle-automaton.ts';
import { firstSteps } from './secret-shapes.ts';
import { createShapeScanner, type ShapeStarts, shapeStarts } from './shape-scanner.ts';

/** What stands instead of a secret. */
export const MASK = '********';

export interface MaskStream {
  /** Takes a chunk and gives what of the text so far is safe to show; it holds back no more than what may still become a secret. */
  push(chunk: string): string;
  /** The rest, at the end of the text. */
  flush(): string;
}

export interface Masker {
  /** From now on `value` is hidden in all its forms. Values of less than 4 characters are not. */
  register(value: string): void;
  mask(text: string): string;
  /** The JSON value with every string in it masked, names of members included. */
  maskJson<T>(value: T): T;
  maskStream(): MaskStream;
}

export function createMasker(): Masker {
  const needles = new Set<string>();
  let automaton: NeedleAutomaton | undefined;
  const current = (): NeedleAutomaton => (automaton ??= buildNeedleAutomaton([...needles]));
  const starts = shapeStarts(firstSteps());
  const maskStream = (): MaskStream => createMaskStream(starts, current);
  const mask = (text: string): string => {
    const stream = maskStream();
    return stream.push(text) + stream.flush();
  };
  return {
    register: (value) => {
      const forms = formsOf(value).filter((form) => !needles.has(form));
      for (const form of forms) needles.add(form);
      if (forms.length > 0) automaton = undefined;
    },
    mask,
    maskJson: (value) => maskValue(value, mask) as typeof value,
    maskStream,
  };
}

function maskValue(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value);
  if (Array.isArray(value)) return value.map((item) => maskValue(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [mask(name), maskValue(item, mask)]));
}

/** A span [start, end) of the text that is hidden. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Positions count UTF-16 units from the beginning of the text. */
function createMaskStream(starts: ShapeStarts, current: () => NeedleAutomaton): MaskStream {
  let held = '';
  /** Position of the first unit in `held`. */
  let base = 0;
  let position = 0;
  let automaton = current();
  let state = 0;
  /** In order, apart from each other, none before `base`, and the last one ends where the text does or before. */
  const spans: Span[] = [];
  /** End of the last hidden span that was given out. */
  let hiddenTo = -1;

  const hide = (from: number, end: number): void => {
    let start = Math.max(from, base);
    for (let last = spans.at(-1); last !== undefined && last.end >= start; last = spans.at(-1)) {
      start = Math.min(start, last.start);
      spans.pop();
    }
    spans.push({ start, end });
  };
  const shapes = createShapeScanner(starts, hide);
  const readNeedle = (code: number, at: number): void => {
    state = automaton.next(state, code);
    const length = automaton.matched(state);
    if (length > 0) hide(at + 1 - length, at + 1);
  };

  /** Gives out everything before `limit`, which lies in no span. */
  const release = (limit: number): string => {
    let text = '';
    let at = base;
    const open = spans.findIndex((span) => span.end > limit);
    for (const span of spans.splice(0, open === -1 ? spans.length : open)) {
      text += held.slice(at - base, span.start - base);
      if (hiddenTo < span.start) text += MASK;
      at = span.end;
      hiddenTo = at;
    }
    text += held.slice(at - base, limit - base);
    held = held.slice(limit - base);
    base = limit;
    return text;
  };

  return {
    push: (chunk) => {
      if (automaton !== current()) {
        automaton = current();
        state = 0;
        for (let at = 0; at < held.length; at += 1) readNeedle(held.charCodeAt(at), base + at);
      }
      held += chunk;
      for (let at = position - base; at < held.length; at += 1) {
        const code = held.charCodeAt(at);
        readNeedle(code, position);
        shapes.read(code, position);
        position += 1;
      }
      const openFrom = Math.min(shapes.openFrom() ?? position, position - automaton.depth(state));
      // What may become a secret can have begun inside one that has been given out as hidden.
      let limit = Math.max(openFrom, base);
      // What is hidden already stays so, whatever begins inside it turns out to be.
      for (const span of spans) if (span.start <= limit && span.end > limit) limit = span.end;
      return release(limit);
    },
    flush: () => release(position),
  };
}
