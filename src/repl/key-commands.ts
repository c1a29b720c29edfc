/** Owns what keys mean: one chunk of terminal input becomes commands. Several keys may come in one chunk (fast typing, slow lines), so a chunk is read to its end. */
import type { EditCut, EditMove } from './input-editor.ts';

export type KeyCommand =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'move'; readonly move: EditMove }
  | { readonly type: 'cut'; readonly cut: EditCut }
  | { readonly type: 'submit' | 'newline' | 'up' | 'down' | 'previous' | 'next' | 'tab' | 'back-tab' | 'escape' }
  /** Ctrl-C, Ctrl-D, Ctrl-L, Ctrl-Y and Ctrl-Z. */
  | { readonly type: 'stop' | 'end' | 'clear' | 'yank' | 'suspend' };

/** The part of the renderer's key description that is used. */
export interface Key {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly meta: boolean;
  readonly tab: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
  readonly eventType?: 'press' | 'repeat' | 'release' | undefined;
}

const CONTROL: Readonly<Record<string, KeyCommand>> = {
  a: { type: 'move', move: 'line-start' },
  b: { type: 'move', move: 'left' },
  c: { type: 'stop' },
  d: { type: 'end' },
  e: { type: 'move', move: 'line-end' },
  f: { type: 'move', move: 'right' },
  h: { type: 'cut', cut: 'back' },
  i: { type: 'tab' },
  j: { type: 'newline' },
  k: { type: 'cut', cut: 'to-line-end' },
  l: { type: 'clear' },
  m: { type: 'submit' },
  n: { type: 'next' },
  p: { type: 'previous' },
  u: { type: 'cut', cut: 'to-line-start' },
  w: { type: 'cut', cut: 'word-back' },
  y: { type: 'yank' },
  z: { type: 'suspend' },
};

const META: Readonly<Record<string, KeyCommand>> = {
  b: { type: 'move', move: 'word-left' },
  f: { type: 'move', move: 'word-right' },
  d: { type: 'cut', cut: 'word-forward' },
  '<': { type: 'move', move: 'start' },
  '>': { type: 'move', move: 'end' },
};

/** The commands of one chunk: `input` is its text, `key` what the renderer made of it. */
export function keyCommands(input: string, key: Key): KeyCommand[] {
  if (key.eventType === 'release') return [];
  const named = namedKey(key);
  if (named !== undefined) return [named];
  if (key.ctrl) {
    const command = CONTROL[input.toLowerCase()];
    return command === undefined ? [] : [command];
  }
  if (key.meta && input.length === 1) {
    const command = META[input.toLowerCase()];
    if (command !== undefined) return [command];
    return /[ -~]/.test(input) ? [] : [{ type: 'text', text: input }];
  }
  return chunkCommands(input);
}

function namedKey(key: Key): KeyCommand | undefined {
  const byWord = key.ctrl || key.meta;
  if (key.return) return { type: key.meta || key.shift ? 'newline' : 'submit' };
  if (key.escape) return { type: 'escape' };
  if (key.tab) return { type: key.shift ? 'back-tab' : 'tab' };
  if (key.upArrow) return { type: 'up' };
  if (key.downArrow) return { type: 'down' };
  if (key.leftArrow) return { type: 'move', move: byWord ? 'word-left' : 'left' };
  if (key.rightArrow) return { type: 'move', move: byWord ? 'word-right' : 'right' };
  if (key.home) return { type: 'move', move: key.ctrl ? 'start' : 'line-start' };
  if (key.end) return { type: 'move', move: key.ctrl ? 'end' : 'line-end' };
  if (key.backspace) return { type: 'cut', cut: byWord ? 'word-back' : 'back' };
  if (key.delete) return { type: 'cut', cut: byWord ? 'word-forward' : 'forward' };
  return undefined;
}

/** Text with control characters in it: each control character is its own key. */
function chunkCommands(input: string): KeyCommand[] {
  const commands: KeyCommand[] = [];
  // eslint-disable-next-line no-control-regex -- control characters are keys
  for (const [part] of input.matchAll(/[^\x00-\x1f\x7f]+|[\x00-\x1f\x7f]/g)) {
    const code = part.charCodeAt(0);
    if (code === 0x7f) commands.push({ type: 'cut', cut: 'back' });
    else if (code >= 0x20) commands.push({ type: 'text', text: part });
    else {
      const command = CONTROL[String.fromCharCode(code + 0x60)];
      if (command !== undefined) commands.push(command);
    }
  }
  return commands;
}
