/** Owns how bytes become a document: what they are, by name and by content, and who reads them. Parsers of binary and web formats run behind a wall. */
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import { phrase } from '../../kernel/language/phrase.ts';
import type { DocumentReader } from '../../sandbox/document-reader.ts';
import type { RunResult } from '../../sandbox/run-program.ts';
import type { Block, ReadDocument } from '../document.ts';
import { decodeText } from './decode-text.ts';
import { readMarkdown } from './read-markdown.ts';
import { readCode, readPlain } from './read-plain.ts';
import { readCsv, readJson } from './read-rows.ts';

export interface Readable {
  readonly bytes: Uint8Array;
  /** File name or path; its ending tells the kind. */
  readonly name: string;
  /** `text/html; charset=…`, where a server said so. */
  readonly mediaType?: string;
  /** Where links of a page begin. */
  readonly url?: string;
}

export interface ReadBytesDeps {
  /** Runs `reader-child.ts` behind its wall. */
  readonly reader: Pick<DocumentReader, 'run'>;
  /** The most that is read, in bytes. */
  readonly maxBytes: number;
  /** How long the reader may take, in ms; a minute when absent. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 48 * 1024 * 1024;

/** Why the reader refuses a document. */
const REFUSALS = {
  'unpacked-size': 'it unpacks to more than 64 MB',
  pages: 'it has more than 5,000 pages',
  memory: 'reading it takes more memory or time than a document may',
  depth: 'it is nested too deeply',
} as const;
const PRINTED = z.union([
  z.object({ refused: z.enum(Object.keys(REFUSALS) as (keyof typeof REFUSALS)[]) }),
  z.object({ title: z.string(), markdown: z.string().optional(), pages: z.array(z.string()).optional() }),
]);

const KINDS: Readonly<Record<string, string>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  geojson: 'json',
  csv: 'csv',
  tsv: 'csv',
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  pdf: 'pdf',
  docx: 'docx',
};

const CODE = new Set(
  (
    'c cc cpp cs css dart ex exs go h hpp hs java jl js jsx kt kts lua m mjs cjs mts cts php pl py r rb rs scala sh bash ' +
    'zsh sql svelte swift tf toml ts tsx vue yaml yml xml ini conf proto gradle ps1 vb zig'
  ).split(' '),
);

/** Endings of what is no document; such a file is not even opened. */
const REFUSED = new Set(
  (
    'exe dll so dylib msi com scr bat cmd app dmg iso bin o a class jar apk deb rpm zip gz tgz bz2 xz zst 7z rar tar png ' +
    'jpg jpeg gif webp bmp ico tif tiff heic mp3 mp4 m4a wav ogg flac avi mov mkv webm woff woff2 ttf otf eot db sqlite ' +
    'sqlite3 pyc wasm doc xls xlsx ppt pptx hwp'
  ).split(' '),
);

