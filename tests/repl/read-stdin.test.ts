import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readPiped } from '../../src/repl/read-stdin.ts';

describe('piped text', () => {
  it('is read to its end, characters cut between chunks included', async () => {
    const bytes = Buffer.from('안녕');
    expect(await readPiped(Readable.from([bytes.subarray(0, 2), bytes.subarray(2)], { objectMode: false }))).toEqual({
      text: '안녕',
      isLate: false,
    });
  });

  it('is not waited for for ever when nothing comes', async () => {
    expect(await readPiped(new PassThrough(), 20)).toEqual({ text: '', isLate: true });
  });

  it('is waited for once it has begun', async () => {
    const input = new PassThrough();
    input.write('slow ');
    setTimeout(() => input.end('text'), 60);
    expect(await readPiped(input, 20)).toEqual({ text: 'slow text', isLate: false });
  });

  it('is refused above 1 MiB', async () => {
    await expect(readPiped(Readable.from([Buffer.alloc(1024 * 1024 + 1, 'x')]))).rejects.toMatchObject({
      code: 'limit-reached',
    });
  });
});
