/** Owns what a key does: edits, history, completion, choices, and where a finished line goes. Knows no renderer. */
import { unreachable } from '../core/kernel/errors.ts';
import { APPROVAL_CHOICES, type ApprovalChoice, type PendingApproval } from './approval-choices.ts';
import type { AttachmentFiles } from './attachments.ts';
import { applyCompletion, completeAt } from './completion.ts';
import {
  composeMessage,
  cutText,
  editorWith,
  EMPTY_EDITOR,
  insertPaste,
  insertText,
  moveCursor,
  moveLine,
  yank,
  type Editor,
} from './input-editor.ts';
import { isAnswering } from './draw-live.ts';
import type { InputHistory } from './input-history.ts';
import type { KeyCommand } from './key-commands.ts';
import type { ReplStore } from './repl-store.ts';
import { describedCommands, parseSlash } from './slash-commands.ts';
import type { TurnRunner } from './turn-runner.ts';

/** Milliseconds in which a second Ctrl-C leaves. */
const LEAVE_MS = 3000;
/** Milliseconds a question must have been on the screen. */
const ANSWER_MS = 400;

interface ControllerDeps {
  readonly store: ReplStore;
  readonly runner: TurnRunner;
  readonly files: AttachmentFiles;
  readonly history: InputHistory;
  readonly actions: ReplActions;
}

export interface ReplActions {
  /** Runs `/name argument`; a failure is shown. */
  slash(name: string, argument: string): Promise<void>;
  /** Enter on an empty line. */
  emptyLine(): void;
  answer(approval: PendingApproval, choice: ApprovalChoice): void;
  clearScreen(): void;
  leave(): void;
  now(): number;
}

export class ReplController {
  readonly #deps: ControllerDeps;
  /** Where the arrow keys are in the history, and what was typed before. */
  #recall: { at: number; draft: Editor } | undefined;
  #armedAt = -Infinity;

  constructor(deps: ControllerDeps) {
    this.#deps = deps;
  }

  paste(text: string): void {
    this.#edit(insertPaste(this.#deps.store.state().editor, text));
  }

  command(command: KeyCommand): void {
    const { store, actions } = this.#deps;
    const { editor, picker } = store.state();
    if (isAnswering(store.state()) && this.#answer(command)) return;
    switch (command.type) {
      case 'text':
        if (picker !== undefined) store.dispatch({ type: 'pick', picker: undefined });
        return this.#edit(insertText(editor, command.text));
      case 'move':
        return store.dispatch({ type: 'edit', editor: moveCursor(editor, command.move) });
      case 'cut':
        return this.#edit(cutText(editor, command.cut));
      case 'yank':
        return this.#edit(yank(editor));
      case 'newline':
        return this.#edit(insertText(editor, '\n'));
      case 'submit':
        return this.#submit();
      case 'up':
        return this.#upOrDown(-1);
      case 'down':
        return this.#upOrDown(1);
      case 'previous':
        return this.#recallBy(-1);
      case 'next':
        return this.#recallBy(1);
      case 'tab':
        return this.#tab(1);
      case 'back-tab':
        return this.#tab(-1);
      case 'escape':
        return this.#escape();
      case 'stop':
        return this.#stop();
      case 'end':
        return editor.text === '' && picker === undefined ? actions.leave() : this.#edit(cutText(editor, 'forward'));
      case 'clear':
        return actions.clearScreen();
      case 'suspend':
        return undefined; // the renderer's own: it holds the terminal
      default:
        return unreachable(command);
    }
  }

  /** Takes `command` as an answer to the request for approval; false when it is none. */
  #answer(command: KeyCommand): boolean {
    const { store, actions } = this.#deps;
    const { waiting, chosen, since } = store.state().approvals;
    const step =
      command.type === 'up' || command.type === 'back-tab'
        ? -1
        : command.type === 'down' || command.type === 'tab'
          ? 1
          : 0;
    const count = APPROVAL_CHOICES.length;
    if (step !== 0) store.dispatch({ type: 'choose-answer', chosen: (chosen + step + count) % count });
    const choice =
      command.type === 'submit'
        ? APPROVAL_CHOICES[chosen]
        : command.type === 'text'
          ? APPROVAL_CHOICES.find(({ key }) => key === command.text.toLowerCase())
          : undefined;
    const [approval] = waiting;
    // A key that was on its way when the question came up is no answer to it.
    if (choice !== undefined && approval !== undefined && actions.now() - since >= ANSWER_MS)
      actions.answer(approval, choice);
    return step !== 0 || choice !== undefined;
  }

