/** Owns what this browser keeps of a conversation that is not sent: the draft, the chosen model, what was seen. A browser may forbid its storage; then it lasts as long as the page. */

export interface DraftFile {
  readonly id: string;
  readonly name: string;
  readonly isPicture: boolean;
}

export interface Draft {
  readonly text: string;
  readonly files: readonly DraftFile[];
}

const NEW = 'new';
export const NO_DRAFT: Draft = { text: '', files: [] };

/** `id`: of the conversation; undefined for a new one. */
export function readDraft(id: string | undefined): Draft {
  const kept = parsed(read(sessionStorage, `claw-draft ${id ?? NEW}`));
  if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('files' in kept)) return NO_DRAFT;
  const { text, files } = kept;
  return typeof text === 'string' && Array.isArray(files) ? { text, files: files.filter(isFile) } : NO_DRAFT;
}

export function writeDraft(id: string | undefined, draft: Draft): void {
  const isEmpty = draft.text === '' && draft.files.length === 0;
  write(sessionStorage, `claw-draft ${id ?? NEW}`, isEmpty ? null : JSON.stringify(draft));
}

/** `provider/model` chosen for the conversation; undefined: the one that answers when none is named. */
export function readModel(id: string | undefined): string | undefined {
  return read(localStorage, `claw-model ${id ?? NEW}`) ?? undefined;
}

export function writeModel(id: string | undefined, model: string | undefined): void {
  write(localStorage, `claw-model ${id ?? NEW}`, model ?? null);
}

const SEEN = 'claw-seen';
const MAX_SEEN = 500;

/** When each conversation was last looked at here, in milliseconds UTC; `since`: when this browser began to count. */
export interface Seen {
  readonly since: number;
  readonly at: Readonly<Record<string, number>>;
}

export function readSeen(now: number): Seen {
  const kept = parsed(read(localStorage, SEEN));
  if (typeof kept === 'object' && kept !== null && 'since' in kept && 'at' in kept) return kept as Seen;
  const seen = { since: now, at: {} };
  write(localStorage, SEEN, JSON.stringify(seen));
  return seen;
}

/** The newest of many are kept. */
export function markSeen(id: string, now: number): Seen {
  const { since, at } = readSeen(now);
  const newest = Object.entries({ ...at, [id]: now })
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MAX_SEEN);
  const seen = { since, at: Object.fromEntries(newest) };
  write(localStorage, SEEN, JSON.stringify(seen));
  return seen;
}

function isFile(value: unknown): value is DraftFile {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value && 'isPicture' in value;
}

function parsed(json: string | null): unknown {
  try {
    return json === null ? undefined : (JSON.parse(json) as unknown);
  } catch {
    return undefined;
  }
}

function read(storage: Storage, name: string): string | null {
  try {
    return storage.getItem(name);
  } catch {
    return null;
  }
}

function write(storage: Storage, name: string, value: string | null): void {
  try {
    if (value === null) storage.removeItem(name);
    else storage.setItem(name, value);
  } catch {
    // Nothing depends on it.
  }
}
