/** Owns the log: structured lines in one file of the home, masked before they are written. It holds ids, counts and reasons, never what people or models said. */
import { lazy } from './lazy.ts';
import { type LogLimits, rotateLog } from './rotate-log.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** The same log, `fields` on each of its lines: the ids that join a message, its turn and its answer. */
  with(fields: LogFields): Log;
  /** Resolves when everything logged so far is in the file. */
  close(): Promise<void>;
}

interface LogOptions {
  /** Created with mode 0600, its folder with it. */
  readonly file: string;
  /** Least level that is written, asked at each line. */
  readonly level: () => LogLevel;
  readonly format: () => 'text' | 'json';
  /** When the file is moved aside (rotate-log.ts), asked now and then. */
  readonly limits: () => LogLimits;
  readonly mask: (text: string) => string;
  /** Gets every line of the file too, masked, one or more at once, each with its newline. */
  readonly echo?: (line: string) => void;
}

const RANKS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Bytes after which a process looks again whether the file is too large. */
const CHECK_BYTES = 65_536;

/** Opens the log. Nothing is loaded or created until the first line is due. */
export function createLog(options: LogOptions): Log {
  const open = lazy(() => openPino(options));
  let opened: Awaited<ReturnType<typeof openPino>> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const write = (level: 'debug' | 'info' | 'warn' | 'error', fields: LogFields, message: string): void => {
    if (RANKS.indexOf(level) < RANKS.indexOf(options.level())) return;
    if (opened !== undefined) {
      opened.logger[level](fields, message);
      return;
    }
    last = open().then((now) => {
      now.logger[level](fields, message);
      opened = now;
    });
  };
  const withFields = (common: LogFields): Log => ({
    debug: (fields, message) => write('debug', { ...common, ...fields }, message),
    info: (fields, message) => write('info', { ...common, ...fields }, message),
    warn: (fields, message) => write('warn', { ...common, ...fields }, message),
    error: (fields, message) => write('error', { ...common, ...fields }, message),
    with: (fields) => withFields({ ...common, ...fields }),
    close: async () => {
      await last;
      opened?.flush();
    },
  });
  return withFields({});
}

async function openPino({ file, format, limits, mask, echo }: LogOptions) {
  const [{ default: pino }, { appendFileSync, mkdirSync }, { dirname }] = await Promise.all([
    import('pino'),
    import('node:fs'),
    import('node:path'),
  ]);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let unchecked = Number.POSITIVE_INFINITY;
  let waiting = '';
  // One write for the lines of one round of the event loop: a busy server logs hundreds a second.
  const flush = (): void => {
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    if (unchecked >= CHECK_BYTES) {
      rotateLog(file, limits(), Date.now());
      unchecked = 0;
    }
    unchecked += lines.length;
    appendFileSync(file, lines, { mode: 0o600 });
    echo?.(lines);
  };
  const write = (line: string): void => {
    const masked = mask(line);
    if (waiting === '') setImmediate(flush);
    waiting += format() === 'json' ? masked : asText(masked);
  };
  process.once('exit', flush);
  const logger = pino(
    { level: 'trace', timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    { write },
  );
  return { logger, flush };
}

/** `time LEVEL message key=value …` */
function asText(line: string): string {
  const { time, level, msg, pid: _pid, hostname: _host, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${[time, String(level).toUpperCase(), msg, ...pairs].join(' ')}\n`;
}
