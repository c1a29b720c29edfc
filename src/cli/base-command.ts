/** Owns what every command shares: --json, --home, opening and closing the app, and turning errors into exit codes. */
import { Command, Flags } from '@oclif/core';
import type { App } from '../core/create-app.ts';
import { openApp } from '../core/create-app.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import { printErr, printJson, printOut } from './print.ts';

export abstract class BaseCommand extends Command {
  static override baseFlags = {
    json: Flags.boolean({ description: 'Print one JSON value and nothing else.', helpGroup: 'GLOBAL' }),
    home: Flags.string({ description: 'Use this home instead of ~/.claw (CLAW_HOME).', helpGroup: 'GLOBAL' }),
  };

  #app: App | undefined;

  /** Opens the app on the chosen home; it is closed when the command ends. `overrides` are settings by name, the highest layer. */
  protected async openApp(overrides: Record<string, string> = {}): Promise<App> {
    this.#app ??= await openApp({ home: this.#flagValue('--home'), overrides, env: process.env, cwd: process.cwd() });
    return this.#app;
  }

  /** Prints `value` as JSON with --json, else the text made of it. */
  protected print(value: unknown, text: () => string): void {
    if (this.#wantsJson()) printJson(value);
    else printOut(text());
  }

  protected override async catch(thrown: Error & { oclif?: { exit?: number } }): Promise<void> {
    const error = thrown instanceof ClawError ? thrown : asExpected(thrown);
    if (this.#wantsJson()) {
      const { code, message, hint } = error;
      printJson({ error: { code, message, ...(hint === undefined ? {} : { hint }) } });
    } else {
      printErr(`claw: ${error.message}`);
      if (error.hint !== undefined) printErr(`      ${error.hint}`);
      if (error.code === 'internal-error') printErr(toError(thrown).stack ?? '');
    }
    process.exitCode = error.exitCode;
  }

  protected override async finally(): Promise<void> {
    await this.#app?.close();
  }

  #wantsJson(): boolean {
    const end = this.argv.indexOf('--');
    return (end === -1 ? this.argv : this.argv.slice(0, end)).includes('--json');
  }

  #flagValue(name: string): string | undefined {
    const at = this.argv.findIndex((word) => word === name || word.startsWith(`${name}=`));
    const word = this.argv[at];
    if (word === undefined) return undefined;
    return word === name ? this.argv[at + 1] : word.slice(name.length + 1);
  }
}

/** oclif's own errors are usage errors; everything else is a bug. */
function asExpected(thrown: Error & { oclif?: { exit?: number } }): ClawError {
  if (thrown.oclif !== undefined) {
    return new ClawError('usage-invalid', thrown.message, { hint: 'Add --help for the usage and examples.' });
  }
  return new ClawError('internal-error', thrown.message, { cause: thrown });
}
