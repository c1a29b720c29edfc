/** Owns `LEARNINGS.md` in the folder of a room: what was learned there, for people to read and to move into the room's memory file. It is generated whole; what is written into it by hand is lost. */
import { join } from 'node:path';
import { openGuardedFiles } from '../../sandbox/files.ts';
import type { MemoryRow } from '../../store/memory-schema.ts';

const LEARNINGS_FILE = 'LEARNINGS.md';

const HEAD = `# What was learned in this room

<!-- Generated after conversations, anew each time: changes here are lost. -->
The assistant recalls these memories when a message is about them. What it should know in every
turn belongs into CLAUDE.md (or AGENTS.md) beside this file: copy the line there. What is wrong goes
with \`claw memory remove CATEGORY/KEY --room FOLDER\`.
`;

/** Writes the file, or replaces it in one step; never through a link that somebody put there. Throws `sandbox-refused`, `not-found`. */
export async function writeLearnings(groups: string, folder: string, memories: readonly MemoryRow[]): Promise<void> {
  const learned = memories.filter(({ origin, state }) => origin === 'learned' && state === 'active');
  const lines = learned.map(({ category, key, value, why, updated_at: at }) => {
    const day = new Date(at).toISOString().slice(0, 10);
    return `- **${category}/${key}**: ${oneLine(value)}\n  ${day}, ${oneLine(why)}\n`;
  });
  const files = openGuardedFiles({ roots: [{ name: 'room', folder: join(groups, folder), mode: 'write' }] });
  await files.write(LEARNINGS_FILE, `${HEAD}\n${lines.join('')}`);
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;');
