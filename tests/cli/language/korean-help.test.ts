import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { textWidth } from '../../../src/core/kernel/text-width.ts';
import { renderHelp } from '../../../src/cli/help.ts';
import { topicNames } from '../../../src/cli/topics.ts';
import { ENGLISH_HELP } from '../../../src/cli/language/help-words.ts';
import { helpWords } from '../../../src/cli/language/load-help-words.ts';
import { loadConfig } from '../../../src/cli/load-config.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const KOREAN = await helpWords('ko');

const config = await loadConfig(root, join(root, 'dist'));
const hasHangul = (text = ''): boolean => /[가-힣]/u.test(text);

/** Each flag and argument of each command that has a description, with it. */
const parts = config.commands.flatMap((command) =>
  [
    ...Object.values(command.flags).map((flag) => ({ name: `--${flag.name}`, english: flag.description })),
    ...Object.values(command.args).map((arg) => ({ name: arg.name.toUpperCase(), english: arg.description })),
  ].flatMap(({ name, english }) => (english === undefined ? [] : [{ name: `${command.id} ${name}`, english }])),
);
const described = config.commands.filter((command) => command.description !== undefined).map((command) => command.id);

const ids = globSync('**/*.ts', { cwd: join(root, 'src', 'commands') }).map((file) =>
  file.replace(/\.ts$/, '').replaceAll('/', ':'),
);

test('every command has a summary in Korean', () => {
  const missing = ids.filter((id) => !hasHangul(KOREAN.summaries?.[id]));
  expect(missing, 'ids to add to src/cli/language/korean-summaries.ts').toEqual([]);
});

test('every topic has a summary in Korean', () => {
  const missing = Object.keys(ENGLISH_HELP.topics).filter((topic) => !hasHangul(KOREAN.topics[topic]));
  expect(missing, 'topics to add to src/cli/language/korean-topics.ts').toEqual([]);
});

test('every flag and argument has a description in Korean', () => {
  expect(parts.length).toBeGreaterThan(200);
  const missing = parts.filter(({ english }) => !hasHangul(KOREAN.flags[english]));
  expect(
    missing.map(({ name, english }) => `${name}: ${english}`),
    'add to src/cli/language/korean-flags*.ts by their English',
  ).toEqual([]);
});

test('every longer description of a command has one in Korean', () => {
  const missing = described.filter((id) => !hasHangul(KOREAN.descriptions?.[id]));
  expect(missing, 'ids to add to src/cli/language/korean-descriptions.ts').toEqual([]);
});

test('nothing in Korean is left of a flag, argument or description that is gone', () => {
  const english = new Set(parts.map((part) => part.english));
  expect(Object.keys(KOREAN.flags).filter((key) => !english.has(key))).toEqual([]);
  const known = new Set(described);
  expect(Object.keys(KOREAN.descriptions ?? {}).filter((id) => !known.has(id))).toEqual([]);
});

test('what stands beside a flag is in Korean too', () => {
  const text = renderHelp(config, 'approval approve', { width: 80, words: KOREAN }) ?? '';
  expect(text).toContain('[기본값: 8] ');
  expect(text).toContain('<선택: once|conversation|pattern|always>');
  expect(text).not.toMatch(/\[default: |<options: |\(required\)/);
});

test('help in Korean fits its width, for every command and topic', () => {
  const names = config.commandIDs.map((id) => id.replaceAll(':', ' '));
  for (const name of ['', ...topicNames(names), ...names]) {
    const text = renderHelp(config, name, { width: 80, words: KOREAN }) ?? '';
    expect(text).toMatch(/사용법/);
    // An example is as long as it is in every language.
    const said = text.split('\n').filter((line) => /[가-힣]/u.test(line));
    for (const line of said) expect(textWidth(line), `${name}: ${line}`).toBeLessThanOrEqual(80);
  }
});
