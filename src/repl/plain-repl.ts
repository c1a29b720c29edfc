/** Owns the chat without a screen: a line in, an answer out, on the same events. For pipes, scripts and terminals that cannot be drawn on. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { ClawError, toError } from '../core/kernel/errors.ts';
import { ENGLISH } from '../core/kernel/language/catalogue.ts';
import { composeMessage, editorWith } from './input-editor.ts';
import { readAttachments, type AttachmentFiles } from './attachments.ts';
import type { ChatPort, OutgoingMessage } from './chat-port.ts';
import { exitCodeOf, tellFailure, textWriter, type Output } from './print-mode.ts';
import type { MessageOptions } from './turn-runner.ts';

export interface PlainOptions {
  readonly message: MessageOptions;
  readonly conversationId: string | undefined;
  readonly prompt: string | undefined;
  readonly signal: AbortSignal;
  readonly input: Readable;
  /** Where the prompt mark goes; absent: nobody reads it. */
  readonly echo: Writable | undefined;
}

/** How long the end waits for what is learned from the conversation, in milliseconds; what takes longer is done later. */
const LEARN_MS = 15_000;

/** Answers line after line until the input ends; returns the exit code of the last turn. */
export async function runPlainRepl(
  port: ChatPort,
  files: AttachmentFiles,
  options: PlainOptions,
  output: Output,
): Promise<number> {
  let { conversationId } = options;
  let exitCode = 0;
  const answer = async (line: string): Promise<void> => {
    if (line.trim() === '') return;
    const { text } = composeMessage(editorWith(line));
    const { images, files: attached, missing } = await readAttachments(text, files);
    for (const name of missing) output.err((output.catalogue ?? ENGLISH).repl.noFile(JSON.stringify(name)));
    const { model, tools, maxCostUsd } = options.message;
    const message: OutgoingMessage = {
      text,
      images,
      files: attached,
      signal: options.signal,
      ...defined({ conversationId, model, tools, maxCostUsd }),
    };
    const writer = textWriter(output);
    for await (const event of port.send(message)) {
      writer.event(event);
      if (event.type === 'turn-start') ({ conversationId } = event);
      if (event.type !== 'turn-end') continue;
      writer.end(event);
      exitCode = exitCodeOf(event);
    }
  };
  const attempt = async (line: string): Promise<void> => {
    try {
      await answer(line);
    } catch (thrown) {
      const error = toError(thrown);
      if (!(error instanceof ClawError)) throw error;
      tellFailure(error, output);
      exitCode = error.exitCode;
    }
  };
  if (options.prompt !== undefined) await attempt(options.prompt);
  options.echo?.write('> ');
  for await (const line of createInterface({ input: options.input, terminal: false, signal: options.signal })) {
    await attempt(line);
    if (options.signal.aborted) break;
    options.echo?.write('> ');
  }
  await port.learn(conversationId, options.signal.aborted ? 0 : LEARN_MS).catch(() => {}); // what is written down is done later
  return options.signal.aborted ? 130 : exitCode;
}

/** The entries of `values` that are set. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
