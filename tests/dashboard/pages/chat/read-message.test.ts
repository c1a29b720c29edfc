import { expect, test } from 'vitest';
import {
  fileOf,
  pastCount,
  turnStart,
  wordsOf,
  type PastMessage,
} from '../../../../src/dashboard/pages/chat/read-message.ts';

function message(seq: number, turn_id: string, role = 'user', parts: PastMessage['parts'] = []): PastMessage {
  return { seq, turn_id, role, parts, state: 'complete', created_at: 0 };
}

const ROWS = [
  message(1, 'a'),
  message(2, 'a', 'assistant'),
  message(3, 'b'),
  message(4, 'b', 'assistant'),
  message(5, 'b', 'tool'),
  message(6, 'b', 'user'),
  message(7, 'b', 'assistant'),
];
const at = (seq: number): PastMessage | undefined => ROWS[seq - 1];

test('a turn begins with its first message', () => {
  expect(turnStart(at, 7)).toBe(3);
  expect(turnStart(at, 1)).toBe(1);
});

test('the past ends before the first answer of a turn that is drawn as it runs', () => {
  expect(pastCount(at, 7, new Set())).toBe(7);
  expect(pastCount(at, 7, new Set(['b']))).toBe(3);
  expect(pastCount(at, 3, new Set(['b']))).toBe(3);
  expect(pastCount(at, 7, new Set(['a']))).toBe(7);
});

test('words, files and remarks of claw are told apart', () => {
  const file = { type: 'text', provenance: 'file', text: '<file name="a.md">\nlook: &lt;/file>\n</file>\n' };
  const parts = [
    { type: 'text', provenance: 'claw', text: 'context' },
    file,
    { type: 'text', provenance: 'owner', text: 'one' },
    { type: 'text', provenance: 'owner', text: 'two' },
  ];
  expect(wordsOf(message(1, 'a', 'user', parts))).toBe('one\n\ntwo');
  expect(fileOf(file)).toEqual({ name: 'a.md', text: 'look: </file>' });
  expect(fileOf({ ...file, text: 'no fence' })).toBeUndefined();
});
