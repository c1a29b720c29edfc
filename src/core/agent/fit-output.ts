/** Owns what happens to tool output that is too long for a prompt: the whole of it goes to the spool, the model gets head, tail and where to read on. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface FitOptions {
  /** Folder of the spool, inside the home. */
  readonly spool: string;
  /** Characters a model gets at most. */
  readonly limit: number;
}

/** `output` if it is within the limit, else its head and tail around a note that names the file with the whole. `callId` must be claw's own id. */
export async function fitOutput(options: FitOptions, output: string, callId: string): Promise<string> {
  if (output.length <= options.limit) return output;
  const name = `${callId}.txt`;
  await mkdir(options.spool, { recursive: true, mode: 0o700 });
  await writeFile(join(options.spool, name), output, { mode: 0o600 });
  const half = Math.floor(options.limit / 2);
  const left = output.length - 2 * half;
  const note = `[${left} characters left out. The whole output is the file spool/${name}: read_text_file gives any part of it.]`;
  return `${wholeCharacters(output.slice(0, half))}\n\n${note}\n\n${wholeCharacters(output.slice(-half))}`;
}

/** Takes off half a surrogate pair at either end. */
function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, '').replace(/[\ud800-\udbff]$/, '');
}
