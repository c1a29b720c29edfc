/** Measures what a hundred tool calls add to a turn, through the whole of claw: a stand-in for the model asks for them ten at a time. */
import { createServer, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openApp } from '../src/core/create-app.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';

const ROUNDS = 10;
const CALLS_PER_ROUND = 10;
const TURNS = 7;

type App = Awaited<ReturnType<typeof openApp>>;

const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };

/** The events of one answer (Messages API of Anthropic, streaming): so many calls, or words when there are none. */
function answer(response: ServerResponse, id: number, calls: number): void {
  const head = { id: `msg_${id}`, type: 'message', role: 'assistant', model: 'stand-in', content: [] };
  const blocks = Array.from({ length: Math.max(1, calls) }, (_, index) => [
    {
      type: 'content_block_start',
      index,
      content_block:
        calls === 0
          ? { type: 'text', text: '' }
          : { type: 'tool_use', id: `call_${id}_${index}`, name: 'add_two_numbers', input: {} },
    },
    {
      type: 'content_block_delta',
      index,
      delta:
        calls === 0
          ? { type: 'text_delta', text: 'Done.' }
          : { type: 'input_json_delta', partial_json: JSON.stringify({ a: id, b: index }) },
    },
    { type: 'content_block_stop', index },
  ]);
  const events = [
    { type: 'message_start', message: { ...head, stop_reason: null, stop_sequence: null, usage } },
    ...blocks.flat(),
    {
      type: 'message_delta',
      delta: { stop_reason: calls === 0 ? 'end_turn' : 'tool_use', stop_sequence: null },
      usage: { output_tokens: 1 },
    },
    { type: 'message_stop' },
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': `req_${id}` });
  response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''));
}

/** Milliseconds of one turn. Throws unless every call was answered well. */
async function turnTime(app: App, calls: number): Promise<number> {
  const chat = await app.chat();
  const user = await app.user();
  const startedAt = performance.now();
  let done = 0;
  for await (const event of chat.send({ userId: user.id, text: 'go', signal: new AbortController().signal })) {
    if (event.type === 'tool-end' && event.status === 'ok') done += 1;
  }
  if (done !== calls) throw new Error(`${done} of ${calls} calls were answered well`);
  return performance.now() - startedAt;
}

export async function toolTurn(): Promise<Figure> {
  let rounds = 0;
  let asked = 0;
  const server = createServer((request, response) => {
    void text(request).then(() => {
      asked += 1;
      rounds -= 1;
      answer(response, asked, rounds >= 0 ? callsPerRound : 0);
    });
  });
  let callsPerRound = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const home = await mkdtemp(join(tmpdir(), 'claw-bench-'));
  process.env['ANTHROPIC_API_KEY'] = 'not-a-key';
  const app = await openApp({
    home,
    overrides: {
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      MAX_DAILY_CALLS: '100000',
    },
  });
  const measure = async (calls: number): Promise<number[]> => {
    const times: number[] = [];
    for (let turn = 0; turn < TURNS; turn += 1) {
      rounds = calls === 0 ? 0 : ROUNDS;
      callsPerRound = calls / ROUNDS;
      times.push(await turnTime(app, calls));
    }
    return times;
  };
  try {
    await measure(0);
    const without = median(await measure(0));
    const value = median(await measure(ROUNDS * CALLS_PER_ROUND)) - without;
    const note = `${TURNS} turns of ${ROUNDS} rounds of ${CALLS_PER_ROUND}, p50`;
    return { name: 'what 100 tool calls add to a turn', value, unit: 'ms', atMost: 1_000, note };
  } finally {
    await app.close();
    server.close();
    await rm(home, { recursive: true, force: true });
  }
}
