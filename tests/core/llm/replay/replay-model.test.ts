import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_USAGE } from '../../../../src/core/kernel/messages.ts';
import { ModelFailure, type ModelEvent } from '../../../../src/core/llm/language-model.ts';
import { recordModel } from '../../../../src/core/llm/replay/record-model.ts';
import { createReplayModel } from '../../../../src/core/llm/replay/replay-model.ts';
import { collect, endOf, requestOf, text } from '../../../contracts/language-model-kit.ts';
import { scriptedModel } from '../../../fakes/scripted-model.ts';
import { temporaryHome } from '../../../fakes/temporary-home.ts';

function recording(content: string): string {
  const file = join(temporaryHome(), 'recording.jsonl');
  writeFileSync(file, content);
  return file;
}

const mask = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '***')) as T;

const ask = (words: string) => requestOf([text('user', words)]);

describe('replay', () => {
  test('gives what was recorded, event by event, and fails as it failed', async () => {
    const file = join(temporaryHome(), 'recorded.jsonl');
    const call = { type: 'tool-call', callId: 'c1', name: 'add', input: { a: 1 } } as const;
    const failure = new ModelFailure('rate-limited', 'Slow down.', { provider: 'p', status: 429, retryAfterMs: 7000 });
    const reasoning = { type: 'reasoning', text: 'Hmm', provider: 'p', opaque: 's' } as const;
    const original = scriptedModel([[reasoning, call], [failure], [text('assistant', 'Three.').parts[0] ?? call]], {
      usage: { inputTokens: 9 },
    });
    const recorder = recordModel(original, { file, mask });
    const first = await collect(recorder.stream(ask('add')));
    await expect(collect(recorder.stream(ask('add')))).rejects.toBe(failure);
    const third = await collect(recorder.stream(ask('add')));

    const replay = createReplayModel(file);
    expect(await collect(replay.stream(ask('add')))).toEqual(first);
    await expect(collect(replay.stream(ask('add')))).rejects.toMatchObject({
      kind: 'rate-limited',
      status: 429,
      retryAfterMs: 7000,
    });
    expect(await collect(replay.stream(ask('add')))).toEqual(third);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  test('a recording holds no secret, even one that came in two pieces', async () => {
    const file = join(temporaryHome(), 'recorded.jsonl');
    const pieces: ModelEvent[] = [
      { type: 'text-delta', text: 'It is hun' },
      { type: 'text-delta', text: 'ter2.' },
      {
        type: 'response-end',
        parts: text('assistant', 'It is hunter2.').parts,
        stopReason: 'complete',
        usage: NO_USAGE,
      },
    ];
    const events = await collect(recordModel(scriptedModel([pieces]), { file, mask }).stream(ask('x')));
    expect(events.at(-1)).toEqual(pieces[2]);
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
    expect(endOf(await collect(createReplayModel(file).stream(ask('x')))).parts).toMatchObject([
      { text: 'It is ***.' },
    ]);
  });

  test('reads answers that were written by hand, as lines or as a list', async () => {
    const answers = [
      { text: 'Hello.' },
      { calls: [{ name: 'add', input: { a: 1 } }] },
      { text: 'Cut', stop: 'max-output-tokens' },
    ];
    for (const content of [answers.map((each) => JSON.stringify(each)).join('\n'), JSON.stringify(answers, null, 2)]) {
      const model = createReplayModel(recording(content));
      const [hello, call, cut] = [
        await collect(model.stream(ask('x'))),
        await collect(model.stream(ask('x'))),
        await collect(model.stream(ask('x'))),
      ];
      expect(hello?.map((event: ModelEvent) => event.type)).toEqual(['response-start', 'text-delta', 'response-end']);
      expect(endOf(call ?? [])).toMatchObject({ stopReason: 'tool-calls', parts: [{ name: 'add', input: { a: 1 } }] });
      expect(endOf(cut ?? []).stopReason).toBe('max-output-tokens');
    }
  });

  test('keeps an answer with `when` for the message that has its words', async () => {
    const model = createReplayModel(recording('{"when":"weather","text":"Sunny."}\n{"text":"First."}\n'));
    expect(endOf(await collect(model.stream(ask('hi')))).parts).toMatchObject([{ text: 'First.' }]);
    expect(endOf(await collect(model.stream(ask('the weather?')))).parts).toMatchObject([{ text: 'Sunny.' }]);
  });

  test('says when the recording is used up', async () => {
    const model = createReplayModel(recording('{"text":"Only."}\n'));
    await collect(model.stream(ask('x')));
    await expect(collect(model.stream(ask('x')))).rejects.toMatchObject({
      kind: 'invalid-request',
      message: expect.stringContaining('no answer left') as string,
    });
  });

  test.each([
    ['{"text": 1}', 'answer 1 at text'],
    ['{"text":"a"}\n{"txt":"b"}', 'answer 2'],
    ['{"text":', 'JSON'],
  ])('refuses %j and says what is wrong', async (content, expected) => {
    await expect(collect(createReplayModel(recording(content)).stream(ask('x')))).rejects.toMatchObject({
      code: 'data-invalid',
      message: expect.stringContaining(expected) as string,
    });
  });

  test('a missing file is said to be missing', async () => {
    await expect(collect(createReplayModel('/nowhere/x.jsonl').stream(ask('x')))).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  test('stops when it is cancelled', async () => {
    const request = { ...ask('x'), signal: AbortSignal.abort() };
    await expect(collect(createReplayModel(recording('{"text":"a"}')).stream(request))).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });
});
