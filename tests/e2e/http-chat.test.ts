import { expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import {
  HANG,
  type ModelServer,
  plainReply,
  type ReplySource,
  type SeenRequest,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import { ask, urlOf } from './http-kit.ts';
import { runClawJson } from './run-claw.ts';
import { sharedServe } from './serve-kit.ts';

const ANSWER = ['one ', 'two ', 'three'];

/** Fails, waits or answers as the last message asks. */
const reply: ReplySource = (request) => {
  const asked = lastWords(request);
  if (asked.includes('fail')) return plainReply(400, { error: { type: 'invalid_request_error', message: 'no' } });
  const pieces = anthropicWire.speak({ text: ANSWER });
  return { pieces: asked.includes('hang') && !asked.includes('go on') ? [...pieces.slice(0, 4), HANG] : pieces };
};

function lastWords({ body }: SeenRequest): string {
  return JSON.stringify((body as { messages: unknown[] }).messages.at(-1));
}

let model: ModelServer | undefined;
const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([reply]);
  model = server;
  onEnd(() => server.close());
  return { env: { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: server.url, LLM_RETRY_COUNT: '0' } };
});

interface Sse {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Reads events until `isLast` or the end, then lets go. */
async function readSse(path: string, init: RequestInit, isLast: (event: Sse) => boolean = () => false): Promise<Sse[]> {
  const response = await fetch(urlOf(shared(), path), init);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const events: Sse[] = [];
  let text = '';
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return events;
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const event = { id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? '{}') };
      events.push(event);
      if (isLast(event)) {
        await reader?.cancel();
        return events;
      }
    }
  }
}

