/** A REPL without a screen: keys go in, the state comes out. */
import type { ApprovalChoice, PendingApproval } from '../../src/repl/approval-choices.ts';
import type { AttachmentFiles } from '../../src/repl/attachments.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type { KeyCommand } from '../../src/repl/key-commands.ts';
import { ReplController } from '../../src/repl/repl-controller.ts';
import { initialState, type ReplState } from '../../src/repl/repl-state.ts';
import { createReplStore, type ReplStore } from '../../src/repl/repl-store.ts';
import { drawItem } from '../../src/repl/draw-item.ts';
import { plainText } from '../../src/repl/styled-text.ts';
import { TurnRunner, type MessageOptions } from '../../src/repl/turn-runner.ts';
import { createFakeChat, type FakeChat } from './fake-chat-port.ts';

export interface Typing {
  readonly store: ReplStore;
  readonly chat: FakeChat;
  readonly runner: TurnRunner;
  readonly options: MessageOptions;
  /** What the controller asked its surroundings for. */
  readonly asked: string[];
  /** Types text; a command object presses that key. */
  type(...keys: readonly (string | KeyCommand)[]): void;
  paste(text: string): void;
  text(): string;
  /** Everything printed, as plain text. */
  screen(): string;
  /** Resolves when the state is as wanted. */
  until(isReady: (state: ReplState) => boolean): Promise<void>;
  passTime(ms: number): void;
}

export function startTyping(
  settings: { chat?: FakeChat; history?: string[]; files?: Partial<AttachmentFiles> } = {},
): Typing {
  const { chat = createFakeChat(), history = [] } = settings;
  const store = createReplStore(initialState('0'));
  const asked: string[] = [];
  const options: MessageOptions = {};
  let now = 0;
  const files: AttachmentFiles = {
    read: (path) => Promise.reject(new ClawError('not-found', `${path} does not exist`)),
    list: async () => [],
    ...settings.files,
  };
  const runner = new TurnRunner({ store, port: Promise.resolve(chat), files, options, now: () => now });
  const ask = (what: string) => (): void => void asked.push(what);
  const actions = {
    slash: async (name: string, argument: string) => void asked.push(`/${name} ${argument}`.trim()),
    emptyLine: ask('empty line'),
    answer: ({ approvalId }: PendingApproval, { answer }: ApprovalChoice) => {
      asked.push(`${approvalId} ${answer}`);
      store.dispatch({ type: 'answered', approvalId, now });
    },
    clearScreen: ask('clear'),
    leave: ask('leave'),
    now: () => now,
  };
  const entries = [...history];
  const controller = new ReplController({
    store,
    runner,
    files,
    history: { entries, add: async (text) => void entries.push(text) },
    actions,
  });
  return {
    store,
    chat,
    runner,
    options,
    asked,
    type(...keys) {
      for (const key of keys) controller.command(typeof key === 'string' ? { type: 'text', text: key } : key);
    },
    paste: (text) => controller.paste(text),
    text: () => store.state().editor.text,
    screen: () =>
      store
        .state()
        .items.flatMap((item) => drawItem(item, 80).map(plainText))
        .join('\n'),
    until: (isReady) =>
      new Promise((resolve) => {
        if (isReady(store.state())) return resolve();
        const stop = store.subscribe(() => {
          if (!isReady(store.state())) return;
          stop();
          resolve();
        });
      }),
    passTime(ms) {
      now += ms;
    },
  };
}
