/** Generates docs/cli.md from the help that the build wrote: what is documented is what --help says. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { emitGenerated } from './generated-file.ts';

const folder = join(import.meta.dirname, '..', 'dist', 'help', 'en');
const names = globSync('*.txt', { cwd: folder })
  .map((file) => basename(file, '.txt'))
  .map((name) => (name === '_root' ? '' : name))
  .toSorted();
if (names.length === 0) throw new Error('dist/help is empty: run "npm run build" first');

const sections = names.map((name) => {
  const text = readFileSync(join(folder, `${name || '_root'}.txt`), 'utf8')
    // The version is no part of the reference: it would make the file stale at every release.
    .replace(/^Version .*\. More: /m, 'More: ')
    .trimEnd();
  return `## ${`claw ${name}`.trim()}\n\n\`\`\`text\n${text}\n\`\`\`\n`;
});

emitGenerated(
  'docs/cli.md',
  `# Command line\n\nGenerated from \`--help\`; change the commands.\n\n${sections.join('\n')}`,
  'scripts/generate-cli-docs.ts',
);
