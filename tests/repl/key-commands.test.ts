import { describe, expect, it } from 'vitest';
import { keyCommands, type Key } from '../../src/repl/key-commands.ts';

const NO_KEY: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  meta: false,
  tab: false,
  backspace: false,
  delete: false,
};
const press = (input: string, key: Partial<Key> = {}) => keyCommands(input, { ...NO_KEY, ...key });

describe('keys', () => {
  it('send with Enter and break the line with Alt+Enter, Shift+Enter and Ctrl-J', () => {
    expect(press('', { return: true })).toEqual([{ type: 'submit' }]);
    expect(press('', { return: true, meta: true })).toEqual([{ type: 'newline' }]);
    expect(press('', { return: true, shift: true })).toEqual([{ type: 'newline' }]);
    expect(press('\n')).toEqual([{ type: 'newline' }]);
  });

  it('are read one by one from a chunk that came at once', () => {
    expect(press('안녕\r')).toEqual([{ type: 'text', text: '안녕' }, { type: 'submit' }]);
    expect(press('\x15abc\x7f')).toEqual([
      { type: 'cut', cut: 'to-line-start' },
      { type: 'text', text: 'abc' },
      { type: 'cut', cut: 'back' },
    ]);
  });

  it('move by word with Ctrl, Alt and the letters of readline', () => {
    for (const keys of [
      press('', { leftArrow: true, ctrl: true }),
      press('', { leftArrow: true, meta: true }),
      press('b', { meta: true }),
    ]) {
      expect(keys).toEqual([{ type: 'move', move: 'word-left' }]);
    }
  });

  it('mean nothing when Alt or Ctrl make an unknown pair, and text when Alt meets Hangul', () => {
    expect(press('q', { meta: true })).toEqual([]);
    expect(press('q', { ctrl: true })).toEqual([]);
    expect(press('한', { meta: true })).toEqual([{ type: 'text', text: '한' }]);
  });

  it('do nothing when they are let go', () => {
    expect(press('a', { eventType: 'release' })).toEqual([]);
  });
});
