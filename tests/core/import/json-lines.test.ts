import { expect, test } from 'vitest';
import { readJson, readJsonLines } from '../../../src/core/import/json-lines.ts';

function read(text: string): { value: unknown; told: string[] } {
  const told: string[] = [];
  return { value: readJson(text, (why) => told.push(why)), told };
}

test('JSON and JSON5 are read', () => {
  expect(read('{"a": [1, null]}')).toEqual({ value: { a: [1, null] }, told: [] });
  expect(read("// a note\n{ a: 'it', b: 0x10, c: +.5, d: [1,2,], /* e */ }")).toEqual({
    value: { a: 'it', b: 16, c: 0.5, d: [1, 2] },
    told: [],
  });
});

test('damage is told with its place and never with what stands there', () => {
  const { value, told } = read('{ token: "made-up-secret", x: made-up-secret }');
  expect(value).toBeUndefined();
  expect(told).toEqual([expect.stringMatching(/^it is damaged JSON, at 1:\d+ \(line:column\)$/)]);
  expect(told.join('')).not.toContain('made-up');
  expect(read('').told).toHaveLength(1);
});

test('a name of the language stands for nothing but itself', () => {
  const { value } = read('{ __proto__: { polluted: true }, constructor: 1 }');
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  expect(Object.keys(value as object)).toEqual(expect.arrayContaining(['constructor']));
});

test('damaged lines are counted, the rest is read, however deep it nests', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const told: string[] = [];
  const lines = readJsonLines(`{"a":1}\r\n\n{ damaged\n${deep}\n[2]\n"half`, (why) => told.push(why));
  expect(lines).toHaveLength(3);
  expect([lines[0], lines[2]]).toEqual([{ a: 1 }, [2]]);
  expect(told).toEqual(['2 damaged lines were left out, the first is line 3']);
});
