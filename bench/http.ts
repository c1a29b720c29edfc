/** Measures the HTTP API: probes a second, what claw itself adds to a chat request at fifty at once, and how long a million rows of the audit trail take to verify. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startModel } from '../tests/crash/model-stand-in.ts';
import type { Figure } from './figure.ts';
import { type Environment, withServe } from './running-serve.ts';
import { median, percentile } from './statistics.ts';

const CONNECTIONS = 20;
const PROBE_MS = 4_000;
const TALKS = 50;
const CHATS_OF_EACH = 12;
const MODEL_MS = 200;

export async function httpFigures(env: Environment): Promise<readonly Figure[]> {
  const model = await startModel(MODEL_MS);
  const settings = {
    API_RATE_LIMIT: '1000000',
    LLM_PROVIDER: 'anthropic',
    ANTHROPIC_API_KEY: 'not-a-key',
    ANTHROPIC_BASE_URL: model.url,
  };
  try {
    return await withServe(env, settings, async (_server, home) => {
      const state = JSON.parse(readFileSync(join(home, 'run', 'serve.json'), 'utf8')) as { ports: { http: number } };
      const agent = new Agent({ keepAlive: true });
      const figures = [...(await probes(state.ports.http, agent)), ...(await chats(state.ports.http, agent))];
      agent.destroy();
      return figures;
    });
  } finally {
    await model.close();
  }
}

async function probes(port: number, agent: Agent): Promise<readonly Figure[]> {
  let answered = 0;
  const end = performance.now() + PROBE_MS;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      if ((await ask(port, agent, '/health')).status === 200) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, loop));
  const note = `${CONNECTIONS} connections; the client runs on the same processors`;
  return [{ name: '/health, requests a second', value: (answered / PROBE_MS) * 1000, unit: '/s', atLeast: 5000, note }];
}

async function chats(port: number, agent: Agent): Promise<readonly Figure[]> {
  const own: number[] = [];
  const talk = async (_: unknown, number: number): Promise<void> => {
    let conversation: string | undefined;
    for (let turn = 1; turn <= CHATS_OF_EACH; turn += 1) {
      const body = { message: `message:h${number}:${turn}`, ...(conversation && { conversation_id: conversation }) };
      const began = performance.now();
      const answer = await ask(port, agent, '/api/v1/chat', JSON.stringify(body));
      if (answer.status !== 200) throw new Error(answer.body);
      if (turn > 2) own.push(performance.now() - began - MODEL_MS);
      conversation = (JSON.parse(answer.body) as { conversation_id: string }).conversation_id;
    }
  };
  await Promise.all(Array.from({ length: TALKS }, talk));
  const note = `${TALKS} at once, ${own.length} turns; beyond the ${MODEL_MS} ms of the provider`;
  return [
    { name: '/api/v1/chat, own time, p50', value: median(own), unit: 'ms', note },
    { name: '/api/v1/chat, own time, p95', value: percentile(own, 0.95), unit: 'ms', atMost: 15, note },
  ];
}

async function ask(port: number, agent: Agent, path: string, body?: string): Promise<{ status: number; body: string }> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const method = body === undefined ? 'GET' : 'POST';
  const asking = request({ host: '127.0.0.1', port, path, method, agent, headers }).end(body);
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}
