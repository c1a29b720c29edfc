/** Owns the transcripts of agents as files of JSON lines: those of OpenClaw, of Claude Code (NanoClaw) and of Codex (RustClaw). Calls of tools become a line of text: nothing that was done is ever done again. Pure. */
import type { ImportedMessage } from './imported.ts';
import { wordsOfAssistant, wordsOfPeople } from './bare-words.ts';
import { fieldsOf, firstOf, flagOf, instantOf, lineOf, listOf, textOf, valueAt } from './foreign-values.ts';

interface Spoken {
  /** Its id in the transcript; absent in formats without. */
  readonly id: string | undefined;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  /** `tool`: what a tool was asked or answered, in short. */
  readonly by: 'user' | 'assistant' | 'tool';
  /** Name of a person, where the format tells. */
  readonly author: string | undefined;
  /** Milliseconds UTC. */
  readonly at: number | undefined;
}

/** Characters of a tool's input and of its answer that are kept. */
const MAX_INPUT = 300;
const MAX_OUTPUT = 1000;

/** The messages of a transcript in their order. Lines of another kind are left out. */
function readTranscript(lines: readonly unknown[]): Spoken[] {
  const tools = toolNames(lines);
  return lastBranch(lines).flatMap((line) => spokenOf(line, tools));
}

/** Names of tools by the id of a call: some formats leave the name out of the answer. */
type ToolNames = ReadonlyMap<string, string>;

function toolNames(lines: readonly unknown[]): ToolNames {
  const names = new Map<string, string>();
  for (const line of lines) {
    const bodies = [
      valueAt(line, 'payload'),
      ...listOf(valueAt(line, 'message', 'content')),
      ...listOf(valueAt(line, 'content')),
    ];
    for (const body of bodies) {
      const id = textOf(firstOf(body, 'call_id', 'id'));
      const name = lineOf(valueAt(body, 'name'), 80);
      if (id !== undefined && name !== undefined) names.set(id, name);
    }
  }
  return names;
}

/** Entries that hang together by `parentId` form a tree: the branch that ends with the last one. Without parents, all. */
function lastBranch(lines: readonly unknown[]): readonly unknown[] {
  const byId = new Map<string, unknown>();
  for (const line of lines) {
    const id = textOf(valueAt(line, 'id'));
    if (id !== undefined && valueAt(line, 'parentId') !== undefined) byId.set(id, line);
  }
  const branch: unknown[] = [];
  let at = lines.findLast((line) => byId.has(textOf(valueAt(line, 'id')) ?? ''));
  if (at === undefined) return lines;
  while (at !== undefined && branch.length <= byId.size) {
    branch.push(at);
    const parent = valueAt(at, 'parentId');
    if (parent === null || parent === undefined) return branch.toReversed();
    at = byId.get(textOf(parent) ?? '');
    // The first entry hangs from the header of the file in some versions.
    if (at === undefined && branch.length < byId.size && !isHeader(lines, parent)) return lines;
  }
  return at === undefined ? branch.toReversed() : lines;
}

function isHeader(lines: readonly unknown[], id: unknown): boolean {
  return valueAt(lines[0], 'type') === 'session' && valueAt(lines[0], 'id') === id;
}

function spokenOf(line: unknown, tools: ToolNames): Spoken[] {
  if (flagOf(valueAt(line, 'isSidechain')) === true || flagOf(valueAt(line, 'isMeta')) === true) return [];
  const type = valueAt(line, 'type');
  const isCodex = type === 'response_item';
  if (!isCodex && type !== 'message' && type !== 'user' && type !== 'assistant') return [];
  const body = isCodex ? valueAt(line, 'payload') : (fieldsOf(valueAt(line, 'message')) ?? line);
  const at = instantOf(valueAt(line, 'timestamp')) ?? instantOf(valueAt(body, 'timestamp'));
  const id = textOf(firstOf(line, 'id', 'uuid')) ?? textOf(valueAt(body, 'id'));
  const role = valueAt(body, 'role') ?? (isCodex ? 'assistant' : type);
  const place = { id, at };
  if (role === 'toolResult' || role === 'tool')
    return [asTool({ ...fieldsOf(body), type: 'toolResult' }, tools, place)];
  if (role !== 'user' && role !== 'assistant') return [];
  const content = valueAt(body, 'content');
  if (typeof content === 'string') return said({ type: 'text', text: content }, role, place);
  // An item of Codex that is no message, such as a call, is its own only block.
  const blocks = Array.isArray(content) ? listOf(content) : [body];
  return blocks.flatMap((block) => (isToolBlock(block) ? asTool(block, tools, place) : said(block, role, place)));
}

type Place = Pick<Spoken, 'id' | 'at'>;

function said(block: unknown, role: 'user' | 'assistant', place: Place): Spoken[] {
  const type = String(valueAt(block, 'type'));
  if (/image|document|audio/.test(type))
    return [{ ...place, role, by: role, author: undefined, text: `[${type}, not imported]` }];
  const text = /text/.test(type) ? textOf(valueAt(block, 'text')) : undefined;
  if (text === undefined) return [];
  if (role === 'user') return wordsOfPeople(text).map((words) => ({ ...place, ...words, role, by: role }));
  const words = wordsOfAssistant(text);
  return words === undefined ? [] : [{ ...place, role, by: role, author: undefined, text: words }];
}

function isToolBlock(block: unknown): boolean {
  return /^(tool_use|tool_result|toolCall|toolResult|(function|local_shell|custom_tool)_call(_output)?)$/.test(
    String(valueAt(block, 'type')),
  );
}

function asTool(block: unknown, tools: ToolNames, place: Place): Spoken {
  const isAnswer = /result|output/i.test(String(valueAt(block, 'type')));
  const call = textOf(firstOf(block, 'tool_use_id', 'toolCallId', 'call_id')) ?? '';
  const name = lineOf(firstOf(block, 'name', 'toolName', 'tool_name'), 80) ?? tools.get(call) ?? 'A tool';
  const value = isAnswer ? firstOf(block, 'content', 'output') : firstOf(block, 'input', 'arguments', 'action');
  const detail = short(value, isAnswer ? MAX_OUTPUT : MAX_INPUT);
  const failed = flagOf(firstOf(block, 'isError', 'is_error')) === true ? ' with an error' : '';
  const text = isAnswer ? `[${name} answered${failed}: ${detail}]` : `[Used ${name}: ${detail}]`;
  return { ...place, role: 'assistant', by: 'tool', author: undefined, text };
}

function short(value: unknown, length: number): string {
  const texts = listOf(value).flatMap((block) => textOf(valueAt(block, 'text')) ?? []);
  const clean = textOf(texts.length > 0 ? texts.join('\n') : (textOf(value) ?? jsonOf(value))) ?? '';
  return clean.length <= length ? clean : `${clean.slice(0, length).toWellFormed()} …`;
}

/** Empty for what nests too deeply to be written. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '';
  }
}

/** The messages of a transcript as those of the conversation `conversation`. */
export function transcriptMessages(lines: readonly unknown[], conversation: string): ImportedMessage[] {
  const counts = new Map<string, number>();
  return readTranscript(lines).map(({ id = 'line', role, text, by, author, at }) => {
    // One line may hold several messages, and old formats give no ids: those are numbered, which holds because lines are only added.
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    const sourceId = `${conversation}/${id}${count === 1 ? '' : `.${count}`}`;
    const part = { type: 'text', text: author === undefined ? text : `${author}: ${text}`, provenance: by } as const;
    return { kind: 'message', sourceId, conversation, role, parts: [part], createdAt: at };
  });
}
