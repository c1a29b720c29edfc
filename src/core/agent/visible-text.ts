/** Owns what of a model's text may leave: `<internal>…</internal>` never does, on any path, however it is cut into chunks. */

const OPEN = '<internal>';
const CLOSE = '</internal>';

export interface TextFilter {
  /** Takes a chunk, gives what may be shown now. */
  push(chunk: string): string;
  /** Gives what was held back. An unclosed internal part is never shown. */
  flush(): string;
}

export function createInternalFilter(): TextFilter {
  let held = '';
  let inside = false;
  const take = (final: boolean): string => {
    let shown = '';
    for (;;) {
      const tag = inside ? CLOSE : OPEN;
      const at = held.toLowerCase().indexOf(tag);
      const end = at === -1 ? held.length - (final ? 0 : tailThatMayBegin(held, tag)) : at;
      if (!inside) shown += held.slice(0, end);
      held = held.slice(at === -1 ? end : at + tag.length);
      if (at === -1) return shown;
      inside = !inside;
    }
  };
  return {
    push(chunk) {
      held += chunk;
      return take(false);
    },
    flush: () => take(true),
  };
}

/** `text` without its internal parts. */
export function withoutInternal(text: string): string {
  const filter = createInternalFilter();
  return filter.push(text) + filter.flush();
}

/** How many characters at the end of `text` could be the beginning of `tag`. */
function tailThatMayBegin(text: string, tag: string): number {
  const lower = text.toLowerCase();
  for (let length = Math.min(tag.length - 1, text.length); length > 0; length -= 1) {
    if (tag.startsWith(lower.slice(-length))) return length;
  }
  return 0;
}
