/** Owns the first run: a home with its instruction, the choice of a model, and what to do next. Running it again changes only what is answered anew. */
import { writeFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline/promises';
import { DEFAULT_INSTRUCTION } from '../core/agent/system-prompt.ts';
import { checkSecretValue } from '../core/config/prepare-change.ts';
import type { App } from '../core/create-app.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { type FirstModel, firstModels, keepFirstChoice } from '../core/wiring/first-steps.ts';
import { printErr } from './print.ts';
import { readSecret } from './read-secret.ts';

export interface InitResult {
  readonly home: string;
  /** Names of the files that did not exist before. */
  readonly created: readonly string[];
  /** Names of the settings and secrets that were set. */
  readonly set: readonly string[];
  readonly next: string;
}

interface Choice extends Pick<FirstModel, 'settings' | 'key'> {
  readonly label: string;
}

/** Creates what a home needs, without a question. */
export async function initDefaults(app: App): Promise<InitResult> {
  const created = (await createInstruction(app)) ? ['instruction.md'] : [];
  await app.user();
  return { home: app.paths.home, created, set: [], next: 'claw chat' };
}

/** Asks on the terminal and sets what was answered. Throws `cancelled` at Ctrl-C. */
export async function initByQuestions(app: App, { cli: { init } }: Catalogue): Promise<InitResult> {
  const base = await initDefaults(app);
  printErr(`${init.home(app.paths.home)}\n`);
  const models = (await firstModels(app.settings.get('DASHBOARD_PORT'))).map((each) => ({
    ...each,
    label: labelOf(each, init),
  }));
  const choices: Choice[] = [...models, { label: init.later, settings: {} }];
  const { settings, choice } = await withQuestions(async (terminal) => {
    const name = await ask(terminal, init.name, app.settings.get('ASSISTANT_NAME'));
    const chosen = await choose(terminal, choices, init);
    const zone = await ask(terminal, init.zone, app.settings.get('TIMEZONE') ?? machineZone());
    return { settings: { ASSISTANT_NAME: name, TIMEZONE: zone }, choice: chosen };
  });
  const set = await keepFirstChoice(app.paths, choice, settings);
  const key = choice.key === undefined ? [] : await keepKey(app, choice.key, init);
  return { ...base, set: [...set, ...key] };
}

const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Writes the instruction unless there is one; true when it did. */
async function createInstruction({ paths }: App): Promise<boolean> {
  try {
    await writeFile(paths.instruction, `${DEFAULT_INSTRUCTION}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

type InitTexts = Catalogue['cli']['init'];

const labelOf = ({ service, model }: FirstModel, texts: InitTexts): string =>
  model === undefined ? texts.withKey(service) : texts.onThisMachine(service, model);

async function keepKey(app: App, name: string, texts: InitTexts): Promise<string[]> {
  const value = (await readSecret(texts.keyOrLater(name))).trim();
  if (value === '') return [];
  checkSecretValue(name, value);
  await (await app.secrets()).set(name, { value, hosts: [] });
  return [name];
}

async function withQuestions<T>(work: (terminal: Interface) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await work(terminal);
  } finally {
    terminal.close();
  }
}

async function ask(terminal: Interface, question: string, usual: string): Promise<string> {
  return (await terminal.question(`${question} [${usual}] `)).trim() || usual;
}

async function choose(terminal: Interface, choices: readonly Choice[], texts: InitTexts): Promise<Choice> {
  printErr(texts.model);
  choices.forEach(({ label }, index) => printErr(`  ${index + 1}. ${label}`));
  for (;;) {
    const answer = await ask(terminal, texts.number, '1');
    const chosen = choices[Number(answer) - 1];
    if (chosen !== undefined) return chosen;
    printErr(texts.fromTo(choices.length));
  }
}
