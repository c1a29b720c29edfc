/** Owns what was chosen in the palette lately, newest first. Kept in this browser alone, by person. */

const MOST = 5;
const nameFor = (username: string): string => `claw-palette-${username}`;

/** Ids of entries. */
export function readRecents(username: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(nameFor(username)) ?? '[]');
    return Array.isArray(read) ? read.filter((each) => typeof each === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function keepRecent(username: string, id: string): void {
  const kept = [id, ...readRecents(username).filter((each) => each !== id)].slice(0, MOST);
  try {
    localStorage.setItem(nameFor(username), JSON.stringify(kept));
  } catch {
    // A browser may forbid its storage; then nothing is lately.
  }
}
