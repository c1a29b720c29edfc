/** Owns one question and its answer without a screen: text, JSON or events, one exit code. Loads no renderer. */
import { ClawError, ERROR_KINDS, type ErrorCode, toError } from '../core/kernel/errors.ts';
import type { Notice, StopReason, TurnEnd, TurnEvent } from '../core/kernel/events.ts';
import { ENGLISH, explain, type Catalogue } from '../core/kernel/language/catalogue.ts';
import { inWords } from '../core/kernel/language/phrase.ts';
import { EMPTY_FILTER, filterChunk, safeText } from '../core/kernel/terminal-text.ts';
import { toWire } from '../core/kernel/wire.ts';
import type { ChatPort, OutgoingMessage } from './chat-port.ts';

export type OutputFormat = 'text' | 'json' | 'stream-json';

export interface Output {
  /** Writes to stdout as it is. */
  readonly out: (text: string) => void;
  /** Writes one remark to stderr. */
  readonly err: (text: string) => void;
  /** A terminal reads stdout: what others wrote is made safe for it. */
  readonly isTerminal: boolean;
  /** What claw itself says is said in these words; English when absent. JSON never is. */
  readonly catalogue?: Catalogue;
}

/** The events that leave by stream-json; the same names as on WebSocket and SSE. */
const STREAMED: ReadonlySet<TurnEvent['type']> = new Set([
  'turn-start',
  'text-delta',
  'tool-start',
  'tool-end',
  'approval-request',
  'notice',
  'turn-end',
]);

/** Sends `message`, prints its answer in `format` and returns the exit code. Failures are printed, never thrown. */
export async function printAnswer(
  port: ChatPort,
  message: OutgoingMessage,
  format: OutputFormat,
  output: Output,
): Promise<number> {
  const writer = WRITERS[format](output);
  let end: TurnEnd | undefined;
  try {
    for await (const event of port.send(message)) {
      writer.event(event);
      if (event.type === 'turn-end') end = event;
    }
  } catch (error) {
    return printFailure(error, format, output);
  }
  if (end === undefined) return printFailure(new Error('The turn ended without its last event.'), format, output);
  writer.end(end);
  return exitCodeOf(end);
}

/** Prints what was thrown before a turn began, and returns its exit code. */
export function printFailure(thrown: unknown, format: OutputFormat, output: Output): number {
  const error = toError(thrown);
  const code: ErrorCode = error instanceof ClawError ? error.code : 'internal-error';
  const hint = error instanceof ClawError ? error.hint : error.stack;
  if (format === 'text') {
    tellFailure(error instanceof ClawError ? error : { message: error.message, hint }, output);
  } else {
    output.out(
      `${JSON.stringify({ error: { code, message: error.message, ...(hint === undefined ? {} : { hint }) } })}\n`,
    );
  }
  return ERROR_KINDS[code].exitCode;
}

/** Says on stderr what failed and what to do next. */
export function tellFailure(failure: Parameters<typeof explain>[0], { err, catalogue = ENGLISH }: Output): void {
  const { message, hint } = explain(failure, catalogue);
  err(`claw: ${safeText(message)}`);
  if (hint !== undefined) err(`      ${safeText(hint)}`);
}

/** 0 for a whole answer, the code of the error, 130 when interrupted, 11 for every limit. */
export function exitCodeOf({ stopReason, error }: Pick<TurnEnd, 'stopReason' | 'error'>): number {
  if (error !== undefined && error.code in ERROR_KINDS) return ERROR_KINDS[error.code as ErrorCode].exitCode;
  return STOP_CODES[stopReason];
}

const STOP_CODES: Readonly<Record<StopReason, number>> = {
  complete: 0,
  'tool-calls': 0,
  error: 1,
  interrupted: ERROR_KINDS.cancelled.exitCode,
  refusal: ERROR_KINDS['permission-denied'].exitCode,
  'max-output-tokens': ERROR_KINDS['limit-reached'].exitCode,
  'max-tool-rounds': ERROR_KINDS['limit-reached'].exitCode,
  'max-tokens': ERROR_KINDS['limit-reached'].exitCode,
  'max-cost': ERROR_KINDS['limit-reached'].exitCode,
  'max-time': ERROR_KINDS['limit-reached'].exitCode,
  'repeated-calls': ERROR_KINDS['limit-reached'].exitCode,
  'repeated-failures': ERROR_KINDS['limit-reached'].exitCode,
};

interface AnswerWriter {
  event(event: TurnEvent): void;
  end(end: TurnEnd): void;
}

const WRITERS: Readonly<Record<OutputFormat, (output: Output) => AnswerWriter>> = {
  text: textWriter,
  json: jsonWriter,
  'stream-json': (output) => ({
    event(event) {
      if (STREAMED.has(event.type)) output.out(`${JSON.stringify(toWire(event))}\n`);
    },
    end: () => {},
  }),
};

/** The answer as it comes; notices and failures go to stderr. */
export function textWriter(output: Output): AnswerWriter {
  const { out, err, isTerminal } = output;
  let filter = EMPTY_FILTER;
  let last = '\n';
  const write = (text: string): void => {
    if (text === '') return;
    last = text;
    out(text);
  };
  return {
    event(event) {
      if (event.type === 'text-delta') {
        const next = isTerminal ? filterChunk(filter, event.text) : { filter, text: event.text };
        filter = next.filter;
        write(next.text);
      } else if (event.type === 'notice') err(noticeText(event, output));
    },
    end({ error }) {
      if (!last.endsWith('\n')) out('\n');
      last = '\n';
      if (error === undefined) return;
      tellFailure(error, output);
    },
  };
}

function noticeText({ text, phrase }: Notice, { catalogue = ENGLISH }: Output): string {
  return safeText(phrase === undefined ? text : inWords(phrase, catalogue.phrases));
}

/** One JSON value at the end; notices go to stderr. */
function jsonWriter(output: Output): AnswerWriter {
  return {
    event(event) {
      if (event.type === 'notice') output.err(noticeText(event, output));
    },
    end({ text, conversationId, turnId, model, stopReason, usage, tools, error }) {
      const answer = {
        text,
        conversationId,
        turnId,
        model,
        stopReason,
        usage,
        tools,
        ...(error === undefined ? {} : { error }),
      };
      output.out(`${JSON.stringify(toWire(answer))}\n`);
    },
  };
}
