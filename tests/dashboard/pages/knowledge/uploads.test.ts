import { expect, test } from 'vitest';
import {
  changeUploads,
  isEnded,
  type Upload,
  type UploadChange,
} from '../../../../src/dashboard/pages/knowledge/uploads.ts';

const waiting = (id: number): Upload => ({ id, name: `${id}.txt`, bytes: 10, state: 'waiting', share: 0 });
const added = { id: 'd', title: 'a', source: 'text:a', outcome: 'added', chunks: 3 } as const;

function after(...changes: readonly UploadChange[]): readonly Upload[] {
  return changes.reduce(changeUploads, [waiting(1), waiting(2)]);
}

test('a file is sent, then read when all its bytes are there, then ready', () => {
  expect(after({ type: 'sent', id: 1, share: 0.4 })[0]).toMatchObject({ state: 'uploading', share: 0.4 });
  expect(after({ type: 'sent', id: 1, share: 1 })[0]).toMatchObject({ state: 'reading' });
  expect(after({ type: 'added', id: 1, added })[0]).toMatchObject({ state: 'ready', added });
  expect(after({ type: 'sent', id: 1, share: 1 })[1]).toEqual(waiting(2));
});

test('what has ended stays as it is: bytes that were on their way change nothing', () => {
  const late = { type: 'sent', id: 1, share: 1 } as const;
  expect(after({ type: 'cancelled', id: 1 }, late)[0]).toMatchObject({ state: 'cancelled' });
  expect(after({ type: 'cancelled', id: 1 }, { type: 'added', id: 1, added })[0]).toMatchObject({ state: 'cancelled' });
  expect(after({ type: 'refused', id: 1, reason: 'no' }, late)[0]).toMatchObject({ state: 'refused', reason: 'no' });
});

test('the list is cleared of what has ended', () => {
  const left = after({ type: 'added', id: 1, added }, { type: 'cleared' });
  expect(left).toEqual([waiting(2)]);
  expect(left.some(isEnded)).toBe(false);
});
