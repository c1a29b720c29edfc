/** Owns what every command shares: --json, --home, opening and closing the app, the signal that ends it, and turning errors into exit codes. */
import type { Interfaces } from '@oclif/core';
import { Command, Flags } from '@oclif/core';
import type { App, AppOptions } from '../core/create-app.ts';
import { openApp } from '../core/create-app.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import { type Catalogue, ENGLISH } from '../core/kernel/language/catalogue.ts';
import { loadCatalogue } from '../core/kernel/language/load-catalogue.ts';
import { phrase } from '../core/kernel/language/phrase.ts';
import { homeFlag } from './home-flag.ts';
import { printErr, printJson, printOut } from './print.ts';
import { reportError, wantsJson } from './report-error.ts';

/** How long a command may take to wind up after Ctrl-C before the process ends anyway. */
const GRACE_MS = 3000;

/** How long the last lines get to be written once everything is closed, in milliseconds. */
const LAST_LINES_MS = 50;

export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'Print one JSON value and nothing else.', helpGroup: 'GLOBAL' }),
    home: Flags.string({ description: 'Use this home instead of ~/.claw (CLAW_HOME).', helpGroup: 'GLOBAL' }),
  };

  /** A command that answers SIGINT and SIGTERM itself (the REPL, the server) sets this. */
  static readonly handlesSignals: boolean = false;

  /** A command after which something may still hang, such as a request that nobody answers: the process ends although it does. */
  static readonly endsProcess: boolean = false;

  readonly #stop = new AbortController();
  #app: App | undefined;
  #catalogue: Catalogue | undefined;

  /** Creates the command and runs it to its end, errors included. */
  static async start(argv: readonly string[], config: Interfaces.Config): Promise<void> {
    const Concrete = this as unknown as new (argv: string[], config: Interfaces.Config) => BaseCommand;
    await new Concrete([...argv], config)._run();
  }

  /** Aborts with a `cancelled` error at Ctrl-C or SIGTERM; hand it to everything that takes long. */
  protected get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The words of the language people are spoken to in: known once the app is open, or after `loadCatalogue`. */
  protected get texts(): Catalogue {
    return this.#catalogue ?? ENGLISH;
  }

  /** The words of the language, for a command that says something before it opens the app, or never does. */
  protected async loadCatalogue(): Promise<Catalogue> {
    if (this.#catalogue === undefined) {
      const { interfaceLanguage } = await import('../core/config/interface-language.ts');
      this.#catalogue = await loadCatalogue(interfaceLanguage(homeFlag(this.argv)));
    }
    return this.#catalogue;
  }

  /** Opens the app on the chosen home; it is closed when the command ends. `overrides` are settings by name, the highest layer. */
  protected async openApp(
    overrides: Readonly<Record<string, string>> = {},
    extra: Pick<AppOptions, 'echoLog'> = {},
  ): Promise<App> {
    if (this.#app === undefined) {
      this.#app = await openApp({ home: homeFlag(this.argv), overrides, ...extra });
      // The commands that look at settings tell what is odd about them themselves.
      const settings = this.#app.config.unchecked();
      if (this.id?.startsWith('config') !== true) settings.remarks.forEach(printErr);
      this.#catalogue ??= await loadCatalogue(settings.language);
    }
    return this.#app;
  }

  /** Prints `value` as JSON with --json, else the text made of it. */
  protected print(value: unknown, text: () => string): void {
    if (wantsJson(this.argv)) printJson(value);
    else printOut(text());
  }

  protected override async init(): Promise<void> {
    if ((this.ctor as typeof BaseCommand).handlesSignals) return;
    process.once('SIGINT', () => this.#windUp(130));
    process.once('SIGTERM', () => this.#windUp(143));
  }

  protected override async catch(thrown: Error): Promise<void> {
    const stopped = this.signal.aborted ? (this.signal.reason as unknown) : undefined;
    const code = process.exitCode;
    await this.#recordDenial(stopped ?? thrown);
    reportError(stopped ?? thrown, wantsJson(this.argv), await this.loadCatalogue());
    if (stopped !== undefined) process.exitCode = code;
  }

  protected override async finally(): Promise<void> {
    await this.#app?.close();
    if ((this.ctor as typeof BaseCommand).endsProcess) setTimeout(() => process.exit(), LAST_LINES_MS).unref();
  }

  /** Whoever was told that they may not is in the audit trail, with the command. */
  async #recordDenial(thrown: unknown): Promise<void> {
    if (!(thrown instanceof ClawError) || thrown.code !== 'permission-denied' || this.#app === undefined) return;
    const at = this.argv.indexOf('--user');
    const detail = { command: this.id ?? '', reason: thrown.message };
    const { recordAct } = await import('./record-act.ts');
    const username = at === -1 ? undefined : this.argv[at + 1];
    // The denial itself is what the caller must see, also when the home cannot be written.
    await recordAct(this.#app, 'access.deny', { outcome: 'denied', detail }, username).catch((error: unknown) =>
      printErr(`It is not in the audit trail: ${toError(error).message}`),
    );
  }

  #windUp(exitCode: number): void {
    process.exitCode = exitCode;
    this.#stop.abort(new ClawError('cancelled', phrase('stopped')));
    setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
  }
}
