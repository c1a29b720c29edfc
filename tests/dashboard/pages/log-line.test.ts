import { expect, test } from 'vitest';
import { isId, readLogLine } from '../../../src/dashboard/pages/log-line.ts';

test('a line of text is its instant, level, message and fields', () => {
  const raw = '2026-01-02T03:04:05.678Z WARN a step = slow took too long step="send it" ms=12 ok=true';
  expect(readLogLine(raw)).toEqual({
    at: '2026-01-02T03:04:05.678Z',
    level: 'warn',
    message: 'a step = slow took too long',
    fields: [
      ['step', 'send it'],
      ['ms', '12'],
      ['ok', 'true'],
    ],
    raw,
  });
});

test('a field may hold quotes, signs and lines', () => {
  const [[, value] = []] = readLogLine('2026-01-02T03:04:05Z ERROR no error="a \\"b\\" c=1\\nd"').fields;
  expect(value).toBe('a "b" c=1\nd');
});

test('a line of JSON is read the same way', () => {
  const raw = '{"level":"info","time":"2026-01-02T03:04:05.678Z","pid":1,"hostname":"h","msg":"ready","ms":3}';
  expect(readLogLine(raw)).toEqual({
    at: '2026-01-02T03:04:05.678Z',
    level: 'info',
    message: 'ready',
    fields: [['ms', '3']],
    raw,
  });
});

test('what is no record is shown as it is', () => {
  for (const raw of ['    at file.js:1:1', '{"broken', '<b>x</b>'])
    expect(readLogLine(raw)).toEqual({ at: null, level: null, message: raw, fields: [], raw });
});

test('ids are told from other values', () => {
  expect(isId('01900000-0000-7000-8000-000000000001')).toBe(true);
  expect(isId('12')).toBe(false);
});
