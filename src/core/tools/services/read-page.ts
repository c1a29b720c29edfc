/** Owns the reading of web pages for tools: the parsers run behind the wall for documents of strangers, with a deadline. */
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import type { DocumentReader } from '../../sandbox/document-reader.ts';
import type { Service } from '../call-tool.ts';

const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const QUESTION = z.object({ html: z.string(), url: z.string() });
const PAGE = z.object({ title: z.string(), markdown: z.string() });

/** The service `pages` of web_fetch: `read` gives `{title, text}` of `{html, url}`, the text as Markdown. */
export function pageService(reader: () => Promise<Pick<DocumentReader, 'run'>>): Service {
  return async (method, args, { call }) => {
    if (method !== 'read') throw new ClawError('sandbox-refused', `the service pages cannot ${JSON.stringify(method)}`);
    const { html, url } = QUESTION.parse(args);
    const run = await (
      await reader()
    ).run({
      args: ['page', url],
      input: Buffer.from(html),
      timeoutMs: TIMEOUT_MS,
      maxOutputBytes: MAX_OUTPUT_BYTES,
      signal: call.signal,
    });
    const page = run.outcome === 'exited' && run.code === 0 ? readAnswer(run.stdout.toString()) : undefined;
    if (page === undefined)
      throw new ClawError('data-invalid', 'the page cannot be made readable: it is too large or not well formed');
    return { title: page.title, text: page.markdown.replaceAll(/\n{3,}/g, '\n\n').trim() };
  };
}

/** What the reader printed; undefined for a refusal. A hole in a parser may print anything. */
function readAnswer(printed: string): z.infer<typeof PAGE> | undefined {
  try {
    return PAGE.safeParse(JSON.parse(printed)).data;
  } catch {
    return undefined;
  }
}
