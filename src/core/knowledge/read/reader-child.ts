/** Owns the program that reads PDF, DOCX and HTML behind a wall: a file made to hang or burst a parser does so there and not in the server. Reads the file from stdin, prints one JSON value; runs nothing of what it reads and fetches nothing. */
import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';

/** Bytes that a DOCX may unpack to. */
const MAX_UNPACKED = 64 * 1024 * 1024;
const MAX_PAGES = 5_000;

interface Printed {
  readonly title: string;
  /** Markdown, or plain text a page. */
  readonly markdown?: string;
  readonly pages?: readonly string[];
}

/** Why a document is refused, as far as that is known; claw has a sentence for each. */
class Refused extends Error {
  readonly reason: 'unpacked-size' | 'pages' | 'memory' | 'depth';

  constructor(reason: Refused['reason']) {
    super(reason);
    this.reason = reason;
  }
}

const [, , kind = '', url = ''] = process.argv;
const bytes = await buffer(process.stdin);
const printed = await read()
  .then((value) => JSON.stringify(value))
  .catch((error: unknown) => JSON.stringify({ refused: reasonOf(error) }));
process.stdout.write(printed);

/** V8 says by a RangeError that there is no memory for a buffer, or no room on the stack. */
function reasonOf(error: unknown): Refused['reason'] {
  if (error instanceof Refused) return error.reason;
  if (!(error instanceof RangeError)) throw error;
  return error.message.includes('call stack') ? 'depth' : 'memory';
}

function read(): Promise<Printed> {
  if (kind === 'pdf') return readPdf();
  return kind === 'docx' ? readDocx() : readHtml(bytes.toString('utf8'), kind === 'page');
}

async function readPdf(): Promise<Printed> {
  const { extractText, getDocumentProxy, getMeta } = await import('unpdf');
  const options = { isEvalSupported: false, stopAtErrors: false, maxImageSize: 1, disableFontFace: true, verbosity: 0 };
  const document = await getDocumentProxy(new Uint8Array(bytes), options);
  if (document.numPages > MAX_PAGES) throw new Refused('pages');
  const { info } = (await getMeta(document)) as { info: { Title?: unknown } };
  const { text } = await extractText(document, { mergePages: false });
  return { title: typeof info.Title === 'string' ? info.Title.trim() : '', pages: text };
}

async function readDocx(): Promise<Printed> {
  checkUnpackedSize();
  const { default: mammoth } = await import('mammoth');
  const options = { convertImage: mammoth.images.imgElement(async () => ({ src: '' })) };
  const { value } = await mammoth.convertToHtml({ buffer: bytes }, options);
  return { title: '', markdown: (await toMarkdown(value)).replaceAll(/!\[[^\]]{0,300}\]\(\)/g, '') };
}

/** Unpacks each entry as far as it may go: what an archive says of its own sizes is no proof. Format: APPNOTE.TXT of PKWARE, 4.3. */
function checkUnpackedSize(): void {
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end === -1) throw new Error('no archive');
  let at = bytes.readUInt32LE(end + 16);
  let left = MAX_UNPACKED;
  for (let entry = bytes.readUInt16LE(end + 10); entry > 0; entry -= 1) {
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const header = bytes.readUInt32LE(at + 42);
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const content = bytes.subarray(start, start + packed);
    left -= method === 8 ? unpackedSize(content, left) : packed;
    if (left < 0) throw new Refused('unpacked-size');
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
}

function unpackedSize(content: Uint8Array, left: number): number {
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, left) }).length;
  } catch (error) {
    if (error instanceof RangeError) throw new Refused('unpacked-size');
    throw error;
  }
}

/** `isFleeting`: a page that is read once, for its article; of one that was added on purpose everything shall be found. */
async function readHtml(html: string, isFleeting: boolean): Promise<Printed> {
  const { parseHTML } = await import('linkedom');
  const { Readability } = await import('@mozilla/readability');
  const { document } = parseHTML(html);
  for (const image of document.querySelectorAll('img')) image.remove();
  for (const link of document.querySelectorAll('a[href]')) {
    const href = link.getAttribute('href') ?? '';
    const target = URL.canParse(href, url) ? new URL(href, url) : undefined;
    if (target !== undefined && /^https?:$/.test(target.protocol)) link.setAttribute('href', target.href);
    else link.removeAttribute('href');
  }
  const title = document.title.trim();
  // The reader takes the document apart, so it gets one of its own.
  const article = new Readability(parseHTML(document.toString()).document).parse();
  const body = document.body?.innerHTML ?? '';
  const isShort = !isFleeting && (article?.textContent ?? '').length * 3 < (document.body?.textContent ?? '').length;
  return {
    title: article?.title?.trim() || title,
    markdown: await toMarkdown(isShort ? body : (article?.content ?? body)),
  };
}

async function toMarkdown(html: string): Promise<string> {
  const { default: Turndown } = await import('turndown');
  const markdown = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' });
  markdown.remove(['script', 'style', 'noscript', 'iframe', 'template']);
  return markdown.turndown(html);
}
