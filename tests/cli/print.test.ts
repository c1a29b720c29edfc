import { afterEach, expect, test, vi } from 'vitest';
import { printErr, printJson, printOut } from '../../src/cli/print.ts';

const [out, err] = [process.stdout.isTTY, process.stderr.isTTY];
afterEach(() => {
  Object.assign(process.stdout, { isTTY: out });
  Object.assign(process.stderr, { isTTY: err });
  vi.restoreAllMocks();
});

/** What is written by `work` to stdout and stderr. */
function written(isTerminal: boolean, work: () => void): string[] {
  Object.assign(process.stdout, { isTTY: isTerminal });
  Object.assign(process.stderr, { isTTY: isTerminal });
  const told: string[] = [];
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  work();
  vi.restoreAllMocks();
  return told;
}

const HOSTILE = 'a\u001B]52;c;aGk=\u0007b\u001B[2Jc\u009B1Md\u202Ee';

test('what a page, a file or a model wrote cannot drive the terminal it is shown on', () => {
  const told = written(true, () => {
    printOut(HOSTILE);
    printErr(HOSTILE);
    printJson({ text: '\u009B2J\u202E' });
  });
  expect(told).toEqual(['abcd<U+202E>e\n', 'abcd<U+202E>e\n', '{\n  "text": "<U+202E>"\n}\n']);
});

test('what goes into a file or to another program is as it was', () => {
  expect(written(false, () => printOut(`${HOSTILE}\r\n`))).toEqual([`${HOSTILE}\r\n`]);
});
