import { expect, test } from 'vitest';
import { createUploads } from '../../src/serve/uploads.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const MB = 1024 * 1024;
const png = (bytes: number): Buffer => {
  const file = Buffer.alloc(bytes, 1);
  file.write('\x89PNG\r\n\x1a\n', 'latin1');
  return file;
};

function kit() {
  const clock = manualClock();
  return { clock, uploads: createUploads(clock) };
}

test('a file is what its bytes say, whatever its name', () => {
  const { uploads } = kit();
  const picture = uploads.add('ann', 'notes.txt', png(64));
  const text = uploads.add('ann', 'picture.png', Buffer.from('바다'));
  expect([picture.mediaType, text.mediaType]).toEqual(['image/png', null]);
  const { images, files } = uploads.attached('ann', [text.id, picture.id]);
  expect(images).toMatchObject([{ name: 'notes.txt', mediaType: 'image/png', provenance: 'file' }]);
  expect(files).toEqual([{ name: 'picture.png', text: '바다' }]);
});

test('what is neither picture nor text, or too large, is refused by name', () => {
  const { uploads } = kit();
  expect(() => uploads.add('ann', 'a.pdf', Buffer.from('%PDF-1.7\n\0'))).toThrow(/"a.pdf" cannot be attached/);
  expect(() => uploads.add('ann', 'a.svg', Buffer.alloc(300 * 1024, 60))).toThrow(/256 kB/);
  expect(() => uploads.add('ann', 'a.png', png(5 * MB + 1))).toThrow(/5 MB/);
});

test('what somebody attached is theirs alone, and for an hour', async () => {
  const { uploads, clock } = kit();
  const { id } = uploads.add('ann', 'a.png', png(64));
  expect(() => uploads.attached('bob', [id])).toThrow(/not kept/);
  expect(uploads.attached('ann', [id]).images).toHaveLength(1);
  await clock.advance(61 * 60_000);
  expect(() => uploads.attached('ann', [id])).toThrow(/not kept/);
});

test('a user who attaches without end loses the oldest, and nobody else does', () => {
  const { uploads } = kit();
  const other = uploads.add('bob', 'b.png', png(64));
  const ids = Array.from({ length: 8 }, (_, at) => uploads.add('ann', `${at}.png`, png(5 * MB)).id);
  expect(() => uploads.attached('ann', ids.slice(0, 1))).toThrow(/not kept/);
  expect(uploads.attached('ann', ids.slice(-1)).images).toHaveLength(1);
  expect(uploads.attached('bob', [other.id]).images).toHaveLength(1);
  expect(() => uploads.attached('ann', ids.slice(-5))).toThrow(/20 MB together/);
});
