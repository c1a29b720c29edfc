/** Owns the way of a message from the input to the running turn: sends, steers, interrupts. One turn at a time; every failure ends as a line on the screen. */
import { ClawError, toError } from '../core/kernel/errors.ts';
import { explain } from '../core/kernel/language/catalogue.ts';
import { readAttachments, type AttachmentFiles } from './attachments.ts';
import type { ChatPort, OutgoingMessage } from './chat-port.ts';
import type { ComposedMessage } from './input-editor.ts';
import type { ReplStore } from './repl-store.ts';

/** What the flags of the command and /model decide for the messages to come. */
export interface MessageOptions {
  model?: string | undefined;
  tools?: boolean | undefined;
  maxCostUsd?: number | undefined;
}

interface RunnerDeps {
  readonly store: ReplStore;
  /** Resolves when claw is ready; typing begins before. */
  readonly port: Promise<ChatPort>;
  readonly files: AttachmentFiles;
  readonly options: MessageOptions;
  readonly now: () => number;
}

/** Runs one turn after the other for one screen. */
export class TurnRunner {
  readonly #deps: RunnerDeps;
  #abort: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  /** Messages that came when the turn was not there to take them; they are the next message. */
  readonly #later: string[] = [];

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  isRunning(): boolean {
    return this.#abort !== undefined;
  }

  /** Resolves when the turn that runs now has ended. */
  idle(): Promise<void> {
    return this.#running;
  }

  /** Stops the running turn; false when none runs, or when it is stopping already. */
  interrupt(): boolean {
    if (this.#abort === undefined || this.#abort.signal.aborted) return false;
    this.#deps.store.dispatch({ type: 'stopping' });
    this.#abort.abort(new ClawError('cancelled', 'Interrupted.'));
    return true;
  }

  /** Sends `message`, or gives it to the running turn. False: it was refused and stays in the input. */
  async submit({ text, typed, files: pasted }: ComposedMessage): Promise<boolean> {
    const { store } = this.#deps;
    const attached = await readAttachments(typed, this.#deps.files).catch((error: unknown) => printError(store, error));
    if (attached === undefined) return false;
    const files = [...pasted, ...attached.files];
    const { images, missing } = attached;
    if (this.isRunning() && files.length + images.length > 0) {
      store.dispatch({ type: 'hint', hint: store.state().catalogue.repl.filesLater });
      return false;
    }
    if (this.isRunning()) {
      await this.#steer(text).catch((error: unknown) => printError(store, error));
      return true;
    }
    this.#start({ text, files, images });
    const names = [...files.map(({ name }) => name), ...images.map(({ mediaType }) => mediaType)];
    if (names.length > 0) note(store, 'info', store.state().catalogue.repl.attached(names.join(', ')));
    for (const name of missing) note(store, 'warning', store.state().catalogue.repl.noFile(JSON.stringify(name)));
    return true;
  }

  #start(message: Omit<OutgoingMessage, 'signal'>, queued: readonly string[] = []): void {
    const { store, now } = this.#deps;
    const stop = new AbortController();
    this.#abort = stop;
    store.dispatch({ type: 'sent', text: message.text, queued, now: now() });
    this.#running = this.#run(message, stop.signal).finally(() => {
      this.#abort = undefined;
      store.dispatch({ type: 'settled' });
      const queue = this.#later.splice(0);
      if (queue.length > 0) this.#start({ text: queue.join('\n') }, queue);
    });
  }

  async #run(message: Omit<OutgoingMessage, 'signal'>, signal: AbortSignal): Promise<void> {
    const { store, port, options, now } = this.#deps;
    try {
      const claw = await port;
      const { conversationId } = store.state().session;
      const target = conversationId === undefined ? {} : { conversationId };
      const sent: OutgoingMessage = { ...message, ...definedOptions(options), ...target, canAsk: true, signal };
      for await (const event of claw.send(sent)) store.dispatch({ type: 'event', event, now: now() });
      await countContext(store, claw);
    } catch (error) {
      printError(store, error);
    }
  }

  async #steer(text: string): Promise<void> {
    const { store, port } = this.#deps;
    const { conversationId } = store.state().session;
    store.dispatch({ type: 'steered', text });
    if (conversationId !== undefined && (await (await port).steer(conversationId, text))) return;
    if (this.isRunning()) this.#later.push(text);
    else this.#start({ text }, [text]);
  }
}

function note(store: ReplStore, level: 'info' | 'warning', text: string): void {
  store.dispatch({ type: 'print', item: { kind: 'notice', level, text } });
}

/** Notes how much of the context the last model call took. */
async function countContext(store: ReplStore, { conversations }: ChatPort): Promise<void> {
  const { conversationId } = store.state().session;
  const last = conversationId === undefined ? undefined : await conversations.lastCall(conversationId);
  if (last !== undefined)
    store.dispatch({ type: 'session', session: { usedTokens: last.inputTokens + last.outputTokens } });
}

/** Shows a failure as people need it: what, and what to do next. Bugs show their stack. */
export function printError(store: ReplStore, thrown: unknown): undefined {
  const error = toError(thrown);
  const isExpected = error instanceof ClawError;
  const { message, hint } = isExpected
    ? explain(error, store.state().catalogue)
    : { message: error.message, hint: error.stack };
  store.dispatch({
    type: 'print',
    item: { kind: 'notice', level: 'error', text: message, ...(hint === undefined ? {} : { hint }) },
  });
  return undefined;
}

function definedOptions(options: MessageOptions): Pick<OutgoingMessage, 'model' | 'tools' | 'maxCostUsd'> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
