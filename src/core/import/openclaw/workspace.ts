/** Owns the workspace of an agent of OpenClaw: who the assistant is (instruction), what it knew of the person (memories), and everything else that was written down (documents). */
import { createHash } from 'node:crypto';
import { pointOf } from '../bare-words.ts';
import { lineOf } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { fileText, type Sight, skillsIn } from '../source-files.ts';

export interface Workspace {
  readonly agent: string;
  /** Relative to the folder that is imported; empty for the folder itself. */
  readonly path: string;
  /** Names the home, so that two of them do not get into each other's way. */
  readonly mark: string;
}

/** Written for OpenClaw's own ways: worth reading, no instruction here. */
const NOTES = ['AGENTS.md', 'TOOLS.md', 'HEARTBEAT.md', 'BOOT.md', 'MEMORY.md', 'memory.md'];
/** What memories of a person hold; the whole text is a document anyway. */
const MAX_USER_INFO = 20;
const MAX_FACTS = 50;
const MAX_MEMORY = 500;

/** Who the assistant is: SOUL.md and IDENTITY.md, as they are. */
export async function* personaItems(sight: Sight, workspace: Workspace): AsyncGenerator<ImportedItem> {
  const texts = [];
  for (const name of ['IDENTITY.md', 'SOUL.md']) texts.push((await fileText(sight, at(workspace, name)))?.trim() ?? '');
  const text = texts.filter((each) => each !== '').join('\n\n');
  if (text === '') return;
  const sourceId = nameOf(workspace, 'persona');
  const remark = 'It may name files and tools that only OpenClaw has; read it over.';
  yield { kind: 'instruction', sourceId, text: `${text}\n`, remark };
}

/** Memories and documents. */
export async function* knowledgeItems(
  sight: Sight,
  workspace: Workspace,
  isFirst: boolean,
): AsyncGenerator<ImportedItem> {
  const user = await fileText(sight, at(workspace, 'USER.md'));
  if (user !== undefined) yield* userMemories(user, workspace);
  const memory =
    (await fileText(sight, at(workspace, 'MEMORY.md'))) ?? (await fileText(sight, at(workspace, 'memory.md')));
  if (memory !== undefined) yield* factMemories(memory, workspace);
  const notes = isFirst ? NOTES : [...NOTES, 'SOUL.md', 'IDENTITY.md'];
  for (const name of [...notes, 'USER.md']) yield* documentOf(sight, workspace, name);
  yield* documentsBelow(sight, workspace, 'memory', 3);
}

export async function* workspaceSkills(sight: Sight, workspace: Workspace): AsyncGenerator<ImportedItem> {
  yield* skillsIn(sight, at(workspace, 'skills'), nameOf(workspace, 'skills'));
}

async function* documentsBelow(
  sight: Sight,
  workspace: Workspace,
  below: string,
  depth: number,
): AsyncGenerator<ImportedItem> {
  for (const { name, kind } of await sight.source.files.list(at(workspace, below))) {
    if (kind === 'folder' && depth > 0) yield* documentsBelow(sight, workspace, `${below}/${name}`, depth - 1);
    if (kind === 'file' && /\.(md|markdown|txt)$/i.test(name)) yield* documentOf(sight, workspace, `${below}/${name}`);
  }
}

async function* documentOf(sight: Sight, workspace: Workspace, path: string): AsyncGenerator<ImportedItem> {
  const content = await fileText(sight, at(workspace, path));
  if (content === undefined || content.trim() === '') return;
  const name = path.split('/').at(-1) ?? path;
  yield {
    kind: 'document',
    sourceId: nameOf(workspace, path),
    title: `${path} (OpenClaw, ${workspace.agent})`,
    name,
    content,
  };
}

/** `- **Name:** Alice` of USER.md; lines without a value are its blanks. */
function* userMemories(text: string, workspace: Workspace): Generator<ImportedItem> {
  let count = 0;
  for (const line of text.split('\n')) {
    const [, key = '', rest = ''] = /^\s*[-*]\s+\*\*(.{1,60}?):?\*\*:?\s*(.*)$/.exec(line) ?? [];
    const value = lineOf(rest.replaceAll(/^_\(.*\)_$/g, ''), MAX_MEMORY);
    if (key === '' || value === undefined || count >= MAX_USER_INFO) continue;
    count += 1;
    yield {
      kind: 'memory',
      sourceId: nameOf(workspace, `USER.md/${key}`),
      category: 'user_info',
      key: key.toLowerCase(),
      value,
      importance: 4,
    };
  }
}

/** The points of MEMORY.md, each under a name made of its words. */
function* factMemories(text: string, workspace: Workspace): Generator<ImportedItem> {
  let count = 0;
  for (const line of text.split('\n')) {
    const value = lineOf(pointOf(line)?.replaceAll('**', ''), MAX_MEMORY);
    if (value === undefined || count >= MAX_FACTS) continue;
    count += 1;
    const words = value.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    const key = `${words.slice(0, 5).join(' ').slice(0, 50)} ${createHash('sha256').update(value).digest('hex').slice(0, 6)}`;
    yield { kind: 'memory', sourceId: nameOf(workspace, `MEMORY.md/${key}`), category: 'facts', key, value };
  }
}

const at = ({ path }: Workspace, name: string): string => (path === '' ? name : `${path}/${name}`);
const nameOf = ({ mark, agent }: Workspace, name: string): string => `${mark}${agent}/${name}`;
