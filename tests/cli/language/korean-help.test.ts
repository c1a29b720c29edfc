import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textWidth } from '../../../src/core/kernel/text-width.ts';
import { renderHelp, topicNames } from '../../../src/cli/help.ts';
import { ENGLISH_HELP } from '../../../src/cli/language/help-words.ts';
import { helpWords } from '../../../src/cli/language/load-help-words.ts';
import { loadConfig } from '../../../src/cli/load-config.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const KOREAN = await helpWords('ko');

const ids = globSync('**/*.ts', { cwd: join(root, 'src', 'commands') }).map((file) =>
  file.replace(/\.ts$/, '').replaceAll('/', ':'),
);

test('every command has a summary in Korean', () => {
  const missing = ids.filter((id) => !/[가-힣]/u.test(KOREAN.summaries?.[id] ?? ''));
  expect(missing, 'ids to add to src/cli/language/korean-summaries.ts').toEqual([]);
});

test('every topic has a summary in Korean', () => {
  const missing = Object.keys(ENGLISH_HELP.topics).filter((topic) => !/[가-힣]/u.test(KOREAN.topics[topic] ?? ''));
  expect(missing, 'topics to add to src/cli/language/korean-topics.ts').toEqual([]);
});

test('help in Korean fits its width, for every command and topic', async () => {
  const config = await loadConfig(root, join(root, 'dist'));
  const names = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  for (const name of ['', ...topicNames(names), ...names]) {
    const text = renderHelp(config, name, { width: 80, words: KOREAN }) ?? '';
    expect(text).toMatch(/사용법/);
    // An example is as long as it is in every language.
    const said = text.split('\n').filter((line) => /[가-힣]/u.test(line));
    for (const line of said) expect(textWidth(line), `${name}: ${line}`).toBeLessThanOrEqual(80);
  }
});
