import { expect, test } from 'vitest';
import { createShortcuts, type Key, LETTERS } from '../../../../src/dashboard/components/palette/shortcuts.ts';

const plain: Key = {
  key: '',
  code: '',
  isCommand: false,
  isShift: false,
  isAlt: false,
  isComposing: false,
  isWriting: false,
  at: 0,
};
const typed = (letter: string, more: Partial<Key> = {}): Key => ({
  ...plain,
  key: letter,
  code: `Key${letter.toUpperCase()}`,
  ...more,
});

test('each page has a letter of its own', () => {
  const letters = Object.values(LETTERS);
  expect(new Set(letters).size).toBe(letters.length);
});

test('g and a letter go to a page; too late, or with a page one may not see, they do nothing', () => {
  const read = createShortcuts(['tools']);
  expect(read(typed('g'))).toBe(undefined);
  expect(read(typed('t', { at: 500 }))).toEqual({ page: 'tools' });
  expect(read(typed('t', { at: 600 }))).toBe(undefined);
  read(typed('g', { at: 1000 }));
  expect(read(typed('t', { at: 3000 }))).toBe(undefined);
  read(typed('g', { at: 4000 }));
  expect(read(typed('u', { at: 4100 }))).toBe(undefined);
});

test('on a keyboard that writes Korean the places of the keys count', () => {
  const read = createShortcuts(['tools']);
  read(typed('g', { key: 'ㅎ' }));
  expect(read(typed('t', { key: 'ㅅ', at: 10 }))).toEqual({ page: 'tools' });
  expect(read(typed('k', { key: 'ㅏ', isCommand: true }))).toBe('palette');
});

test('nothing fires while somebody writes or composes, but the palette opens from a field', () => {
  const read = createShortcuts(['tools']);
  for (const how of [{ isWriting: true }, { isComposing: true }]) {
    read(typed('g', how));
    expect(read(typed('t', { ...how, at: 10 }))).toBe(undefined);
    expect(read({ ...plain, ...how, key: '/', code: 'Slash' })).toBe(undefined);
    expect(read({ ...plain, ...how, key: '?', code: 'Slash', isShift: true })).toBe(undefined);
  }
  expect(read(typed('k', { isCommand: true, isWriting: true }))).toBe('palette');
  expect(read(typed('k', { isCommand: true, isComposing: true }))).toBe(undefined);
  expect(read(typed('t', { isAlt: true }))).toBe(undefined);
});

test('? tells the keys and / goes to the search', () => {
  const read = createShortcuts([]);
  expect(read({ ...plain, key: '?', code: 'Slash', isShift: true })).toBe('help');
  expect(read({ ...plain, key: '/', code: 'Slash' })).toBe('search');
});
