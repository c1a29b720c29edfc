import { appendFileSync, readFileSync, statSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadHistory } from '../../src/repl/input-history.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

const plain = (text: string): string => text;
const historyFile = (): string => join(temporaryHome(), 'run', 'chat-history');

describe('the history of the input', () => {
  it('is there in the next run, in order, several lines and Korean too', async () => {
    const file = historyFile();
    const history = await loadHistory(file, plain);
    await history.add('first\nsecond line');
    await history.add('두 번째');
    expect((await loadHistory(file, plain)).entries).toEqual(['first\nsecond line', '두 번째']);
  });

  it('is readable by its owner only', async () => {
    const file = historyFile();
    await (await loadHistory(file, plain)).add('x');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves out repetitions and empty lines', async () => {
    const file = historyFile();
    const history = await loadHistory(file, plain);
    for (const text of ['a', 'a', '  ', 'b', 'a']) await history.add(text);
    expect((await loadHistory(file, plain)).entries).toEqual(['a', 'b', 'a']);
  });

  it('keeps secrets out of the file', async () => {
    const file = historyFile();
    const history = await loadHistory(file, (text) => text.replaceAll('made-up-secret', '***'));
    await history.add('use made-up-secret now');
    expect(readFileSync(file, 'utf8')).not.toContain('made-up-secret');
    expect(history.entries).toEqual(['use *** now']);
  });

  it('loses nothing when several processes write at once', async () => {
    const file = historyFile();
    const writers = await Promise.all([1, 2, 3, 4].map(() => loadHistory(file, plain)));
    await Promise.all(
      writers.flatMap((history, writer) => Array.from({ length: 25 }, (_, line) => history.add(`${writer}-${line}`))),
    );
    expect(new Set((await loadHistory(file, plain)).entries).size).toBe(100);
  });

  it('skips a line that a crash cut short', async () => {
    const file = historyFile();
    await (await loadHistory(file, plain)).add('whole');
    appendFileSync(file, '"half of a l');
    expect((await loadHistory(file, plain)).entries).toEqual(['whole']);
  });

  it('stays bounded: a long file becomes the older one, and both are read', async () => {
    const file = historyFile();
    const history = await loadHistory(file, plain);
    for (let line = 0; line < 60; line++) await history.add(`${line} ${'x'.repeat(7000)}`);
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(statSync(file).size + statSync(`${file}.1`).size).toBeLessThan(600_000);
    const { entries } = await loadHistory(file, plain);
    expect(entries.at(-1)?.startsWith('59 ')).toBe(true);
    expect(entries.length).toBe(60);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });
});
