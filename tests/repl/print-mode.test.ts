import { describe, expect, it } from 'vitest';
import { ClawError } from '../../src/core/kernel/errors.ts';
import type { TurnEnd, TurnEvent } from '../../src/core/kernel/events.ts';
import { exitCodeOf, printAnswer, type OutputFormat } from '../../src/repl/print-mode.ts';
import type { ChatPort } from '../../src/repl/chat-port.ts';
import { createFakeChat, type Step } from '../fakes/fake-chat-port.ts';

async function print(port: ChatPort, format: OutputFormat, isTerminal = false) {
  const [out, err]: [string[], string[]] = [[], []];
  const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), isTerminal };
  const code = await printAnswer(port, { text: 'hi', signal: new AbortController().signal }, format, output);
  return { code, out: out.join(''), err };
}

const answering = (...steps: Step[]): ChatPort => createFakeChat({ answer: () => steps });
const NOTICE: TurnEvent = { type: 'notice', level: 'info', code: 'failover', text: 'Another model answers.' };
const failing = (error: Error): ChatPort => ({
  ...createFakeChat(),
  // eslint-disable-next-line require-yield -- fails before its first event
  async *send() {
    throw error;
  },
});

describe('one answer', () => {
  it('is text on stdout as it comes, one line end at its end; remarks are on stderr', async () => {
    expect(await print(answering('Hel', NOTICE, 'lo'), 'text')).toEqual({
      code: 0,
      out: 'Hello\n',
      err: ['Another model answers.'],
    });
    expect((await print(answering('Hello\n'), 'text')).out).toBe('Hello\n');
    expect((await print(answering(), 'text')).out).toBe('');
  });

  it('is made safe for a terminal, and left as it is for a pipe', async () => {
    const port = answering('a\x1b[3', '1mb');
    expect((await print(port, 'text', true)).out).toBe('ab\n');
    expect((await print(port, 'text', false)).out).toBe('a\x1b[31mb\n');
  });

  it('is one JSON value with snake_case keys', async () => {
    const { out, code } = await print(answering('5'), 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      text: '5',
      conversation_id: 'conversation-1',
      turn_id: 'turn-1',
      model: 'anthropic/fake-large',
      stop_reason: 'complete',
      usage: { input_tokens: 1200, output_tokens: 34, cached_tokens: 900, cost_usd: 0.0031 },
      tools: [],
    });
  });

  it('is one event a line, and only the public ones', async () => {
    const { out } = await print(
      answering(
        { type: 'reasoning-delta', text: 'hm' },
        { type: 'tool-start', callId: '1', name: 'n', input: { aB: 1 } },
        { type: 'tool-progress', callId: '1', text: '…' },
        { type: 'tool-end', callId: '1', name: 'n', status: 'ok', ms: 3, output: 'x' },
        NOTICE,
        'done',
      ),
      'stream-json',
    );
    const events = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.map(({ type }) => type)).toEqual([
      'turn-start',
      'tool-start',
      'tool-end',
      'notice',
      'text-delta',
      'turn-end',
    ]);
    expect(events[1]).toEqual({ type: 'tool-start', call_id: '1', name: 'n', input: { aB: 1 } });
  });

  it('that fails before it begins says so in the form that was asked for', async () => {
    const error = new ClawError('auth-missing', 'No key.', { hint: 'Set ANTHROPIC_API_KEY.' });
    expect(await print(failing(error), 'text')).toEqual({
      code: 4,
      out: '',
      err: ['claw: No key.', '      Set ANTHROPIC_API_KEY.'],
    });
    const asJson = await print(failing(error), 'json');
    expect(JSON.parse(asJson.out)).toEqual({
      error: { code: 'auth-missing', message: 'No key.', hint: 'Set ANTHROPIC_API_KEY.' },
    });
    expect(asJson.code).toBe(4);
    expect((await print(failing(new TypeError('bug')), 'text')).code).toBe(1);
  });

  it('ends with an exit code that tells how', () => {
    const code = (stopReason: TurnEnd['stopReason'], error?: TurnEnd['error']): number =>
      exitCodeOf({ stopReason, ...(error === undefined ? {} : { error }) });
    expect(code('complete')).toBe(0);
    expect(code('interrupted')).toBe(130);
    for (const reason of [
      'max-output-tokens',
      'max-tool-rounds',
      'max-tokens',
      'max-cost',
      'max-time',
      'repeated-calls',
      'repeated-failures',
    ] as const)
      expect(code(reason)).toBe(11);
    expect(code('error', { code: 'upstream-failed', message: 'x' })).toBe(8);
    expect(code('error', { code: 'auth-rejected', message: 'x' })).toBe(4);
    expect(code('error')).toBe(1);
  });
});