  #edit(editor: Editor): void {
    this.#deps.store.dispatch({ type: 'edit', editor });
    if (editor.text !== '') this.#suggest(false);
  }

  #recallBy(step: -1 | 1): void {
    const { store, history } = this.#deps;
    const at = (this.#recall?.at ?? history.entries.length) + step;
    const entry = history.entries[at];
    const draft = this.#recall?.draft ?? store.state().editor;
    if (entry === undefined && at !== history.entries.length) return;
    this.#recall = entry === undefined ? undefined : { at, draft };
    store.dispatch({ type: 'edit', editor: entry === undefined ? draft : editorWith(entry) });
  }

  #upOrDown(step: -1 | 1): void {
    const { store } = this.#deps;
    const { picker, completion, editor } = store.state();
    if (picker !== undefined) store.dispatch({ type: 'pick', picker: turnedBy(picker, step) });
    else if (completion !== undefined) store.dispatch({ type: 'complete', completion: turnedBy(completion, step) });
    else {
      const moved = moveLine(editor, step);
      if (moved === undefined) this.#recallBy(step);
      else store.dispatch({ type: 'edit', editor: moved });
    }
  }

  #submit(): void {
    const { store, runner, actions } = this.#deps;
    const { picker, completion, editor } = store.state();
    if (picker !== undefined) {
      store.dispatch({ type: 'pick', picker: undefined });
      const chosen = picker.options[picker.chosen];
      if (chosen !== undefined) void actions.slash(picker.command, chosen.value);
      return;
    }
    if (completion !== undefined) {
      const completed = applyCompletion(editor, completion);
      const isWhole = completed.text.trim() === editor.text.trim() || editor.text.startsWith('/');
      return isWhole ? this.#send(completed) : this.#edit(completed);
    }
    if (editor.text.slice(0, editor.cursor).endsWith('\\'))
      return this.#edit(insertText(cutText(editor, 'back'), '\n'));
    if (editor.text.trim() !== '') return this.#send(editor);
    if (!runner.isRunning()) actions.emptyLine();
  }

  #send(editor: Editor): void {
    const { store, runner, history, actions } = this.#deps;
    this.#recall = undefined;
    store.dispatch({ type: 'edit', editor: EMPTY_EDITOR });
    const message = composeMessage(editor);
    void history.add(message.files.length > 0 ? message.typed : message.text).catch((error: unknown) => {
      store.dispatch({ type: 'hint', hint: store.state().catalogue.repl.noHistory(String(error)) });
    });
    const slash = parseSlash(editor.text);
    if (slash !== undefined) void actions.slash(slash.name, slash.argument);
    else {
      void runner.submit(message).then((isTaken) => {
        if (!isTaken && store.state().editor.text === '') store.dispatch({ type: 'edit', editor });
      });
    }
  }

  /** Ctrl-C: clears what is typed, else interrupts; a second one soon after leaves. */
  #stop(): void {
    const { store, runner, actions } = this.#deps;
    const { editor, picker, isExitArmed } = store.state();
    if (isExitArmed && actions.now() - this.#armedAt < LEAVE_MS) return actions.leave();
    this.#armedAt = actions.now();
    this.#recall = undefined;
    if (editor.text !== '')
      store.dispatch({ type: 'edit', editor: { ...EMPTY_EDITOR, killed: editor.text, pastes: editor.pastes } });
    else if (picker === undefined) runner.interrupt();
    store.dispatch({ type: 'arm-exit' });
  }

  #escape(): void {
    const { store, runner } = this.#deps;
    const { picker, completion } = store.state();
    if (picker !== undefined) store.dispatch({ type: 'pick', picker: undefined });
    else if (completion !== undefined) store.dispatch({ type: 'complete', completion: undefined });
    else runner.interrupt();
  }

  #tab(step: -1 | 1): void {
    const { completion, editor, picker } = this.#deps.store.state();
    if (picker !== undefined || (completion !== undefined && step === -1)) this.#upOrDown(step);
    else if (completion === undefined) this.#suggest(true);
    else this.#edit(applyCompletion(editor, completion));
  }

  /** Offers completions for the word before the cursor, unless the input has changed meanwhile. A lone option is taken at once when it was asked for. */
  #suggest(isAsked: boolean): void {
    const { store, files } = this.#deps;
    const { editor } = store.state();
    if (!isAsked && !/^\/\S*$|(?:^|\s)@\S*$|(?:^|\s)@"[^"]*$/.test(editor.text.slice(0, editor.cursor))) return;
    void completeAt(editor, describedCommands(store.state().catalogue), files, store.state().catalogue).then(
      (completion) => {
        if (completion === undefined || store.state().editor !== editor) return;
        if (isAsked && completion.options.length === 1)
          store.dispatch({ type: 'edit', editor: applyCompletion(editor, completion) });
        else store.dispatch({ type: 'complete', completion });
      },
    );
  }
}

/** `list` with the choice moved by `step`, around its ends. */
function turnedBy<T extends { readonly chosen: number; readonly options: readonly unknown[] }>(
  list: T,
  step: -1 | 1,
): T {
  const { length } = list.options;
  return { ...list, chosen: (list.chosen + step + length) % Math.max(1, length) };
}
