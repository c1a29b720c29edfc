/** Owns how a secret comes in: from a pipe, or typed without being shown. Never from the command line, where other programs and the shell's history see it. */
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';

const MAX_BYTES = 1_048_576;
const ENTER = /[\r\n]/;

/** The text of stdin without its last line end; on a terminal, what is typed after `question` up to Enter. Throws `cancelled` at Ctrl-C. */
export async function readSecret(question: string): Promise<string> {
  return process.stdin.isTTY ? typeSecret(question) : readAll();
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) throw new ClawError('usage-invalid', `The value is longer than ${MAX_BYTES} bytes.`);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

async function typeSecret(question: string): Promise<string> {
  const { stdin, stderr } = process;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const onData = (chunk: string): void => {
    const [line = '', ...rest] = chunk.split(ENTER);
    if (line.includes('\u0003')) return reject(new ClawError('cancelled', phrase('nothingChanged')));
    typed = edit(typed, line);
    if (rest.length > 0 || (line.includes('\u0004') && typed === '')) resolve(typed);
  };
  // Before the question: who answers it at once is not echoed either.
  stdin.setRawMode(true);
  stderr.write(`${question} (not shown): `);
  stdin.setEncoding('utf8').on('data', onData);
  try {
    return await promise;
  } finally {
    stdin.off('data', onData).setRawMode(false).pause();
    stderr.write('\n');
  }
}

/** `typed` after more keys: backspace takes one character back, Ctrl-U all of them, other control keys do nothing. */
function edit(typed: string, keys: string): string {
  let characters = [...typed];
  for (const key of keys) {
    if (key === '\u007f' || key === '\b') characters.pop();
    else if (key === '\u0015') characters = [];
    else if (key >= ' ') characters.push(key);
  }
  return characters.join('');
}
