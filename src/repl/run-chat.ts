/** Owns which face the chat shows: a screen on a terminal, lines in a pipe, or one answer with --print. Loads only what that face needs. */
import type { App } from '../core/create-app.ts';
import { ClawError } from '../core/kernel/errors.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { inWords, phrase } from '../core/kernel/language/phrase.ts';
import { openAttachmentFiles, readAttachments } from './attachments.ts';
import type { ChatPort, OutgoingMessage } from './chat-port.ts';
import type { ChatRequest } from './chat-request.ts';
import { openChat, openReplBackend, type StoryJson } from './open-chat.ts';
import { printAnswer, printFailure, type Output } from './print-mode.ts';
import { isPiped, readPiped } from './read-stdin.ts';
import type { SlashContext } from './slash-context.ts';

export interface ChatSurroundings {
  readonly openApp: () => Promise<App>;
  readonly storyJson: StoryJson;
  readonly writeFile: SlashContext['writeFile'];
  readonly version: string;
  /** What claw itself says is said in these words. */
  readonly catalogue: Catalogue;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** The terminal cannot be drawn on. */
  readonly isDumb: boolean;
}

/** Characters of piped text that go into the message itself; more travels as a file. */
const MAX_INLINE = 8000;
/** Milliseconds a question waits for text that may be piped in beside it. */
const STDIN_PATIENCE_MS = 3000;

/** Runs the chat to its end and returns the exit code. */
export async function runChat(request: ChatRequest, around: ChatSurroundings): Promise<number> {
  const { stdin, stdout } = around;
  const isPrinted = request.print || request.format !== 'text' || (request.prompt !== undefined && !stdout.isTTY);
  if (isPrinted) return print(request, around);
  if (stdin.isTTY && stdout.isTTY && !around.isDumb) return showScreen(request, around);
  return readLines(request, around);
}

async function print(request: ChatRequest, around: ChatSurroundings): Promise<number> {
  const { format } = request;
  try {
    const asked = await readQuestion(request.prompt, around);
    const app = await around.openApp();
    const port = await openChat(app, request.user, around.storyJson);
    const attached = await readAttachments(asked.typed, openAttachmentFiles(around.cwd, app.paths.home));
    for (const name of attached.missing) around.output.err(around.catalogue.repl.noFile(JSON.stringify(name)));
    const message: OutgoingMessage = {
      text: asked.text,
      files: [...asked.files, ...attached.files],
      images: attached.images,
      ...(await target(request, port)),
      signal: around.signal,
    };
    return await printAnswer(port, message, format, around.output);
  } catch (error) {
    return printFailure(error, format, around.output);
  }
}

async function showScreen(request: ChatRequest, around: ChatSurroundings): Promise<number> {
  const { startRepl } = await import('./start-repl.tsx');
  const { resume, prompt, model, tools, maxCostUsd, user } = request;
  const open = async () => {
    const app = await around.openApp();
    return openReplBackend(app, await openChat(app, user, around.storyJson), around.cwd);
  };
  const message = { model, maxCostUsd, tools: tools ? undefined : false };
  const { version, catalogue, stdin, stdout, writeFile, signal } = around;
  await startRepl(open, { version, catalogue, message, prompt, resume, stdin, stdout, writeFile, signal });
  return 0;
}

async function readLines(request: ChatRequest, around: ChatSurroundings): Promise<number> {
  const { runPlainRepl } = await import('./plain-repl.ts');
  const app = await around.openApp();
  const port = await openChat(app, request.user, around.storyJson);
  const current = request.model === undefined ? await port.models.current() : undefined;
  if (current?.missing !== undefined) around.output.err(inWords(current.missing, around.catalogue.phrases));
  const { conversationId, ...message } = await target(request, port);
  const options = {
    message,
    conversationId,
    prompt: request.prompt,
    signal: around.signal,
    input: around.stdin,
    echo: around.stdin.isTTY ? around.stdout : undefined,
  };
  return runPlainRepl(port, openAttachmentFiles(around.cwd, app.paths.home), options, around.output);
}

/** Where a message goes, as the flags say. */
async function target(
  request: ChatRequest,
  port: ChatPort,
): Promise<Pick<OutgoingMessage, 'conversationId' | 'model' | 'tools' | 'maxCostUsd'>> {
  const { resume, model, tools, maxCostUsd } = request;
  const conversation =
    resume === 'last'
      ? (await port.conversations.list(1))[0]
      : resume === undefined
        ? undefined
        : await port.conversations.find(resume);
  return {
    ...(conversation === undefined ? {} : { conversationId: conversation.id }),
    ...(model === undefined ? {} : { model }),
    ...(tools ? {} : { tools: false }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}

interface Question {
  readonly text: string;
  /** The part the user typed: only there does `@` attach a file. */
  readonly typed: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** The question of a one-shot run: the argument, stdin, or both. Throws `usage-invalid` when there is none. */
async function readQuestion(
  prompt: string | undefined,
  { stdin, output, catalogue }: ChatSurroundings,
): Promise<Question> {
  const typed = prompt === '-' || prompt === undefined ? '' : prompt;
  const isAsked = prompt === '-' || (typed === '' && !stdin.isTTY);
  if (!isAsked && !(typed !== '' && !stdin.isTTY && isPiped(0))) return question(typed, '');
  const { text, isLate } = await readPiped(stdin, isAsked ? undefined : STDIN_PATIENCE_MS);
  if (isLate) output.err(catalogue.repl.nothingOnStdin);
  return question(typed, text.trim());
}

function question(typed: string, piped: string): Question {
  if (typed.trim() === '' && piped === '') {
    throw new ClawError('usage-invalid', phrase('noQuestion'), { hint: phrase('askQuestion') });
  }
  if (piped.length <= MAX_INLINE)
    return { text: [typed, piped].filter((part) => part !== '').join('\n\n'), typed, files: [] };
  return {
    text: typed === '' ? 'The input is the attached text "stdin".' : typed,
    typed,
    files: [{ name: 'stdin', text: piped }],
  };
}
