/** Owns the life of the REPL: the first frame before anything is loaded, then claw behind it, then the way out. */
import { render } from 'ink';
import { ClawError } from '../core/kernel/errors.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { inWords, phrase } from '../core/kernel/language/phrase.ts';
import { App } from './App.tsx';
import type { ApprovalChoice, PendingApproval } from './approval-choices.ts';
import type { AttachmentFiles } from './attachments.ts';
import type { ChatPort, ConversationSummary } from './chat-port.ts';
import type { InputHistory } from './input-history.ts';
import { ReplController } from './repl-controller.ts';
import { openScreen, waitInBackground } from './repl-screen.ts';
import { initialState } from './repl-state.ts';
import { createReplStore, type ReplStore } from './repl-store.ts';
import { enterConversation, findSlashCommand } from './slash-commands.ts';
import type { SlashContext } from './slash-context.ts';
import { describeAge, fenced } from './slash-reports.ts';
import { printError, TurnRunner, type MessageOptions } from './turn-runner.ts';

/** What is loaded after the first frame. */
export interface ReplBackend {
  readonly port: ChatPort;
  readonly files: AttachmentFiles;
  readonly history: InputHistory;
}

export interface ReplOptions {
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly message: MessageOptions;
  /** Sent as soon as claw is ready. */
  readonly prompt: string | undefined;
  /** The conversation to go on with: its id, or `last`. */
  readonly resume: string | undefined;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly writeFile: SlashContext['writeFile'];
  /** Leaves when it aborts. */
  readonly signal: AbortSignal;
}

interface Repl {
  readonly store: ReplStore;
  readonly runner: TurnRunner;
  readonly options: ReplOptions;
  readonly screen: SlashContext['screen'];
  readonly opened: Promise<ReplBackend>;
}

/** Milliseconds an interrupted turn gets to write down how it ended, at the way out. */
const LEAVE_MS = 2000;
/** How long leaving waits for what is learned from the conversation, when it says so, and how long what an earlier process left may take, in milliseconds. */
const LEARN_MS = 10_000;
const SLOW_MS = 700;
const LATER_MS = 120_000;

/** Runs the REPL until the user leaves. `open` is called after the first frame; its failure ends the REPL and is thrown. */
export async function startRepl(open: () => Promise<ReplBackend>, options: ReplOptions): Promise<void> {
  const { stdin, stdout, message } = options;
  const store = createReplStore(initialState(options.version, options.catalogue));
  const opening = Promise.withResolvers<ReplBackend>();
  const left = Promise.withResolvers<void>();
  const files = lateFiles(opening.promise);
  const port = opening.promise.then((backend) => backend.port);
  port.catch(() => {}); // told by the rejection of `begin`
  const runner = new TurnRunner({ store, port, files, options: message, now: Date.now });
  const screen = { clear: (): void => frame.clear(), leave: (): void => left.resolve() };
  const repl: Repl = { store, runner, options, screen, opened: opening.promise };
  const controller = new ReplController({
    store,
    runner,
    files,
    history: lateHistory(opening.promise),
    actions: createActions(repl),
  });
  const ink = render(
    <App
      store={store}
      controller={controller}
      colors={stdout.hasColors()}
      now={Date.now}
      waitInBackground={waitInBackground}
    />,
    { stdin, stdout, exitOnCtrlC: false, interactive: true, kittyKeyboard: { mode: 'auto' } },
  );
  const frame = openScreen(store, stdout, ink.clear);
  const leave = (): void => left.resolve();
  options.signal.addEventListener('abort', leave);
  // The renderer would end the process by the same signal; a listener of ours makes it leave in order instead.
  process.on('SIGTERM', leave).on('SIGINT', leave);
  try {
    await ink.waitUntilRenderFlush();
    const failed = new Promise<never>((_, reject) => {
      begin(repl, open, opening).catch(reject);
    });
    await Promise.race([left.promise, failed, ink.waitUntilExit()]);
    runner.interrupt();
    await Promise.race([runner.idle(), new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref())]);
  } finally {
    frame.close();
    process.off('SIGTERM', leave).off('SIGINT', leave);
    ink.clear();
    ink.unmount();
  }
  const { conversationId } = store.state().session;
  if (conversationId === undefined) return;
  stdout.write(`${options.catalogue.repl.goOnCommand(conversationId)}\n`);
  await learnAtEnd(await port, conversationId, options);
}

/** Looks at the conversation for what to remember. Whoever does not wait loses nothing: it is done later. */
async function learnAtEnd(
  port: ReplBackend['port'],
  conversationId: string,
  { stdout, signal, catalogue }: ReplOptions,
): Promise<void> {
  const told = setTimeout(() => stdout.write(`${catalogue.repl.noting}\n`), SLOW_MS);
  try {
    await port.learn(conversationId, signal.aborted ? 0 : LEARN_MS);
  } catch {
    // It is written down, and done later.
  } finally {
    clearTimeout(told);
  }
}

