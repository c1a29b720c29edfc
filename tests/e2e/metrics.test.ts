import { expect, test } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { plainReply, type ReplySource, startModelServer } from '../fakes/llm/model-server.ts';
import { ask } from './http-kit.ts';
import { sharedServe } from './serve-kit.ts';

const usage = { input: 120, output: 30, cached: 20, cacheWrite: 0 };
const call = { id: 'toolu_made_up_1', name: 'no_such_tool', input: {} };

/** Fails, calls a tool or answers as the last message asks. */
const reply: ReplySource = ({ body }) => {
  const asked = JSON.stringify((body as { messages: unknown[] }).messages.at(-1));
  if (asked.includes('fail')) return plainReply(400, { error: { type: 'invalid_request_error', message: 'no' } });
  if (asked.includes('work')) return { pieces: anthropicWire.speak({ calls: [call], stop: 'tool-calls', usage }) };
  return { pieces: anthropicWire.speak({ text: ['yes'], usage }) };
};

const shared = sharedServe(async (onEnd) => {
  const server = await startModelServer([reply]);
  onEnd(() => server.close());
  return { env: { ANTHROPIC_API_KEY: 'made-up-key', ANTHROPIC_BASE_URL: server.url, LLM_RETRY_COUNT: '0' } };
});

async function scrape(): Promise<string> {
  const answer = await ask(shared(), '/metrics');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  return answer.text;
}

/** Lines of one family that were counted, sorted, without the name of the model. */
const linesOf = (text: string, name: string): string[] =>
  text
    .split('\n')
    .filter((line) => new RegExp(`^${name}[{ ]`).test(line))
    .map((line) => line.slice(name.length).replace(/model="[^"]+"/, 'model="m"'))
    .toSorted();

test('what happened is read back, each once, and nobody is named', async () => {
  const empty = await scrape();
  expect(linesOf(empty, 'claw_turns_total')).toEqual([]);
  expect((await ask(shared(), '/api/chat', { body: { message: 'say yes' } })).status).toBe(200);
  expect((await ask(shared(), '/api/v1/chat', { body: { message: 'do work' } })).status).toBe(200);
  await ask(shared(), '/api/chat', { body: { message: 'fail' } });
  await ask(shared(), '/api/chat/stream', { body: { message: 'say yes' } });
  expect((await ask(shared(), '/nothing-here-1')).status).toBe(404);
  expect((await ask(shared(), '/nothing-here-2')).status).toBe(404);
  const text = await scrape();
  expect(linesOf(text, 'claw_turns_total')).toEqual(['{end="complete"} 3', '{end="error"} 1']);
  expect(linesOf(text, 'claw_model_calls_total')).toEqual([
    '{model="m",state="done"} 4',
    '{model="m",state="failed"} 1',
  ]);
  expect(linesOf(text, 'claw_model_tokens_total')).toEqual([
    '{model="m",kind="cached"} 80',
    '{model="m",kind="input"} 480',
    '{model="m",kind="output"} 120',
  ]);
  expect(linesOf(text, 'claw_model_cost_usd_total')).toHaveLength(1);
  expect(linesOf(text, 'claw_tool_calls_total')).toEqual(['{tool="no_such_tool",status="error"} 1']);
  expect(linesOf(text, 'claw_tool_call_seconds_count')).toEqual(['{tool="no_such_tool"} 1']);
  expect(linesOf(text, 'claw_http_requests_total')).toEqual(
    expect.arrayContaining([
      '{method="GET",route="/metrics",status="200"} 1',
      '{method="GET",route="none",status="404"} 2',
      '{method="POST",route="/api/v1/chat/stream",status="200"} 1',
    ]),
  );
  expect(linesOf(text, 'claw_errors_total')).toContain('{code="not-found",where="http"} 2');
  expect(linesOf(text, 'claw_errors_total').some((line) => line.includes('where="turn"} 1'))).toBe(true);
  expect(linesOf(text, 'claw_sse_readers')).toEqual([' 0']);
  expect(linesOf(text, 'claw_websockets')).toEqual([' 0']);
  expect(linesOf(text, 'claw_running_turns')).toEqual([' 0']);
  expect(linesOf(text, 'claw_event_loop_delay_seconds')).toHaveLength(3);
  expect(linesOf(text, 'claw_build_info')[0]).toContain(`node="${process.version}"`);
  for (const name of ['claw_resident_memory_bytes', 'claw_heap_used_bytes', 'claw_uptime_seconds']) {
    expect(Number(linesOf(text, name)[0])).toBeGreaterThan(0);
  }
  const families = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(families).size).toBe(families.length);
  expect(families).toEqual(
    expect.arrayContaining(['claw_delivery_tries_total', 'claw_webhook_attempts_total', 'claw_inbound_messages']),
  );
  expect(text).not.toMatch(/user|owner|conversation=/);
});

test('a request keeps the id its client gave it when that is a plain word', async () => {
  const idOf = async (id: string): Promise<string | null> =>
    (await ask(shared(), '/health', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
  expect(await idOf('trace-1.a_B')).toBe('trace-1.a_B');
  for (const bad of ['a b', 'x'.repeat(65), '<script>']) expect(await idOf(bad)).toMatch(/^[0-9a-f-]{36}$/);
});
