/** Owns what a slash command is given, and the few things every one of them does with it. */
import { ClawError } from '../core/kernel/errors.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import type { ChatPort } from './chat-port.ts';
import { EMPTY_SESSION } from './repl-state.ts';
import type { ReplStore } from './repl-store.ts';
import type { MessageOptions } from './turn-runner.ts';

export interface SlashContext {
  readonly store: ReplStore;
  readonly port: ChatPort;
  readonly options: MessageOptions;
  /** Writes a new file in the working directory; throws `conflict` when it exists. */
  readonly writeFile: (name: string, text: string) => Promise<unknown>;
  readonly screen: { readonly clear: () => void; readonly leave: () => void };
}

export interface SlashCommand {
  readonly name: keyof Catalogue['repl']['commands'];
  /** What follows the name, for the help. */
  readonly argument?: keyof Catalogue['repl']['arguments'];
  /** Changes the conversation: waits for the end of a running turn. */
  readonly needsIdle: boolean;
  readonly run: (context: SlashContext, argument: string) => Promise<void> | void;
}

/** The words of this screen. */
export function textsOf(store: ReplStore): Catalogue['repl'] {
  return store.state().catalogue.repl;
}

export function report(store: ReplStore, source: string): void {
  store.dispatch({ type: 'print', item: { kind: 'report', source } });
}

export function say(store: ReplStore, text: string): void {
  store.dispatch({ type: 'print', item: { kind: 'notice', level: 'info', text } });
}

/** Makes `conversation` the one to talk in; model and money of the session stay. */
export function enter({ store }: SlashContext, conversationId: string | undefined): void {
  const { lastUsage, usedTokens } = EMPTY_SESSION;
  store.dispatch({ type: 'session', session: { conversationId, lastUsage, usedTokens } });
}

export function current({ store }: SlashContext): string {
  const { conversationId } = store.state().session;
  if (conversationId === undefined)
    throw new ClawError('not-found', phrase('nothingSaid'), { hint: phrase('resumeEarlier') });
  return conversationId;
}
