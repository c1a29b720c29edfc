/** Owns the way of a message from the input to the running turn: sends, steers, interrupts. One turn at a time; every failure ends as a line on the screen. */
import { ClawError, toError } from '../core/kernel/errors.ts';
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

export interface TurnRunner {
  /** Sends `message`, or gives it to the running turn. False: it was refused and stays in the input. */
  submit(message: ComposedMessage): Promise<boolean>;
  /** Stops the running turn; false when none runs. */
  interrupt(): boolean;
  isRunning(): boolean;
  /** Resolves when no turn runs any more. */
  idle(): Promise<void>;
}

interface RunnerDeps {
  readonly store: ReplStore;
  /** Resolves when claw is ready; typing begins before. */
  readonly port: Promise<ChatPort>;
  readonly files: AttachmentFiles;
  readonly options: MessageOptions;
  readonly now: () => number;
}

export function createTurnRunner(deps: RunnerDeps): TurnRunner {
  const { store, port, options } = deps;
  let abort: AbortController | undefined;
  let running: Promise<void> = Promise.resolve();
  /** Messages that came when the turn was not there to take them; they are the next message. */
  const later: string[] = [];

  const start = (message: Omit<OutgoingMessage, 'signal'>, queued: readonly string[] = []): void => {
    const stop = new AbortController();
    abort = stop;
    store.dispatch({ type: 'sent', text: message.text, queued, now: deps.now() });
    running = run(message, stop.signal).finally(() => {
      abort = undefined;
      store.dispatch({ type: 'settled' });
      const queue = later.splice(0);
      if (queue.length > 0) start({ text: queue.join('\n') }, queue);
    });
  };

  const run = async (message: Omit<OutgoingMessage, 'signal'>, signal: AbortSignal): Promise<void> => {
    try {
      const claw = await port;
      const { conversationId } = store.state().session;
      const sent: OutgoingMessage = { ...message, ...definedOptions(options), ...(conversationId === undefined ? {} : { conversationId }), signal };
      for await (const event of claw.send(sent)) store.dispatch({ type: 'event', event, now: deps.now() });
      await countContext(store, claw);
    } catch (error) {
      printError(store, error);
    }
  };

  const steer = async (text: string): Promise<void> => {
    const { conversationId } = store.state().session;
    store.dispatch({ type: 'steered', text });
    if (conversationId !== undefined && (await (await port).steer(conversationId, text))) return;
    if (abort === undefined) start({ text }, [text]);
    else later.push(text);
  };

  return {
    async submit({ text, typed, files: pasted }) {
      const attached = await readAttachments(typed, deps.files).catch((error: unknown) => printError(store, error));
      if (attached === undefined) return false;
      const files = [...pasted, ...attached.files];
      const { images, missing } = attached;
      if (abort !== undefined && files.length + images.length > 0) {
        store.dispatch({ type: 'hint', hint: 'Files can be sent when the turn has ended' });
        return false;
      }
      if (abort !== undefined) {
        await steer(text).catch((error: unknown) => printError(store, error));
        return true;
      }
      start({ text, files, images });
      for (const name of missing) {
        store.dispatch({ type: 'print', item: { kind: 'notice', level: 'warning', text: `There is no file ${JSON.stringify(name)}; the message went without it.` } });
      }
      return true;
    },
    interrupt() {
      if (abort === undefined || abort.signal.aborted) return false;
      store.dispatch({ type: 'stopping' });
      abort.abort(new ClawError('cancelled', 'Interrupted.'));
      return true;
    },
    isRunning: () => abort !== undefined,
    idle: () => running,
  };
}

/** Notes how much of the context the last model call took. */
async function countContext(store: ReplStore, { conversations }: ChatPort): Promise<void> {
  const { conversationId } = store.state().session;
  const last = conversationId === undefined ? undefined : await conversations.lastCall(conversationId);
  if (last !== undefined) store.dispatch({ type: 'session', session: { usedTokens: last.inputTokens + last.outputTokens } });
}

/** Shows a failure as people need it: what, and what to do next. Bugs show their stack. */
export function printError(store: ReplStore, thrown: unknown): undefined {
  const error = toError(thrown);
  const isExpected = error instanceof ClawError;
  const hint = isExpected ? error.hint : error.stack;
  store.dispatch({ type: 'print', item: { kind: 'notice', level: 'error', text: error.message, ...(hint === undefined ? {} : { hint }) } });
  return undefined;
}

function definedOptions({ model, tools, maxCostUsd }: MessageOptions): Pick<OutgoingMessage, 'model' | 'tools' | 'maxCostUsd'> {
  return {
    ...(model === undefined ? {} : { model }),
    ...(tools === undefined ? {} : { tools }),
    ...(maxCostUsd === undefined ? {} : { maxCostUsd }),
  };
}
