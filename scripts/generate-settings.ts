/** Generates .env.example, docs/settings.md and docs/config.schema.json from the table of settings. */
import { typeInWords, valueInWords } from '../src/core/config/describe-settings.ts';
import type { Setting } from '../src/core/config/setting.ts';
import { namesOf, SETTING_GROUPS, type SettingName } from '../src/core/config/settings-table.ts';
import { configJsonSchema } from '../src/core/config/zod-schema.ts';
import { emitGenerated } from './generated-file.ts';

const SCRIPT = 'scripts/generate-settings.ts';

function example(name: string, setting: Setting): string {
  const value = setting.secret === true ? '' : valueInWords(setting.default ?? null);
  const note = setting.secret === true ? 'secret' : typeInWords(setting);
  return `# ${setting.description} [${note}]\n# ${name}=${value}\n`;
}

function row(name: string, setting: Setting): string {
  const others = namesOf(name as SettingName).filter((each) => each !== name && !each.startsWith('CLAW_'));
  const value = valueInWords(setting.default ?? null);
  const cells = [
    `\`${name}\`${others.length === 0 ? '' : `<br>${others.map((each) => `\`${each}\``).join('<br>')}`}`,
    setting.secret === true ? typeInWords(setting).replace('text', 'secret') : typeInWords(setting),
    value === '' ? '' : `\`${value}\``,
    setting.description,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

emitGenerated(
  '.env.example',
  `# Settings of claw, generated from src/core/config; change them there.
# Copy what you need into .env of the home (~/.claw/.env). A value is left out when it is empty.
# Order, strongest first: flags, environment, .env of the home, .env of the working directory, config.json.
# Every name also works with CLAW_ before it. Secrets are better kept by: claw secret set NAME
# CLAW_HOME (the home itself) is read from the environment only.
${SETTING_GROUPS.map(([title, group]) => {
  const entries = Object.entries(group).map(([name, setting]) => example(name, setting));
  return `\n# --- ${title} ---\n\n${entries.join('\n')}`;
}).join('')}`,
  SCRIPT,
);

emitGenerated(
  'docs/settings.md',
  `# Settings

Generated from \`src/core/config\`; change them there.

A setting is taken from the first place that has it: a flag, the environment, \`.env\` in the home, \`.env\` in the working
directory, \`config.json\` in the home, its default. An empty value counts as not set. \`claw config list\` shows what is in
force and where it comes from; \`claw config set NAME VALUE\` writes \`config.json\`.

- The home is the folder of \`--home\`, else of \`CLAW_HOME\` (an absolute path, from the environment only), else \`~/.claw\`.
- Every setting also has a name that begins with \`CLAW_\`; of two names in one place the one with \`CLAW_\` counts.
- Secrets are never kept in \`config.json\`: use \`claw secret set NAME\`, the environment or \`.env\` in the home.
- A wrong value is refused with its name and place. An unknown name is kept and remarked on.
- A \`.env\` of the working directory cannot name the home, and cannot send your key to an address of its own.
${SETTING_GROUPS.map(
  ([title, group]) =>
    `\n## ${title}\n\n| name | value | default | meaning |\n|---|---|---|---|\n${Object.entries(group)
      .map(([name, setting]) => row(name, setting))
      .join('\n')}\n`,
).join('')}`,
  SCRIPT,
);

emitGenerated('docs/config.schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`, SCRIPT);
