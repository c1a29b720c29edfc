/** Owns the files of NanoClaw's groups: what each room is told (CLAUDE.md, AGENTS.md), its skills, and the transcripts of its agent. */
import { instantOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { fileJsonLines, fileText, type Sight, skillsIn } from '../source-files.ts';
import { transcriptMessages } from '../transcripts.ts';
import type { FoundRoom } from './rooms.ts';
import type { Variant } from './variant.ts';

/** NanoClaw 2 makes CLAUDE.md anew at each start, and keeps what is written by hand beside it. */
const MEMORY_FILES = ['CLAUDE.local.md', 'CLAUDE.md', 'AGENTS.md'];
/** What of a group's folder is read, or is no work of a person. */
const KNOWN_FILES = new Set([...MEMORY_FILES, 'skills', 'logs', 'conversations', 'node_modules', '.git', '.claude']);

/** What every room and each single room is told; before the rooms, which then keep it. */
export async function* instructionItems(
  sight: Sight,
  rooms: readonly FoundRoom[],
  variant: Variant,
): AsyncGenerator<ImportedItem> {
  const text = await memoryText(sight, 'groups/global');
  if (text !== undefined) {
    const remark = `It may name tools and folders that only ${variant.label} has; read it over.`;
    yield { kind: 'instruction', sourceId: 'groups/global', text, remark };
  }
  for (const { key, folder, sourceFolder } of oneForEachFolder(rooms)) {
    const memory = await memoryText(sight, `groups/${sourceFolder}`);
    if (memory !== undefined) yield { kind: 'instruction', sourceId: key, folder, text: memory };
  }
}

/** Skills, and what agents wrote down of talks before they shortened them. */
export async function* skillItems(
  sight: Sight,
  rooms: readonly FoundRoom[],
  variant: Variant,
): AsyncGenerator<ImportedItem> {
  yield* skillsIn(sight, 'groups/global/skills', 'groups/global');
  for (const { key, folder, sourceFolder } of oneForEachFolder(rooms)) {
    yield* skillsIn(sight, `groups/${sourceFolder}/skills`, key, folder);
    yield* archiveItems(sight, `groups/${sourceFolder}/conversations`, key, variant);
    await tellOtherFiles(sight, `groups/${sourceFolder}`, folder);
  }
}

async function* archiveItems(
  sight: Sight,
  path: string,
  room: string,
  { label }: Variant,
): AsyncGenerator<ImportedItem> {
  for (const entry of await sight.source.files.list(path)) {
    const content = entry.name.endsWith('.md') ? await fileText(sight, entry.path) : undefined;
    if (content === undefined || content.trim() === '') continue;
    const title = `${entry.path} (${label})`;
    yield { kind: 'document', sourceId: `${room}/${entry.name}`, title, name: entry.name, content };
  }
}

async function memoryText(sight: Sight, path: string): Promise<string | undefined> {
  for (const name of MEMORY_FILES) {
    const text = await fileText(sight, `${path}/${name}`);
    if (text !== undefined && text.trim() !== '') return text;
  }
  return undefined;
}

async function tellOtherFiles({ source }: Sight, path: string, folder: string): Promise<void> {
  const others = (await source.files.list(path)).filter(({ name }) => !KNOWN_FILES.has(name));
  if (others.length === 0) return;
  source.tell(
    path,
    `${others.length} other files stay there; copy what the room should keep to groups/${folder} of this home`,
  );
}

/** A folder whose name leads elsewhere, or is the one of all rooms, belongs to no room. */
function oneForEachFolder(rooms: readonly FoundRoom[]): FoundRoom[] {
  const plain = rooms.filter(
    ({ sourceFolder }) => /^[A-Za-z0-9][\w-]*$/.test(sourceFolder) && sourceFolder !== 'global',
  );
  return plain.filter(
    ({ sourceFolder }, index) => plain.findIndex((other) => other.sourceFolder === sourceFolder) === index,
  );
}

/** The transcripts of the rooms' agents, each as a conversation of its own. */
export async function* sessionItems(
  sight: Sight,
  rooms: readonly FoundRoom[],
  variant: Variant,
): AsyncGenerator<ImportedItem> {
  for (const room of oneForEachFolder(rooms)) {
    const root = `data/sessions/${room.sourceFolder}/${variant.transcripts}`;
    await tellSignIn(sight, `data/sessions/${room.sourceFolder}`);
    for await (const path of transcriptsBelow(sight, root, 4)) {
      sight.signal.throwIfAborted();
      const lines = await fileJsonLines(sight, path);
      const sourceId = `session ${(path.split('/').at(-1) ?? path).replace(/\.jsonl$/, '')}`;
      const messages = transcriptMessages(lines, sourceId);
      const createdAt = lines.map((line) => instantOf(valueAt(line, 'timestamp'))).find((at) => at !== undefined);
      const day = createdAt === undefined ? '' : `, ${new Date(createdAt).toISOString().slice(0, 10)}`;
      const title = `Agent of ${room.name}${day}`;
      if (messages.length > 0) yield { kind: 'conversation', sourceId, title, origin: variant.source, createdAt };
      yield* messages;
    }
  }
}

/** Files of JSON lines, at most `depth` folders deep; those of helpers that an agent started are left out. */
async function* transcriptsBelow(sight: Sight, path: string, depth: number): AsyncGenerator<string> {
  for (const entry of await sight.source.files.list(path)) {
    const isHelper = entry.name === 'subagents' || entry.name.startsWith('agent-');
    if (entry.kind === 'folder' && depth > 0 && !isHelper) yield* transcriptsBelow(sight, entry.path, depth - 1);
    if (entry.kind === 'file' && entry.name.endsWith('.jsonl') && !isHelper) yield entry.path;
  }
}

async function tellSignIn({ source }: Sight, path: string): Promise<void> {
  const claude = `${path}/.claude/.credentials.json`;
  if ((await source.files.facts(claude)) !== undefined)
    source.tell(claude, 'a sign-in is not copied; sign in with: claw auth login claude');
  const codex = `${path}/.codex/auth.json`;
  if ((await source.files.facts(codex)) !== undefined)
    source.tell(codex, 'a sign-in is not copied; sign in with: claw auth login codex');
}
