/** Owns what flux-openclaw remembers: `memory/memories.json`, the older `memory/memory.md`, and the words that say who it is, `memory/instruction.md`. */
import { firstOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem, ImportedMemory } from '../imported.ts';
import type { Source } from '../reader.ts';
import { localInstantOf, readJsonFile, shortHash } from './read-text.ts';

/** Headings of memory.md. */
const HEADINGS: Readonly<Record<string, string>> = {
  '사용자 정보': 'user_info',
  사용자: 'user_info',
  'user info': 'user_info',
  선호: 'preferences',
  preferences: 'preferences',
  사실: 'facts',
  facts: 'facts',
  메모: 'notes',
  notes: 'notes',
  리마인더: 'reminders',
  reminders: 'reminders',
};
const MAX_KEY = 100;

export async function* readMemories(source: Source, maxBytes: number): AsyncGenerator<ImportedItem> {
  const content = await readJsonFile(source, 'memory/memories.json', maxBytes);
  const entries = listOf(Array.isArray(content) ? content : valueAt(content, 'memories'));
  const known = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const item = memoryOf(entry, index);
    if (item.kind === 'memory') known.add(`${item.category}/${item.key}`);
    yield item;
  }
  const text = await source.files.text('memory/memory.md', maxBytes);
  for (const item of memoriesIn(text ?? '')) if (!known.has(`${item.category}/${item.key}`)) yield item;
}

function memoryOf(entry: unknown, index: number): ImportedMemory | Extract<ImportedItem, { kind: 'skipped' }> {
  const category = lineOf(valueAt(entry, 'category'));
  const key = lineOf(valueAt(entry, 'key'), MAX_KEY);
  const value = textOf(firstOf(entry, 'value', 'content'));
  const sourceId = lineOf(valueAt(entry, 'id')) ?? `${category ?? '?'}/${key ?? `entry ${index + 1}`}`;
  if (category === undefined || key === undefined || value === undefined)
    return { kind: 'skipped', of: 'memory', sourceId, reason: 'it has no category, key or value' };
  const importance = Number(valueAt(entry, 'importance') ?? 3);
  return {
    kind: 'memory',
    sourceId,
    category,
    key,
    value,
    importance: Number.isFinite(importance) ? importance : 3,
    expiresAt: localInstantOf(valueAt(entry, 'expires_at')),
    createdAt: localInstantOf(valueAt(entry, 'created_at')),
    updatedAt: localInstantOf(valueAt(entry, 'updated_at')),
  };
}

/** `## heading`, then `- key: value` or `- words`. */
function memoriesIn(text: string): ImportedMemory[] {
  let category = 'notes';
  return text.split(/\r?\n/).flatMap((line) => {
    const heading = /^##\s+(.+?)\s*$/.exec(line)?.[1]?.toLowerCase();
    if (heading !== undefined) category = HEADINGS[heading] ?? 'notes';
    const words = textOf(/^\s*[-*]\s+(.+)$/.exec(line)?.[1]);
    if (words === undefined) return [];
    const [, named = words, said = words] = /^([^:：]{1,60})[:：]\s*(.+)$/.exec(words) ?? [];
    const key = lineOf(named, 60) ?? words;
    const value = said.trim();
    const sourceId = `memory.md#${category}/${key}#${shortHash(value)}`;
    return [{ kind: 'memory' as const, sourceId, category, key, value }];
  });
}

export async function* readInstruction({ files }: Source, maxBytes: number): AsyncGenerator<ImportedItem> {
  for (const path of ['memory/instruction.md', 'instruction.md']) {
    const text = await files.text(path, maxBytes);
    if (text === undefined) continue;
    const remark =
      'It was written for flux-openclaw, and may speak of Python tools and files that claw has not: read it.';
    yield {
      kind: 'instruction',
      sourceId: `instruction.md#${shortHash(text)}`,
      text: text.replaceAll('\0', ''),
      remark,
    };
    return;
  }
}
