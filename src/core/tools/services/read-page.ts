/** Owns the reading of web pages for tools: the parsers run in a process of their own with a deadline. */
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import type { JsonValue } from '../../kernel/messages.ts';
import { runProgram } from '../../sandbox/run-program.ts';
import type { Service } from '../call-tool.ts';
import { ownProgram } from '../source/own-program.ts';

const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 8 * 1024 * 1024;
const FLAGS = ['--no-warnings', '--permission', '--allow-fs-read=*', '--max-old-space-size=384', '--stack-size=2000'];
const QUESTION = z.object({ html: z.string(), url: z.string() });
const PAGE = z.object({ title: z.string(), text: z.string() });

/** The service `pages` of web_fetch: `read` gives `{title, text}` of `{html, url}`, the text as Markdown. */
export const pageService: Service = async (method, args, { call }) => {
  if (method !== 'read') throw new ClawError('sandbox-refused', `the service pages cannot ${JSON.stringify(method)}`);
  return readPage(QUESTION.parse(args), call.signal);
};

async function readPage(question: z.infer<typeof QUESTION>, signal: AbortSignal): Promise<JsonValue> {
  const run = await runProgram({
    program: process.execPath,
    args: [...FLAGS, ownProgram('core/tools/services/read-page-main')],
    env: {},
    cwd: '/',
    stdin: JSON.stringify(question),
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    signal,
  });
  if (run.outcome === 'exited' && run.code === 0) return PAGE.parse(JSON.parse(run.stdout.toString()));
  throw new ClawError('data-invalid', 'the page cannot be made readable: it is too large or not well formed');
}
