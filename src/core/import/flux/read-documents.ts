/** Owns the documents and tools of flux-openclaw: `knowledge/docs/*.json` and `tools/*.py`. Nothing of a tool is run; what it says of itself is read as text. */
import { firstOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import type { Source } from '../reader.ts';
import { readJsonFile, shortHash } from './read-text.ts';

/** Bytes of the program of a tool. */
const MAX_TOOL = 512 * 1024;
/** What flux ships and claw has in its own way. */
const OWN: ReadonlySet<string> = new Set([
  'add_two_numbers',
  'browser_tool',
  'knowledge_manage',
  'knowledge_tool',
  'market_scanner',
  'marketplace_tool',
  'memory_manage',
  'multiply_two_numbers',
  'schedule_task',
  'screen_capture',
]);

export async function* readDocuments(source: Source, maxBytes: number): AsyncGenerator<ImportedItem> {
  for (const { name, path, kind } of await source.files.list('knowledge/docs')) {
    if (kind !== 'file' || !name.endsWith('.json')) continue;
    const entry = await readJsonFile(source, path, maxBytes);
    const content = textOf(valueAt(entry, 'content')) ?? chunksOf(entry);
    const sourceId = lineOf(firstOf(entry, 'id', 'doc_id')) ?? path;
    if (content === '') yield { kind: 'skipped', of: 'document', sourceId, reason: 'there is no text in it' };
    else
      yield {
        kind: 'document',
        sourceId,
        title: lineOf(valueAt(entry, 'title'), 300) ?? name,
        name: 'document.md',
        content,
      };
  }
}

/** Of a document whose text is kept in pieces only. */
function chunksOf(entry: unknown): string {
  return listOf(valueAt(entry, 'chunks'))
    .flatMap((chunk) => textOf(valueAt(chunk, 'text')) ?? [])
    .join('\n\n');
}

/** Python, which is what flux runs; and what somebody wrote for claw meanwhile. */
export async function* readTools({ files }: Source): AsyncGenerator<ImportedItem> {
  for (const { name: file, path, kind } of await files.list('tools')) {
    const [, stem, ending] = /^([A-Za-z0-9_]{1,64})\.(py|ts|js)$/.exec(file) ?? [];
    if (kind !== 'file' || stem === undefined || stem.startsWith('__')) continue;
    const source = textOf(await files.text(path, MAX_TOOL));
    if (source === undefined) continue;
    const sourceId = `${path}#${shortHash(source)}`;
    if (ending === 'ts' || ending === 'js') yield { kind: 'tool', sourceId, name: stem, language: ending, source };
    else yield pythonTool(source, stem, sourceId);
  }
}

function pythonTool(source: string, stem: string, sourceId: string): ImportedItem {
  const skip = (reason: string): ImportedItem => ({ kind: 'skipped', of: 'tool', sourceId: stem, reason });
  const schema = schemaIn(source);
  if (schema === undefined) return skip('it has no SCHEMA: it is no tool of flux');
  const name = /"name"\s*:\s*"([a-z0-9_]{1,64})"/i.exec(schema)?.[1] ?? stem;
  if (OWN.has(name)) return skip('claw does this in its own way');
  const description = /"description"\s*:\s*"((?:[^"\\]|\\.){1,1000})"/.exec(schema)?.[1];
  return { kind: 'tool', sourceId, name, language: 'python', source, schema, description };
}

/** The text of `SCHEMA = {…}`, braces in strings left out of the count; undefined without one. */
function schemaIn(source: string): string | undefined {
  const start = /^SCHEMA\s*(?::[^=\n]+)?=\s*(?=\{)/m.exec(source);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let depth = 0;
  for (const match of source.slice(from).matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]/g)) {
    if (match[0] === '{') depth += 1;
    if (match[0] === '}') depth -= 1;
    if (depth === 0) return source.slice(from, from + match.index + 1);
  }
  return undefined;
}
