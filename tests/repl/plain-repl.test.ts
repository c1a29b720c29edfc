import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { AttachmentFiles } from '../../src/repl/attachments.ts';
import { runPlainRepl, type PlainOptions } from '../../src/repl/plain-repl.ts';
import { ClawError } from '../../src/core/kernel/errors.ts';
import { createFakeChat, type FakeChat } from '../fakes/fake-chat-port.ts';

const files: AttachmentFiles = {
  read: (path) => Promise.reject(new ClawError('not-found', `${path} does not exist`)),
  list: async () => [],
};

async function chat(port: FakeChat, lines: string, options: Partial<PlainOptions> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const output = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    isTerminal: false,
  };
  const { signal } = new AbortController();
  const code = await runPlainRepl(
    port,
    files,
    {
      message: {},
      conversationId: undefined,
      prompt: undefined,
      signal,
      input: Readable.from([lines]),
      echo: undefined,
      ...options,
    },
    output,
  );
  return { code, out: out.join(''), err };
}

describe('the chat without a screen', () => {
  it('answers line after line in one conversation', async () => {
    const port = createFakeChat();
    expect(await chat(port, 'one\n\n두 번째\n')).toEqual({
      code: 0,
      out: 'You said: one\nYou said: 두 번째\n',
      err: [],
    });
    expect(port.sent.map(({ conversationId }) => conversationId)).toEqual([undefined, 'conversation-1']);
    // Its end is the end of the conversation.
    expect(port.learned).toEqual(['conversation-1']);
  });

  it('takes a last line without a line end', async () => {
    expect((await chat(createFakeChat(), 'one')).out).toBe('You said: one\n');
  });

  it('says what went wrong on stderr, goes on, and ends with the code of the last turn', async () => {
    const port = createFakeChat();
    const failing: FakeChat = {
      ...port,
      send: (message) => {
        if (message.text === 'bad') throw new ClawError('limit-reached', 'Too much.', { hint: 'Wait.' });
        return port.send(message);
      },
    };
    expect(await chat(failing, 'bad\n')).toEqual({ code: 11, out: '', err: ['claw: Too much.', '      Wait.'] });
    expect((await chat(failing, 'bad\ngood\n')).out).toBe('You said: good\n');
  });

  it('shows a prompt mark only where somebody reads it', async () => {
    const echo = new PassThrough();
    await chat(createFakeChat(), 'one\n', { echo });
    echo.end();
    expect((await echo.toArray()).join('')).toBe('> > ');
  });

  it('passes on what the flags say', async () => {
    const port = createFakeChat();
    await chat(port, 'x\n', { message: { model: 'openai/fake-small', tools: false, maxCostUsd: 0.5 } });
    expect(port.sent[0]).toMatchObject({ model: 'openai/fake-small', tools: false, maxCostUsd: 0.5 });
  });

  it('ends with 130 when it is stopped', async () => {
    const stop = new AbortController();
    const port = createFakeChat({ answer: () => ['half', 60_000] });
    const running = chat(port, 'one\n', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('stopped')), 30);
    expect(await running).toMatchObject({ code: 130, out: 'half\n' });
  });
});