/** Lower-case ending of a name, without its dot. */
function endingOf(name: string): string {
  return /\.([A-Za-z0-9]{1,10})$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** Why a file of that name cannot be added; undefined when it may. */
export function refusalOf(name: string): string | undefined {
  const ending = endingOf(name);
  return REFUSED.has(ending) ? `.${ending} files are no documents that claw can read` : undefined;
}

/** Reads a document. Throws `data-invalid` for what it is not, `too-large` for what is larger than is read. */
export async function readBytes(deps: ReadBytesDeps, source: Readable, signal?: AbortSignal): Promise<ReadDocument> {
  const { bytes, name } = source;
  const refusal = refusalOf(name);
  if (refusal !== undefined) throw unreadable(name, refusal);
  if (bytes.length > deps.maxBytes) throw tooLarge(name, bytes.length, deps.maxBytes);
  const kind = kindOf(source);
  if (kind === 'program') throw unreadable(name, 'it is a program');
  if (kind === 'pdf' || kind === 'docx') return readElsewhere(deps, kind, source, bytes, signal);
  const text = decodeText(bytes, charsetOf(source));
  switch (kind) {
    case 'html':
      return readElsewhere(deps, 'html', source, Buffer.from(text), signal);
    case 'markdown':
      return readMarkdown(text);
    case 'json':
      return readJson(text);
    case 'csv':
      return readCsv(text);
    case 'code':
      return readCode(text);
    default:
      return readPlain(text);
  }
}

/** Throws `too-large` with the sizes in MB. */
export function tooLarge(name: string, bytes: number, maxBytes: number): ClawError {
  const mb = (count: number): string => (count / 1024 / 1024).toFixed(1);
  return new ClawError('too-large', `${name} has ${mb(bytes)} MB; at most ${mb(maxBytes)} MB are read.`, {
    hint: 'Split it, or raise KNOWLEDGE_MAX_FILE_MB.',
  });
}

function unreadable(name: string, why: string): ClawError {
  return new ClawError('data-invalid', `${name} cannot be added: ${why}.`, {
    hint: 'Text, Markdown, JSON, CSV, HTML, PDF, DOCX and source code can be added.',
  });
}

function kindOf({ bytes, name, mediaType = '' }: Readable): string {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('MZ') || head.startsWith('\u007fELF')) return 'program';
  const ending = endingOf(name);
  if (head.startsWith('PK\u0003\u0004')) return 'docx';
  if (/html/i.test(mediaType)) return 'html';
  if (/\bjson\b/i.test(mediaType)) return 'json';
  if (/markdown/i.test(mediaType)) return 'markdown';
  if (/csv/i.test(mediaType)) return 'csv';
  const known = KINDS[ending];
  if (known === 'pdf' || known === 'docx') return 'text';
  return known ?? (CODE.has(ending) ? 'code' : 'text');
}

function charsetOf({ bytes, mediaType = '', name }: Readable): string | undefined {
  const told = /charset\s*=\s*"?([\w-]+)/i.exec(mediaType)?.[1];
  if (told !== undefined || !/html?$/i.test(`${endingOf(name)}${mediaType.split(';', 1)[0]}`)) return told;
  const head = Buffer.from(bytes.subarray(0, 2048)).toString('latin1');
  return /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1];
}

async function readElsewhere(
  { reader, timeoutMs = TIMEOUT_MS }: ReadBytesDeps,
  kind: 'pdf' | 'docx' | 'html',
  { name, url }: Readable,
  bytes: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<ReadDocument> {
  const run = await reader.run({
    args: [kind, url ?? ''],
    input: bytes,
    timeoutMs,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  if (run.outcome === 'cancelled') throw new ClawError('cancelled', phrase('stopped'));
  if (run.outcome === 'timeout') throw unreadable(name, `it took more than ${timeoutMs / 1000} s to read`);
  if (run.outcome === 'output-limit') throw unreadable(name, 'it holds too much text');
  if (wasKilled(run)) throw unreadable(name, REFUSALS.memory);
  const printed = run.code === 0 ? PRINTED.safeParse(parseJson(run.stdout.toString())) : undefined;
  if (printed?.success !== true) throw unreadable(name, `it is no ${kind.toUpperCase()} that can be read, or damaged`);
  if ('refused' in printed.data) throw unreadable(name, REFUSALS[printed.data.refused]);
  const { title, markdown, pages } = printed.data;
  const blocks = markdown === undefined ? pageBlocks(pages ?? []) : readMarkdown(markdown.normalize('NFC')).blocks;
  if (blocks.length === 0) throw unreadable(name, 'there is no text in it (a scan without text layer?)');
  return { title, kind, blocks };
}

/** By a limit of the wall. Bubblewrap tells the signal of what it ran as 128 and its number. */
const wasKilled = ({ code, signal }: RunResult): boolean => signal !== null || (code ?? 0) > 128;

function pageBlocks(pages: readonly string[]): Block[] {
  return pages.flatMap((text, index) =>
    text
      .normalize('NFC')
      .split(/\n\s*\n/)
      .filter((part) => part.trim() !== '')
      .map((part) => ({
        text: part,
        heading: '',
        place: `page ${index + 1}`,
        shape: 'prose' as const,
        group: `page ${index + 1}`,
      })),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
