/** Writes oclif's manifest and the text of every --help into a freshly bundled dist, loading each built command once. Usage: describe-commands.ts DIST */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { renderHelp } from '../src/cli/help.ts';
import { topicNames } from '../src/cli/topics.ts';
import { helpWords } from '../src/cli/language/load-help-words.ts';
import { loadConfig } from '../src/cli/load-config.ts';

const WIDTH = 80;
const dist = resolve(process.argv[2] ?? 'dist');
const root = join(import.meta.dirname, '..');

process.on('warning', (warning) => {
  throw warning;
});

const config = await loadConfig(root, dist);
const commands = Object.fromEntries(config.commands.map((command) => [command.id, command]));
writeFileSync(join(dist, 'oclif.manifest.json'), JSON.stringify({ version: config.version, commands }));

const names = config.commandIDs.map((id) => id.replaceAll(':', ' '));
for (const language of ['en', 'ko'] as const) {
  const folder = join(dist, 'help', language);
  const words = await helpWords(language);
  mkdirSync(folder, { recursive: true });
  for (const name of ['', ...topicNames(names), ...names]) {
    const text = renderHelp(config, name, { width: WIDTH, words });
    if (text !== undefined) writeFileSync(join(folder, `${name || '_root'}.txt`), text);
  }
}
