/** Owns what the words of `claw chat` ask for. Pure. */
import { ClawError } from '../core/kernel/errors.ts';
import type { OutputFormat } from './print-mode.ts';

export interface ChatRequest {
  /** `-` reads stdin. */
  readonly prompt: string | undefined;
  readonly print: boolean;
  readonly format: OutputFormat;
  /** A conversation's id, or `last`. */
  readonly resume: string | undefined;
  readonly user: string | undefined;
  readonly model: string | undefined;
  readonly tools: boolean;
  readonly maxCostUsd: number | undefined;
}

export interface ChatFlags {
  readonly print: boolean;
  readonly json: boolean;
  readonly 'output-format': string | undefined;
  readonly continue: boolean;
  readonly resume: string | undefined;
  readonly user: string | undefined;
  readonly model: string | undefined;
  readonly tools: boolean;
  readonly 'max-cost': string | undefined;
}

/** The request of a prompt and its flags. Throws `usage-invalid`. */
export function chatRequest(prompt: string | undefined, flags: ChatFlags): ChatRequest {
  const { print, user, model, tools } = flags;
  const format = (flags.json ? 'json' : (flags['output-format'] ?? 'text')) as OutputFormat;
  const resume = flags.continue ? 'last' : flags.resume;
  return { prompt, print, format, resume, user, model, tools, maxCostUsd: dollars(flags['max-cost']) };
}

/** A prompt may begin with a dash ("- first point"): a word with a space before any "=" is no flag, and goes behind "--". */
export function promptLast(argv: readonly string[]): string[] {
  const at = argv.findIndex((word) => /^-[^=]*\s/.test(word));
  const word = argv[at];
  return word === undefined || argv.includes('--')
    ? [...argv]
    : [...argv.slice(0, at), ...argv.slice(at + 1), '--', word];
}

function dollars(text: string | undefined): number | undefined {
  const usd = text === undefined ? undefined : Number(text);
  if (usd !== undefined && !(usd > 0)) {
    throw new ClawError('usage-invalid', `--max-cost takes US dollars above 0, not ${JSON.stringify(text)}.`);
  }
  return usd;
}
