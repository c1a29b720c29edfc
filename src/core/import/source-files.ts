/** Owns reading what several assistants keep in the same form: files of JSON and JSON lines, and folders of skills. What cannot be read is told and left out. */
import type { ImportedFile, ImportedSkill } from './imported.ts';
import { readJson, readJsonLines } from './json-lines.ts';
import type { ReaderLimits, Source } from './reader.ts';

/** What every part of a reader works with. */
export interface Sight {
  readonly source: Source;
  readonly limits: ReaderLimits;
  readonly signal: AbortSignal;
}

/** Bytes of the transcript of one session. */
const MAX_TRANSCRIPT = 64 * 1024 * 1024;
/** Bytes and number of the files of one skill. */
const MAX_SKILL_FILE = 256 * 1024;
const MAX_SKILL_FILES = 100;

export function fileText({ source, limits }: Sight, path: string): Promise<string | undefined> {
  return source.files.text(path, limits.maxFileBytes);
}

/** The value in a file of JSON or JSON5; undefined when there is none. */
export async function fileJson(sight: Sight, path: string): Promise<unknown> {
  const text = await fileText(sight, path);
  return text === undefined ? undefined : readJson(text, (why) => sight.source.tell(path, why));
}

/** The values of a file of JSON lines. */
export async function fileJsonLines({ source }: Sight, path: string): Promise<unknown[]> {
  const text = await source.files.text(path, MAX_TRANSCRIPT);
  return text === undefined ? [] : readJsonLines(text, (why) => source.tell(path, why));
}

/** The skills below `path`: each folder with a SKILL.md, with what stands beside it. `home` names the place they come from, `room` the folder of the room they are for. */
export async function* skillsIn(
  sight: Sight,
  path: string,
  home: string,
  room?: string,
): AsyncGenerator<ImportedSkill> {
  for (const { name, kind } of await sight.source.files.list(path)) {
    if (kind !== 'folder') continue;
    const files = await skillFiles(sight, `${path}/${name}`, '');
    if (!files.some((file) => file.path === 'SKILL.md')) continue;
    const skill = { kind: 'skill', sourceId: `${home}/${name}`, name, files } as const;
    yield room === undefined ? skill : { ...skill, folder: room };
  }
}

async function skillFiles(sight: Sight, root: string, below: string): Promise<ImportedFile[]> {
  const { files: folder } = sight.source;
  const files: ImportedFile[] = [];
  for (const { name, path, kind } of await folder.list(`${root}/${below}`.replace(/\/$/, ''))) {
    // Two levels, such as references/ and scripts/; deeper ones are no part of a skill.
    const isNear = below.split('/').length <= 2;
    if (kind === 'folder' && isNear) files.push(...(await skillFiles(sight, root, `${below}${name}/`)));
    if (kind !== 'file' || files.length >= MAX_SKILL_FILES) continue;
    const text = await folder.text(path, MAX_SKILL_FILE);
    if (text !== undefined) files.push({ path: `${below}${name}`, bytes: Buffer.from(text) });
  }
  return files.slice(0, MAX_SKILL_FILES);
}
