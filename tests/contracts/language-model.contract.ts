/** What every adapter to a provider must do, tried through its official SDK against a stand-in of the provider's public wire format. */
import { describe, expect, test } from 'vitest';
import type { Message, Part, ToolCallPart } from '../../src/core/kernel/messages.ts';
import type { ModelEvent, ModelRequest } from '../../src/core/llm/language-model.ts';
import type { ModelServer } from '../fakes/llm/model-server.ts';
import { type SpokenAnswer, spoken } from '../fakes/llm/wire.ts';
import { call, collect, type ContractKit, endOf, requestOf, result, serve, text } from './language-model-kit.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=';

export function languageModelContract(kit: ContractKit): void {
  const { wire, provider, lacks = {} } = kit;

  /** One request answered by `answer`. */
  async function ask(
    answer: SpokenAnswer,
    request = requestOf([text('user', 'hi')]),
  ): Promise<{ events: ModelEvent[]; server: ModelServer }> {
    const server = await serve(spoken(wire, answer));
    return { events: await collect(kit.create(server.url).stream(request)), server };
  }

  /** What the server got when it is sent `messages`, which it must find nothing wrong with. */
  async function send(messages: readonly Message[], more: Partial<ModelRequest> = {}) {
    const { server } = await ask({ text: ['ok'] }, requestOf(messages, more));
    const [request] = server.requests;
    if (request === undefined) throw new Error('nothing was sent');
    expect(wire.complaints(request)).toEqual([]);
    return request;
  }

  describe(`the ${provider} adapter`, () => {
    test('streams text as it comes and ends with the whole of it, once', async () => {
      const { events } = await ask({ text: ['Hel', 'lo, ', '세계'] });
      expect(events[0]?.type).toBe('response-start');
      expect(events.flatMap((event) => (event.type === 'text-delta' ? event.text : []))).toEqual([
        'Hel',
        'lo, ',
        '세계',
      ]);
      expect(events.filter(({ type }) => type === 'response-end')).toHaveLength(1);
      expect(endOf(events).parts).toEqual([{ type: 'text', text: 'Hello, 세계', provenance: 'assistant' }]);
      expect(endOf(events).stopReason).toBe('complete');
    });

    test('sends the system prompt, the tools, the limit and the words', async () => {
      const request = await send([text('user', 'first'), text('assistant', 'second'), text('user', 'third', 'fourth')]);
      expect(wire.system(request)).toBe('You are claw.');
      expect(wire.tools(request)).toEqual(['add']);
      expect(wire.maxTokens(request)).toBe(500);
      expect(wire.texts(request)).toEqual(['first', 'second', 'third', 'fourth']);
    });

    test('gives a tool call, and takes its result back by the same id', async () => {
      const { events } = await ask({
        text: ['Let me add.'],
        calls: [{ id: 'call_A1', name: 'add', input: { a: 1, s: '"é한' } }],
      });
      const { parts, stopReason } = endOf(events);
      expect(stopReason).toBe('tool-calls');
      expect(parts).toEqual([
        { type: 'text', text: 'Let me add.', provenance: 'assistant' },
        { type: 'tool-call', callId: 'call_A1', name: 'add', input: { a: 1, s: '"é한' } },
      ]);
      const request = await send([
        text('user', 'add'),
        { role: 'assistant', parts },
        { role: 'tool', parts: [result('call_A1', '3')] },
      ]);
      expect(wire.calls(request)).toEqual([{ id: 'call_A1', name: 'add', input: { a: 1, s: '"é한' } }]);
      expect(wire.results(request)).toEqual([{ id: 'call_A1', output: '3' }]);
    });

    test('keeps parallel tool calls in order and apart, even when their ids are missing or the same', async () => {
      const { events } = await ask({
        calls: [
          { id: 'call_1', name: 'add', input: { a: 1 } },
          { id: 'call_1', name: 'add', input: { a: 2 } },
          { id: 'call_3', name: 'add', input: { a: 3 } },
        ],
      });
      const calls = endOf(events).parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
      expect(calls.map(({ input }) => input)).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
      expect(new Set(calls.map(({ callId }) => callId)).size).toBe(3);
      const results = calls.map(({ callId }, index) => result(callId, `r${index}`));
      const request = await send([
        text('user', 'add'),
        { role: 'assistant', parts: calls },
        { role: 'tool', parts: results.toReversed() },
      ]);
      expect(wire.results(request)).toEqual(calls.map(({ callId }, index) => ({ id: callId, output: `r${index}` })));
    });

    test('sends images with their type', async () => {
      const image: Part = { type: 'image', mediaType: 'image/png', data: PNG, provenance: 'owner' };
      const request = await send([{ role: 'user', parts: [image, ...text('user', 'What is it?').parts] }]);
      expect(wire.images(request)).toEqual([{ mediaType: 'image/png', data: PNG }]);
      expect(wire.texts(request)).toEqual(['What is it?']);
    });

    test('streams reasoning apart from the answer', async () => {
      const { events } = await ask({
        reasoning: 'Hmm.',
        ...(lacks.opaque === true ? {} : { opaque: 'c2lnbmVk' }),
        text: ['Yes.'],
      });
      expect(events.flatMap((event) => (event.type === 'reasoning-delta' ? event.text : []))).toEqual(['Hmm.']);
      expect(events.flatMap((event) => (event.type === 'text-delta' ? event.text : []))).toEqual(['Yes.']);
      const [reasoning] = endOf(events).parts;
      expect(reasoning).toMatchObject({ type: 'reasoning', text: 'Hmm.', provider });
    });

    test.each(lacks.opaque === true ? [] : [provider])(
      'returns opaque reasoning of %s unchanged to it and never to another',
      async () => {
        const { events } = await ask({
          reasoning: 'Hmm.',
          opaque: 'c2lnbmVk',
          calls: [{ id: 'call_1', name: 'add', input: {} }],
        });
        const history = (parts: readonly Part[]): Message[] => [
          text('user', 'add'),
          { role: 'assistant', parts },
          { role: 'tool', parts: [result('call_1', '3')] },
        ];
        const own = await send(history(endOf(events).parts));
        expect(wire.opaques(own)).toEqual(['c2lnbmVk']);
        const foreign: Part = {
          type: 'reasoning',
          text: 'secret thoughts',
          provider: 'another',
          opaque: 'Zm9yZWlnbg==',
        };
        const other = await send(history([foreign, call('call_1')]));
        expect(JSON.stringify(other.body)).not.toMatch(/secret thoughts|Zm9yZWlnbg==/);
      },
    );

    test('counts everything the prompt held, cached parts included', async () => {
      const cacheWrite = lacks.cacheWrite === true ? 0 : 200;
      const { events } = await ask({ text: ['x'], usage: { input: 1500, output: 40, cached: 1000, cacheWrite } });
      expect(endOf(events).usage).toEqual({
        inputTokens: 1500,
        outputTokens: 40,
        cachedTokens: 1000,
        cacheWriteTokens: cacheWrite,
      });
    });

    test('estimates what a provider does not count, and says so', async () => {
      const { events } = await ask({ text: ['Hello there'], usage: { input: 0, output: 0 } });
      const { usage, isEstimated } = endOf(events);
      expect(isEstimated).toBe(true);
      expect(usage.inputTokens).toBeGreaterThan(5);
      expect(usage.outputTokens).toBeGreaterThan(2);
    });

    test('keeps the text of an answer that reached its length limit, and says so', async () => {
      const { events } = await ask({ text: ['Once upon'], stop: 'max-output-tokens' });
      expect(endOf(events)).toMatchObject({ stopReason: 'max-output-tokens', parts: [{ text: 'Once upon' }] });
    });

    /** Cases for wires that send arguments as text. */
    const rawCases = (...cases: [what: string, rawInput: string][]) => (lacks.rawInput === true ? [] : cases);

    test.each(rawCases(['half an object', '{"a": 1, "b'], ['nothing yet', '']))(
      'marks a tool call that the length limit cut: %s',
      async (_, rawInput) => {
        const { events } = await ask({
          calls: [{ id: 'call_1', name: 'add', input: {}, rawInput }],
          stop: 'max-output-tokens',
        });
        const { parts, stopReason } = endOf(events);
        expect(stopReason).toBe('max-output-tokens');
        expect(parts).toMatchObject([
          { type: 'tool-call', callId: 'call_1', input: {}, inputError: expect.stringContaining('limit') as string },
        ]);
      },
    );

    test.each(rawCases(['no JSON', '{a: 1}'], ['a list', '[1]'], ['a string', '"x"'], ['null', 'null']))(
      'marks arguments that are no JSON object: %s',
      async (_, rawInput) => {
        const { events } = await ask({ calls: [{ id: 'call_1', name: 'add', input: {}, rawInput }] });
        expect(endOf(events).parts).toMatchObject([
          { input: {}, inputError: expect.stringContaining('JSON') as string },
        ]);
      },
    );

    test('takes empty arguments as an empty object', async () => {
      const answer = {
        calls: [{ id: 'call_1', name: 'add', input: {}, ...(lacks.rawInput === true ? {} : { rawInput: '' }) }],
      };
      expect(endOf((await ask(answer)).events).parts).toEqual([call('call_1')]);
    });

    test('tells a refusal', async () => {
      expect(endOf((await ask({ text: ['I cannot'], stop: 'refusal' })).events).stopReason).toBe('refusal');
    });

    test('never sends results without calls, calls without results, empty texts or messages', async () => {
      const request = await send([
        { role: 'tool', parts: [result('call_0', 'orphan')] },
        text('assistant', 'leftover'),
        text('user', 'hi', '', '  '),
        { role: 'assistant', parts: [...text('assistant', 'calling').parts, call('call_1'), call('call_2')] },
        { role: 'tool', parts: [result('call_2', 'two'), result('call_9', 'orphan')] },
        text('assistant', ' '),
        text('user', 'go on'),
        { role: 'assistant', parts: [call('call_3')] },
        text('user', 'never mind'),
      ]);
      expect(wire.results(request)).toEqual([{ id: 'call_2', output: 'two' }]);
      expect(wire.calls(request).map(({ id }) => id)).toEqual(['call_2']);
      expect(wire.texts(request).filter((each) => each.trim() !== '')).toEqual([
        'hi',
        'calling',
        'go on',
        'never mind',
      ]);
    });

    test('sends a failed result so that the model sees that it failed', async () => {
      const request = await send([
        text('user', 'add'),
        { role: 'assistant', parts: [call('call_1')] },
        { role: 'tool', parts: [result('call_1', 'no such file', { status: 'error' })] },
      ]);
      expect(JSON.stringify(request.body)).toMatch(/is_error|\[tool error\]|"error":"error: /);
      expect(wire.results(request)[0]?.output).toContain('no such file');
    });

    test('takes part in a conversation whose call ids another provider made', async () => {
      const id = 'functions.add:0/offline_019aa0d5-7c11-7000-8000-000000000001';
      const request = await send([
        text('user', 'add'),
        { role: 'assistant', parts: [call(id)] },
        { role: 'tool', parts: [result(id, '3')] },
      ]);
      expect(wire.results(request).map((each) => each.id)).toEqual(wire.calls(request).map((each) => each.id));
    });
  });
}