const posting = (body: object, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
const textOf = (events: readonly Sse[]): string =>
  events.map(({ event, data }) => (event === 'text-delta' ? String(data['text']) : '')).join('');

test('B23: an answer has text, conversation and usage, and the next message goes on with it', async () => {
  const first = await ask(shared(), '/api/chat', { body: { message: 'hi' } });
  expect([first.status, first.json]).toEqual([
    200,
    {
      response: ANSWER.join(''),
      conversation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      turn_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      model: expect.stringContaining('anthropic/'),
      usage: { input_tokens: 120, output_tokens: 30, cached_tokens: 0, cost_usd: expect.any(Number) },
      tools: [],
      stop_reason: 'complete',
    },
  ]);
  const { conversation_id } = first.json as { conversation_id: string };
  const second = await ask(shared(), '/api/v1/chat', { body: { message: 'again', conversation_id } });
  expect(second.json).toMatchObject({ conversation_id });
  const { json } = await ask(shared(), `/api/v1/conversations/${conversation_id}?limit=3`);
  expect(json).toMatchObject({ id: conversation_id, messages: [{ seq: 1 }, { seq: 2 }, { seq: 3 }], next_from: 4 });
  const listed = await ask(shared(), '/api/conversations?limit=1');
  const told = await runClawJson(['conversation', 'list', '--limit', '1'], { home: shared().home });
  expect(listed.json).toMatchObject(told.json as object[]);
});

test('B21: no message is 400, 10,001 characters are, 10,000 are answered', async () => {
  const none = await ask(shared(), '/api/v1/chat', { body: {} });
  expect([none.status, none.json]).toMatchObject([400, { errors: [{ field: 'message' }] }]);
  for (const message of ['', '   ', 'x'.repeat(10_001)]) {
    expect((await ask(shared(), '/api/v1/chat', { body: { message } })).status).toBe(400);
  }
  expect((await ask(shared(), '/api/v1/chat', { body: { message: 'x'.repeat(10_000) } })).status).toBe(200);
});

test('B23: a failure of the model tells the conversation and no usage', async () => {
  const { status, json, headers } = await ask(shared(), '/api/v1/chat', { body: { message: 'fail' } });
  expect(status).toBeGreaterThanOrEqual(500);
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(json).toMatchObject({
    conversation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    usage: { input_tokens: 0, output_tokens: 0 },
    stop_reason: 'error',
  });
});

test('B23: a conversation that is not there is begun with its id, another’s is 404, and what is no id is 400', async () => {
  const conversation_id = '019AA0F3-0000-7000-8000-000000000001';
  const body = { message: 'hi', conversation_id };
  const begun = await ask(shared(), '/api/v1/chat', { body });
  expect([begun.status, begun.json]).toMatchObject([200, { conversation_id: conversation_id.toLowerCase() }]);
  const events = await readSse('/api/v1/chat/stream', posting(body));
  expect(events[0]?.data).toMatchObject({ conversation_id: conversation_id.toLowerCase() });
  const { json } = await ask(shared(), '/api/v1/users', { body: { username: 'alice' } });
  const headers = { authorization: `Bearer ${(json as { api_key: string }).api_key}` };
  for (const path of ['/api/v1/chat', '/api/v1/chat/stream']) {
    expect((await ask(shared(), path, { body, headers })).status).toBe(404);
    expect((await ask(shared(), path, { body: { ...body, conversation_id: 'mine' } })).status).toBe(400);
  }
});

test('a model that no provider has is 404, never another one’s answer', async () => {
  const model = 'nobody/none';
  expect((await ask(shared(), '/api/v1/chat', { body: { message: 'hi', model } })).status).toBe(404);
  const messages = [{ role: 'user', content: 'hi' }];
  expect((await ask(shared(), '/v1/chat/completions', { body: { model, messages } })).status).toBe(404);
});

test('B36: a stream tells deltas in order, numbered, and one end whose text they join to', async () => {
  const events = await readSse('/api/v1/chat/stream', posting({ message: 'hi' }));
  expect(events.map(({ event }) => event)).toEqual([
    'turn-start',
    'text-delta',
    'text-delta',
    'text-delta',
    'turn-end',
  ]);
  expect(events.map(({ id }) => id?.split('.')[1])).toEqual(['1', '2', '3', '4', '5']);
  expect(events.at(-1)?.data).toMatchObject({ text: ANSWER.join(''), stop_reason: 'complete' });
  expect(textOf(events)).toBe(ANSWER.join(''));
});

test('a reader who comes back with Last-Event-ID loses nothing and hears nothing twice, by either way', async () => {
  const first = await readSse('/api/v1/chat/stream', posting({ message: 'hi' }), ({ event }) => event === 'text-delta');
  const last = first.at(-1)?.id ?? '';
  const turn = String(first[0]?.data['turn_id']);
  const headers = { 'last-event-id': last };
  const again = await readSse('/api/v1/chat/stream', posting({ message: 'hi' }, headers));
  const byTurn = await readSse(`/api/v1/turns/${turn}/events`, { headers });
  expect(textOf([...first, ...again])).toBe(ANSWER.join(''));
  expect(byTurn).toEqual(again);
  expect((await ask(shared(), '/api/v1/turns/019aa0f3-0000-7000-8000-000000000000/events')).status).toBe(404);
});

test('cancel interrupts what runs and keeps what was said', async () => {
  const path = '/api/v1/chat/stream';
  const events = await readSse(path, posting({ message: 'hang' }), ({ event }) => event === 'text-delta');
  const conversation = String(events[0]?.data['conversation_id']);
  const turn = String(events[0]?.data['turn_id']);
  const cancelled = await ask(shared(), `/api/v1/conversations/${conversation}/cancel`, { method: 'POST' });
  expect(cancelled.json).toEqual({ id: conversation, cancelled: 1 });
  const rest = await readSse(`/api/v1/turns/${turn}/events`, {});
  expect(rest.at(-1)).toMatchObject({ event: 'turn-end', data: { stop_reason: 'interrupted', text: textOf(events) } });
});

test('a client of /chat that goes away interrupts its turn', async () => {
  const leaving = new AbortController();
  const asked = fetch(urlOf(shared(), '/api/v1/chat'), { ...posting({ message: 'hang' }), signal: leaving.signal });
  await model?.arrived(model.requests.length + 1);
  const { json } = await ask(shared(), '/api/v1/conversations?limit=1');
  const [{ id }] = json as [{ id: string }];
  leaving.abort();
  await asked.catch(() => {});
  // The next message of the conversation waits until the turn is closed.
  const next = await ask(shared(), '/api/v1/chat', { body: { message: 'go on', conversation_id: id } });
  expect([next.status, next.json]).toMatchObject([200, { response: ANSWER.join('') }]);
});