/** Loads claw and shows what was asked for. */
async function begin(
  repl: Repl,
  open: () => Promise<ReplBackend>,
  opening: PromiseWithResolvers<ReplBackend>,
): Promise<void> {
  const { store, runner, options } = repl;
  try {
    const backend = await open();
    const { models, conversations } = backend.port;
    const chosen =
      options.message.model === undefined ? await models.current() : await models.choose(options.message.model);
    store.dispatch({ type: 'ready', session: { model: chosen.ref, contextTokens: chosen.contextTokens } });
    say(store, inWords(chosen.missing ?? chosen.ref, options.catalogue.phrases));
    if (options.resume !== undefined) {
      const last =
        options.resume === 'last' ? (await conversations.list(1))[0] : await conversations.find(options.resume);
      if (last === undefined) say(store, options.catalogue.repl.noEarlierFirst);
      else await enterConversation(contextOf(repl, backend), last);
    } else if (options.prompt === undefined) {
      const [last] = await conversations.list(1);
      if (last !== undefined) say(store, offerText(last, options.catalogue));
    }
    opening.resolve(backend);
    backend.port.learn(undefined, LATER_MS).catch(() => {}); // what an earlier process left is still written down
  } catch (error) {
    opening.reject(error);
    throw error;
  }
  if (options.prompt !== undefined) await runner.submit({ text: options.prompt, typed: options.prompt, files: [] });
}

function offerText({ title, updatedAt }: ConversationSummary, catalogue: Catalogue): string {
  return catalogue.repl.offer(title, describeAge(Date.now() - updatedAt, catalogue));
}

function say(store: ReplStore, text: string): void {
  store.dispatch({ type: 'print', item: { kind: 'notice', level: 'info', text } });
}

function contextOf({ store, options, screen }: Repl, { port }: ReplBackend): SlashContext {
  return { store, port, options: options.message, writeFile: options.writeFile, screen };
}

function createActions(repl: Repl) {
  const { store, runner, screen, opened } = repl;
  return {
    async slash(name: string, argument: string): Promise<void> {
      try {
        const command = findSlashCommand(name);
        if (command.needsIdle && runner.isRunning()) {
          throw new ClawError('conflict', phrase('waitsForTurn', `/${name}`), { hint: phrase('pressEsc') });
        }
        if (name !== 'clear' && name !== 'quit')
          store.dispatch({ type: 'print', item: { kind: 'user', text: `/${name} ${argument}`.trim(), joined: false } });
        await command.run(contextOf(repl, await opened), argument);
      } catch (error) {
        printError(store, error);
      }
    },
    /** Enter on an empty line takes the offer to go on with the last conversation. */
    emptyLine(): void {
      const { conversationId, turns } = store.state().session;
      if (conversationId !== undefined || turns > 0) return;
      void (async () => {
        const backend = await opened;
        const [last] = await backend.port.conversations.list(1);
        if (last !== undefined && store.state().session.conversationId === undefined)
          await enterConversation(contextOf(repl, backend), last);
      })().catch((error: unknown) => printError(store, error));
    },
    answer(approval: PendingApproval, { answer }: ApprovalChoice): void {
      void (async () => {
        const { approvals } = (await opened).port;
        if (answer === 'details') {
          const text = await approvals.detail(approval.approvalId);
          return store.dispatch({
            type: 'print',
            item: { kind: 'report', source: fenced(text === '' ? approval.act : text) },
          });
        }
        store.dispatch({ type: 'answered', approvalId: approval.approvalId, now: Date.now() });
        await approvals.decide(approval.approvalId, answer);
        say(store, `${store.state().catalogue.repl.answers[answer]}: ${approval.act}`);
      })().catch((error: unknown) => printError(store, error));
    },
    clearScreen: screen.clear,
    leave: screen.leave,
    now: Date.now,
  };
}

/** Files of a backend that is still being loaded. */
function lateFiles(opened: Promise<ReplBackend>): AttachmentFiles {
  return {
    read: async (path) => (await opened).files.read(path),
    list: async (folder) => (await opened).files.list(folder),
  };
}

/** The history of a backend that is still being loaded: empty until then. */
function lateHistory(opened: Promise<ReplBackend>): InputHistory {
  const entries: string[] = [];
  void opened.then(
    ({ history }) => entries.unshift(...history.entries),
    () => entries,
  );
  return {
    entries,
    async add(text) {
      if (text !== entries.at(-1)) entries.push(text);
      await (await opened).history.add(text);
    },
  };
}
