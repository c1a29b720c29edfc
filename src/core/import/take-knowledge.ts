/** Owns taking over what was remembered and what was read: memories within their limits, texts into the knowledge base, each once. */
import { createHash } from 'node:crypto';
import type { Added } from '../knowledge/add-document.ts';
import { memoryCategory, memoryKey, memoryValue, roomHolder, userHolder } from '../memory/memory.ts';
import type { MemoryService } from '../memory/memory-service.ts';
import type { Doer } from '../store/audit-table.ts';
import type { Store } from '../store/store.ts';
import type { ImportedDocument, ImportedMemory, ImportedTool } from './imported.ts';
import { type Decision, type ImportRun, ownerOf, skip, type Taker } from './taker.ts';

/** Adds a text to the documents of somebody. */
export type AddText = (
  by: Doer,
  text: { content: string; name: string; title: string; provenance: 'file'; signal: AbortSignal },
) => Promise<Pick<Added, 'id'>>;

interface KnowledgeDeps {
  readonly store: Store;
  readonly run: ImportRun;
  readonly memory: Pick<MemoryService, 'addWithin'>;
  readonly addText: AddText;
  /** Most bytes of one document. */
  readonly maxBytes: number;
}

/** Longer values are kept as a document. */
const MAX_MEMORY = 2_000;

export function takeDocument({ store, run, addText, maxBytes }: KnowledgeDeps): Taker<ImportedDocument> {
  const seen = new Set<string>();
  return {
    async decide({ owner, title, name, content }) {
      const user = ownerOf(run, owner);
      if (content.trim() === '') return skip('there is no text in it');
      if (Buffer.byteLength(content) > maxBytes) return skip('it is larger than a document may be');
      const hash = createHash('sha256').update(content).digest('hex');
      const twin = await store.knowledge.byHash(user.id, hash);
      if (twin !== undefined) return { state: 'already', targetId: twin.id };
      if (seen.has(`${user.id} ${hash}`)) return { state: 'already', remark: 'The same text is there more than once.' };
      seen.add(`${user.id} ${hash}`);
      return {
        state: 'new',
        async perform(signal) {
          const by = { id: user.id, username: user.username, via: 'import', from: run.source };
          return (await addText(by, { content, name, title: title.slice(0, 300), provenance: 'file', signal })).id;
        },
      };
    },
  };
}

/** `documents` takes what is too long for a memory. */
export function takeMemory(deps: KnowledgeDeps, documents: Taker<ImportedDocument>): Taker<ImportedMemory> {
  const { store, run, memory } = deps;
  const seen = new Set<string>();
  return {
    async decide(item) {
      const holder = item.folder === undefined ? userHolder(ownerOf(run, item.owner).id) : roomHolder(item.folder);
      const category = memoryCategory(item.category);
      const key = memoryKey(item.key);
      if (item.expiresAt !== undefined && item.expiresAt <= run.now) return skip('it had expired');
      if (item.value.length > MAX_MEMORY) return documents.decide(asDocument(item));
      const value = memoryValue(item.value);
      const name = `${holder.name} ${category} ${key}`;
      if (seen.has(name)) return skip('another one there has the same key');
      seen.add(name);
      const mine = await store.memories.byKey({ holder: holder.name, category, key });
      if (mine !== undefined && mine.value === value) return { state: 'already', targetId: mine.id };
      if (mine !== undefined) return skip('another value is remembered under this key here');
      const { importance = 3, expiresAt = null, createdAt = run.now, updatedAt = createdAt } = item;
      const source = { origin: 'person', why: `It was remembered in ${run.label}.` } as const;
      return {
        state: 'new',
        targetId: name,
        async write(tables) {
          const added = await memory.addWithin(tables, holder, { category, key, value, importance, expiresAt }, source);
          const now = await tables.memories.byKey({ holder: holder.name, category, key });
          if (now?.state !== 'active') return;
          await tables.memories.update(added.memory.id, { created_at: createdAt, updated_at: updatedAt });
        },
      };
    },
  };
}

function asDocument({ sourceId, owner, category, key, value }: ImportedMemory): ImportedDocument {
  return { kind: 'document', sourceId, owner, title: `${category}: ${key}`, name: 'memory.md', content: value };
}

/** What a tool that cannot run here is kept as. */
function asNote({ sourceId, name, description, schema, source }: ImportedTool, label: string): ImportedDocument {
  const fence = '`````';
  const parts = [
    `# The tool ${name} of ${label}`,
    `It is kept as a note: its program does not run in claw. Ask the assistant to write it anew.`,
    description ?? '',
    schema === undefined ? '' : `## What it takes\n\n${fence}\n${schema}\n${fence}`,
    `## Its program\n\n${fence}\n${source.replaceAll(fence, "'''''")}\n${fence}`,
  ];
  const content = parts.filter((part) => part !== '').join('\n\n');
  return { kind: 'document', sourceId, title: `The tool ${name} of ${label}`, name: `${name}.md`, content };
}

/** Tools that can run are drafts until a person agrees; the rest are kept as notes. */
export function takeTool({
  run,
  documents,
  draft,
  known,
}: {
  readonly run: ImportRun;
  readonly documents: Taker<ImportedDocument>;
  /** Stores a tool that is not active; gives the id of its version. */
  readonly draft: (tool: ImportedTool, signal: AbortSignal) => Promise<string>;
  /** Names of the tools there are. */
  readonly known: () => Promise<ReadonlySet<string>>;
}): Taker<ImportedTool> {
  return {
    async decide(item): Promise<Decision> {
      if ((await known()).has(item.name)) return skip('claw has a tool of this name');
      if (item.language === 'ts' || item.language === 'js')
        return { state: 'new', remark: 'It waits for your approval.', perform: (signal) => draft(item, signal) };
      const decision = await documents.decide(asNote(item, run.label));
      return decision.state === 'new'
        ? { ...decision, remark: 'It cannot run here; its schema and source are kept in your documents.' }
        : decision;
    },
  };
}
