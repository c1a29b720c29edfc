/** Runs the built binary in a real pseudo-terminal and keeps what a person would see: a headless terminal of the same size. */
import { spawn, type IPty } from '@lydell/node-pty';
import { Terminal } from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { bareEnvironment, CLAW } from './run-claw.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Milliseconds until a screen must show what is waited for. */
const PATIENCE_MS = 8000;

/** Special keys as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  altEnter: '\x1b\r',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  left: '\x1b[D',
  tab: '\t',
  backspace: '\x7f',
  ctrlC: '\x03',
  ctrlD: '\x04',
  ctrlL: '\x0c',
  ctrlU: '\x15',
} as const;

export class TestTerminal {
  readonly home: string;
  readonly exited: Promise<{ code: number; signal: number | undefined }>;
  /** Milliseconds from the start of the process to its first visible character. */
  readonly firstFrameMs: Promise<number>;
  readonly #pty: IPty;
  readonly #screen: Terminal;
  readonly #changed = new Set<() => void>();
  #raw = '';

  constructor(args: readonly string[], options: TerminalOptions) {
    const { columns = 80, rows = 24 } = options;
    this.home = options.home ?? temporaryHome();
    this.#screen = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1000 });
    const started = performance.now();
    const env = { ...bareEnvironment(this.home, { TERM: 'xterm-256color', ...options.env }) };
    this.#pty = spawn(process.execPath, [CLAW, ...args], { cols: columns, rows, cwd: options.cwd ?? this.home, env });
    const first = Promise.withResolvers<number>();
    this.firstFrameMs = first.promise;
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#screen.write(data, () => {
        if (this.lines().some((line) => line !== '')) first.resolve(performance.now() - started);
        for (const tell of this.#changed) tell();
      });
    });
    this.exited = new Promise((resolve) =>
      this.#pty.onExit(({ exitCode, signal }) => resolve({ code: exitCode, signal })),
    );
    onTestFinished(() => {
      this.#pty.kill('SIGKILL');
      this.#screen.dispose();
    });
  }

  /** The rows of the screen, without the spaces at their ends. */
  lines(): string[] {
    const buffer = this.#screen.buffer.active;
    return Array.from(
      { length: this.#screen.rows },
      (_, row) =>
        buffer
          .getLine(buffer.baseY + row)
          ?.translateToString(true)
          .trimEnd() ?? '',
    );
  }

  /** Everything there is, with what was scrolled away. */
  history(): string {
    const buffer = this.#screen.buffer.active;
    return Array.from(
      { length: buffer.length },
      (_, row) => buffer.getLine(row)?.translateToString(true).trimEnd() ?? '',
    )
      .join('\n')
      .trimEnd();
  }

  /** The screen as one text. */
  text(): string {
    return this.lines().join('\n').trimEnd();
  }

  /** Every byte that came, escape sequences and all. */
  raw(): string {
    return this.#raw;
  }

  /** Row and column of the cursor on the screen, from 0. */
  cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#screen.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  write(...keys: readonly string[]): void {
    for (const key of keys) this.#pty.write(key);
  }

  /** Types a line and sends it once it is on the screen. */
  async say(text: string): Promise<void> {
    this.write(text);
    await this.shows(text);
    this.write(KEYS.enter);
  }

  paste(text: string): void {
    this.#pty.write(`\x1b[200~${text}\x1b[201~`);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Resolves with the screen when it shows `wanted` (or all is as the function wants it); fails with the screen. */
  async shows(
    wanted: string | RegExp | ((terminal: TestTerminal) => boolean),
    patienceMs = PATIENCE_MS,
  ): Promise<string> {
    const isThere = (): boolean =>
      typeof wanted === 'function'
        ? wanted(this)
        : typeof wanted === 'string'
          ? this.text().includes(wanted)
          : wanted.test(this.text());
    if (isThere()) return this.text();
    return new Promise<string>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#changed.delete(look);
      };
      const look = (): void => {
        if (!isThere()) return;
        stop();
        resolve(this.text());
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`The screen never showed ${String(wanted)}; it shows:\n${this.text()}`));
      }, patienceMs);
      this.#changed.add(look);
    });
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }
}

/** Opens `claw ARGS` in a terminal of its own. */
export function openTerminal(args: readonly string[], options: TerminalOptions = {}): TestTerminal {
  return new TestTerminal(args, options);
}

/** Opens `claw chat` and waits until it is ready for use. */
export async function openChatTerminal(
  args: readonly string[] = [],
  options: TerminalOptions = {},
): Promise<TestTerminal> {
  const terminal = openTerminal(['chat', ...args], options);
  await terminal.shows((each) => each.text().includes('❯') && !each.text().includes('starting…'));
  return terminal;
}

/** The rows from the last prompt on. */
export function promptRows(terminal: TestTerminal): string[] {
  const lines = terminal.lines();
  return lines.slice(lines.findLastIndex((line) => line.startsWith('❯')));
}
