/** Owns the question before something is lost. */
import { createInterface } from 'node:readline/promises';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';

/** Asks `question` on the terminal. Throws `cancelled` unless the answer is yes, and `usage-invalid` where nobody can answer. */
export async function confirm(question: string, isConfirmed: boolean, texts: Catalogue = ENGLISH): Promise<void> {
  if (isConfirmed) return;
  if (!process.stdin.isTTY) throw new ClawError('usage-invalid', question, { hint: phrase('addYes') });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} ${texts.cli.yesNo} `).finally(() => terminal.close());
  if (!/^(?:y|yes|예|네|ㅇ)$/i.test(answer.trim())) throw new ClawError('cancelled', phrase('nothingChanged'));
}

/** Asks where somebody can answer; elsewhere it goes on. For what can be taken back. Throws `cancelled`. */
export async function confirmOnTerminal(question: string, isConfirmed: boolean): Promise<void> {
  if (process.stdin.isTTY && process.stderr.isTTY) await confirm(question, isConfirmed);
}
