/** Owns how finished things look: one pure function from an item and a width to lines. */
import { unreachable } from '../core/kernel/errors.ts';
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import type { ToolStatus } from '../core/kernel/messages.ts';
import { renderMarkdown } from './markdown.ts';
import type { Item, ItemBody } from './repl-state.ts';
import { lineWidth, span, wrapWithPrefix, type Line, type Span, type Style } from './styled-text.ts';
import { textWidth, truncate } from '../core/kernel/text-width.ts';

/** Lines of a long message that are shown; all of it is sent. */
const MESSAGE_LINES = 20;
/** Lines of a failed tool's output that are shown. */
const FAILURE_LINES = 4;

/** `item` as lines of at most `width` columns, its blank line before included. */
export function drawItem(item: Item, width: number, { repl }: Catalogue = ENGLISH): Line[] {
  const lines = drawBody(item, width, repl);
  return item.gap && lines.length > 0 ? [[], ...lines] : lines;
}

type ReplTexts = Catalogue['repl'];

function drawBody(body: ItemBody, width: number, texts: ReplTexts): Line[] {
  switch (body.kind) {
    case 'banner':
      return [[span('claw', 'heading'), span(` ${body.version}`, 'dim')]];
    case 'user':
      return drawMessage(body.text, width, texts);
    case 'answer':
      return renderMarkdown(body.source, width, body.continuesAt);
    case 'tool':
      return drawTool(body, width, texts);
    case 'notice':
      return drawNotice(body, width);
    case 'report':
      return renderMarkdown(body.source, width);
    default:
      return unreachable(body);
  }
}

/** A message of the user, as it was sent. */
function drawMessage(text: string, width: number, texts: ReplTexts): Line[] {
  const lines = text.split('\n');
  const shown = lines.slice(0, lines.length > MESSAGE_LINES ? MESSAGE_LINES - 1 : MESSAGE_LINES);
  const drawn = shown.flatMap((line, index) =>
    wrapWithPrefix([span(line, 'bold')], width, [span(index === 0 ? '❯ ' : '  ', 'accent')], [span('  ')]),
  );
  const left = lines.length - shown.length;
  return left === 0 ? drawn : [...drawn, [span(truncate(`  ${texts.moreLines(left)}`, width), 'dim')]];
}

const STATUS_MARKS: Readonly<Record<ToolStatus, readonly [string, Style]>> = {
  ok: ['✓', 'ok'],
  error: ['✗', 'error'],
  refused: ['✗', 'warning'],
  timeout: ['✗', 'warning'],
  uncertain: ['?', 'warning'],
  cancelled: ['✗', 'dim'],
};

function drawTool(tool: Extract<ItemBody, { kind: 'tool' }>, width: number, texts: ReplTexts): Line[] {
  const [mark, style] = STATUS_MARKS[tool.status];
  const head: Span[] = [span(`${mark} `, style), span(tool.name)];
  const took = span(` · ${formatDuration(tool.ms, texts)}`, 'dim');
  if (tool.status !== 'ok')
    return [...fit([...head, span(`  ${tool.input}`, 'dim')], took, width), ...drawFailure(tool, width, texts)];
  const output = tool.output.trim().split('\n');
  const result = `${output[0] ?? ''}${output.length > 1 ? ` ${texts.moreOutput(output.length - 1)}` : ''}`;
  const whole: Line = [...head, span(`  ${tool.input}`, 'dim'), span(result === '' ? '' : ` → ${result}`), took];
  if (lineWidth(whole) <= width) return [whole];
  const second = span(truncate(`  → ${result}`, width - textWidth(took.text)));
  return [...fit([...head, span(`  ${tool.input}`, 'dim')], span(''), width), [second, took]];
}

function drawFailure(tool: Extract<ItemBody, { kind: 'tool' }>, width: number, texts: ReplTexts): Line[] {
  const text = `${tool.status === 'error' ? '' : `${texts.toolStatus[tool.status]}: `}${tool.output.trim()}`;
  return text
    .split('\n')
    .slice(0, FAILURE_LINES)
    .flatMap((line) => wrapWithPrefix([span(line, 'dim')], width, [span('  ')]))
    .slice(0, FAILURE_LINES);
}

function drawNotice(notice: Extract<ItemBody, { kind: 'notice' }>, width: number): Line[] {
  const marks: Record<typeof notice.level, readonly [string, Style]> = {
    info: ['· ', 'dim'],
    warning: ['! ', 'warning'],
    error: ['✗ ', 'error'],
  };
  const [mark, style] = marks[notice.level];
  const prefix = [span(mark, style)];
  const text = notice.text
    .split('\n')
    .flatMap((line, index) =>
      wrapWithPrefix([span(line, style)], width, index === 0 ? prefix : [span('  ')], [span('  ')]),
    );
  const hint = notice.hint === undefined ? [] : wrapWithPrefix([span(notice.hint, 'dim')], width, [span('  ')]);
  return [...text, ...hint];
}

/** `line` cut so that `end` still has room behind it, on one line. */
export function fit(line: readonly Span[], end: Span, width: number): Line[] {
  let room = width - textWidth(end.text);
  const kept: Span[] = [];
  for (const { text, styles } of line) {
    const part = truncate(text, room);
    kept.push({ text: part, styles });
    room -= textWidth(part);
    if (part !== text || room <= 0) break;
  }
  return [[...kept, end]];
}

/** `12 ms`, `3.4 s`, `2 min 5 s`. */
export function formatDuration(ms: number, texts: ReplTexts): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return texts.seconds((ms / 1000).toFixed(ms < 10_000 ? 1 : 0));
  return texts.minutes(Math.floor(ms / 60_000), Math.floor((ms % 60_000) / 1000));
}
