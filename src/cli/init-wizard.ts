/** Owns the first run: a home with its instruction, the choice of a model, and what to do next. Running it again changes only what is answered anew. */
import { writeFile } from 'node:fs/promises';
import { createInterface, type Interface } from 'node:readline/promises';
import { DEFAULT_INSTRUCTION } from '../core/agent/system-prompt.ts';
import { setConfigValue, unsetConfigValue } from '../core/config/config-file.ts';
import { checkSecretValue, prepareChange } from '../core/config/prepare-change.ts';
import type { App } from '../core/create-app.ts';
import { detectLocalServers } from '../core/llm/detect-local.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
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

interface Choice {
  readonly label: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Name of the key it needs. */
  readonly key?: string;
}

const CLOUD: readonly Choice[] = [
  { label: 'Anthropic (Claude)', settings: { LLM_PROVIDER: 'anthropic' }, key: 'ANTHROPIC_API_KEY' },
  { label: 'OpenAI', settings: { LLM_PROVIDER: 'openai' }, key: 'OPENAI_API_KEY' },
  { label: 'Google Gemini', settings: { LLM_PROVIDER: 'google' }, key: 'GOOGLE_API_KEY' },
];

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
  const cloud = CLOUD.map((each) => ({ ...each, label: init.withKey(each.label) }));
  const choices = [...cloud, ...(await localChoices(init)), { label: init.later, settings: {} }];
  const { settings, choice } = await withQuestions(async (terminal) => {
    const name = await ask(terminal, init.name, app.settings.get('ASSISTANT_NAME'));
    const chosen = await choose(terminal, choices, init);
    const zone = await ask(terminal, init.zone, app.settings.get('TIMEZONE') ?? machineZone());
    return { settings: { ASSISTANT_NAME: name, TIMEZONE: zone, ...chosen.settings }, choice: chosen };
  });
  const changes = Object.entries(settings).map(([name, value]) => prepareChange(name, value));
  // A model of another provider would be asked of the one just chosen.
  if (choice.settings['LLM_PROVIDER'] !== undefined) await unsetConfigValue(app.paths, 'LLM_MODEL');
  for (const { name, value } of changes) await setConfigValue(app.paths, name, value);
  const key = choice.key === undefined ? [] : await keepKey(app, choice.key, init);
  return { ...base, set: [...changes.map(({ name }) => name), ...key] };
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

async function localChoices(texts: InitTexts): Promise<Choice[]> {
  const servers = await detectLocalServers(fetch);
  return servers.flatMap(({ name, baseUrl, models: [model] }) =>
    model === undefined
      ? []
      : [
          {
            label: texts.onThisMachine(name, model),
            settings: { LLM_PROVIDER: 'openai-compatible', LLM_MODEL: model, OPENAI_COMPATIBLE_BASE_URL: baseUrl },
          },
        ],
  );
}

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
