/** Owns the reading of a tool's source in a process of its own. Promises: the host parses nothing of it, a source that breaks the parser is a finding. */
import { z } from 'zod';
import { ClawError } from '../../kernel/errors.ts';
import { runProgram } from '../../sandbox/run-program.ts';
import { ownProgram } from './own-program.ts';
import type { Finding } from './scan-program.ts';

export interface SourceText {
  readonly source: string;
  readonly language: 'ts' | 'js';
}

export interface ReadSource {
  /** The source without types, what the sandbox runs; null when it cannot be read as a program. */
  readonly code: string | null;
  readonly findings: readonly Finding[];
}

export type SourceReader = (text: SourceText, signal?: AbortSignal) => Promise<ReadSource>;

/** Longest source of a tool, in bytes. */
export const MAX_SOURCE_BYTES = 256 * 1024;

const TIMEOUT_MS = 15_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const FLAGS = ['--no-warnings', '--permission', '--allow-fs-read=*', '--allow-addons', '--max-old-space-size=256'];
const RESULT = z.object({
  code: z.string().nullable(),
  findings: z.array(z.object({ rule: z.string(), line: z.number(), message: z.string() })),
});

/** Strips and scans one source; `limit-reached` above 256 KiB. */
export const readSource: SourceReader = async ({ source, language }, signal) => {
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) {
    throw new ClawError('limit-reached', `The source is larger than ${MAX_SOURCE_BYTES} bytes.`, {
      hint: 'Write a smaller tool.',
    });
  }
  const run = await runProgram({
    program: process.execPath,
    args: [...FLAGS, ownProgram('core/tools/source/read-source-main'), language],
    env: {},
    cwd: '/',
    stdin: source,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
    ...(signal === undefined ? {} : { signal }),
  });
  signal?.throwIfAborted();
  if (run.outcome === 'exited' && run.code === 0) return RESULT.parse(JSON.parse(run.stdout.toString())) as ReadSource;
  const why = run.outcome === 'exited' ? 'the parser gave up on it' : `the parser did not end (${run.outcome})`;
  return { code: null, findings: [{ rule: 'syntax-error', line: 1, message: `the source cannot be read: ${why}` }] };
};
