/** Owns the part of the screen that still changes: the running turn, the input and the status line, as lines that fit the window, and the cell of the cursor. */
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { drawApproval } from './approval-choices.ts';
import { fit, formatDuration } from './draw-item.ts';
import { layoutInput } from './input-layout.ts';
import { renderMarkdown } from './markdown.ts';
import type { LiveTurn, ReplState, RunningTool } from './repl-state.ts';
import { statusLine } from './status-line.ts';
import { span, type Line } from './styled-text.ts';
import { safeLine } from '../core/kernel/terminal-text.ts';
import { textWidth, truncate } from '../core/kernel/text-width.ts';

export interface LiveFrame {
  readonly lines: readonly Line[];
  readonly cursor: { readonly x: number; readonly y: number };
}

export interface Window {
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds UTC. */
  readonly now: number;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPINNER_MS = 100;
const PROMPT = '❯ ';
/** Rows of options under the input. */
const OPTION_ROWS = 8;

/** Draws the live part in at most `rows - 1` lines, so that the terminal never has to scroll it. */
export function drawLive(state: ReplState, window: Window): LiveFrame {
  const width = window.columns;
  const room = Math.max(2, window.rows - 1);
  const status = room > 3 ? drawStatus(state, width) : [];
  const optionRows = Math.max(0, room - 3);
  const options = isAnswering(state)
    ? drawApproval(state.approvals, width, optionRows, state.catalogue)
    : drawOptions(state, width).slice(0, optionRows);
  const inputRows = Math.max(1, Math.min(room - status.length - options.length, Math.ceil(room / 2)));
  const input = layoutInput(state.editor, width - PROMPT.length, inputRows);
  const inputLines = input.lines.map((line, index): Line => [index === 0 ? promptMark(state) : span('  '), ...line]);
  if (state.editor.text === '') inputLines[0] = [promptMark(state), ...drawPlaceholder(state, width)];
  const below = [...inputLines, ...options, ...status];
  const drawn = drawTurn(state, window);
  const turn = drawn.slice(Math.max(0, drawn.length - Math.max(0, room - below.length - 1)));
  const above: Line[] = room - below.length > 0 ? [...turn, []] : [];
  const lines = [...above, ...below];
  return { lines, cursor: { x: Math.min(width - 1, PROMPT.length + input.column), y: above.length + input.row } };
}

/** Keys answer a request for approval now: nothing is typed and no list is open. */
export function isAnswering({ approvals, editor, picker }: ReplState): boolean {
  return approvals.waiting.length > 0 && editor.text === '' && picker === undefined;
}

function promptMark(state: ReplState) {
  return span(PROMPT, state.turn === undefined ? 'accent' : 'dim');
}

function drawPlaceholder(state: ReplState, width: number): Line {
  if (state.picker !== undefined || isAnswering(state)) return [];
  const text =
    state.turn === undefined
      ? state.items.length <= 3
        ? state.catalogue.repl.placeholder
        : ''
      : state.catalogue.repl.placeholderBusy;
  return [span(truncate(text, width - PROMPT.length), 'dim')];
}

function drawTurn(state: ReplState, { columns, now }: Window): Line[] {
  const { turn, waiting } = state;
  const texts = state.catalogue.repl;
  const when = turn === undefined ? texts.waitsForNext : texts.joinsNext;
  const queue = waiting.flatMap((message): Line[] => [
    [span('❯ ', 'dim'), span(truncate(safeLine(message), columns - PROMPT.length), 'dim')],
    [span(truncate(`  ${when}`, columns), 'dim')],
  ]);
  const queued = queue.length > 0 ? [[], ...queue] : [];
  if (turn === undefined) return queued;
  const text = renderMarkdown(turn.markdown.rest, columns, turn.markdown.continuesAt);
  const isNew = text.length > 0 && turn.markdown.continuesAt === undefined;
  const tools = turn.tools.flatMap((tool) => drawRunningTool(tool, { columns, now }, texts));
  const progress = span(truncate(`${spin(now)} ${progressText(state, turn, now)}`, columns), 'dim');
  return [...(isNew ? [[]] : []), ...text, ...(tools.length > 0 ? [[], ...tools] : []), ...queued, [], [progress]];
}

function drawRunningTool(
  { name, input, startedAt, progress }: RunningTool,
  { columns, now }: Pick<Window, 'columns' | 'now'>,
  texts: Catalogue['repl'],
): Line[] {
  const seconds = Math.floor((now - startedAt) / 1000);
  const took = span(seconds < 1 ? '' : ` · ${formatDuration(seconds * 1000, texts).replace('.0', '')}`, 'dim');
  const line = fit([span(`${spin(now)} `, 'accent'), span(name), span(`  ${input}`, 'dim')], took, columns);
  return progress === '' ? line : [...line, [span(truncate(`  ${progress}`, columns), 'dim')]];
}

function progressText(state: ReplState, turn: LiveTurn, now: number): string {
  const texts = state.catalogue.repl;
  if (state.approvals.waiting.length > 0 && !turn.isStopping) return texts.waitingForAnswer;
  const seconds = Math.max(0, Math.floor((now - turn.startedAt) / 1000));
  const doing = turn.isStopping
    ? texts.stopping
    : turn.tools.length > 0
      ? texts.working
      : turn.isThinking
        ? texts.thinking
        : texts.writing;
  return `${doing} ${texts.seconds(String(seconds))}${turn.isStopping ? '' : ` · ${texts.escInterrupts}`}`;
}

function spin(now: number): string {
  return SPINNER[Math.floor(now / SPINNER_MS) % SPINNER.length] ?? '';
}

function drawOptions(state: ReplState, width: number): Line[] {
  const list = state.picker ?? (state.completion === undefined ? undefined : { ...state.completion, title: '' });
  if (list === undefined) return [];
  const rows = list.options.map((option) =>
    'label' in option ? { name: option.label, hint: option.hint } : { name: option.text.trim(), hint: option.hint },
  );
  const first = Math.max(0, Math.min(list.chosen - OPTION_ROWS + 2, rows.length - OPTION_ROWS));
  const nameWidth = Math.min(Math.max(...rows.map(({ name }) => textWidth(name)), 0), Math.floor(width * 0.6));
  const drawn = rows.slice(first, first + OPTION_ROWS).map(({ name, hint }, index): Line => {
    const isChosen = first + index === list.chosen;
    const label = truncate(name, Math.max(1, Math.min(nameWidth, width - 2)));
    const gap = ' '.repeat(Math.max(0, nameWidth - textWidth(label)));
    const rest = truncate(`${gap}  ${hint}`, width - 2 - textWidth(label));
    return isChosen
      ? [span('› ', 'accent'), span(label, 'accent'), span(rest, 'dim')]
      : [span('  '), span(label), span(rest, 'dim')];
  });
  const title: Line[] = list.title === '' ? [] : [[span(truncate(list.title, width), 'bold')]];
  return [...title, ...drawn];
}

function drawStatus(state: ReplState, width: number): Line[] {
  const texts = state.catalogue.repl;
  if (state.isExitArmed) return [[span(truncate(texts.pressAgain, width), 'warning')]];
  if (state.hint !== '') return [[span(truncate(state.hint, width), 'warning')]];
  if (state.approvals.waiting.length > 0 && !isAnswering(state))
    return [[span(truncate(texts.asksForApproval, width), 'warning')]];
  if (isAnswering(state)) return [[span(truncate(texts.answerKeys, width), 'dim')]];
  if (state.picker !== undefined) return [[span(truncate(texts.pickerKeys, width), 'dim')]];
  return [[span(state.isReady ? statusLine(state.session, width, state.catalogue) : texts.starting, 'dim')]];
}
