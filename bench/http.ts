/** Measures the HTTP API: probes a second, what claw itself adds to a chat request at fifty at once, and how long a million rows of the audit trail take to verify. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startModel } from '../tests/crash/model-stand-in.ts';
import type { Figure } from './figure.ts';
import { median, percentile } from './statistics.ts';

const CONNECTIONS = 20;
const PROBE_MS = 4_000;
const TALKS = 50;
const CHATS_OF_EACH = 12;
const MODEL_MS = 200;
const claw = join(import.meta.dirname, '..', 'bin', 'claw.js');

type Environment = Readonly<Record<string, string>>;

export async function httpFigures(env: Environment): Promise<readonly Figure[]> {
  const model = await startModel(MODEL_MS);
  const home = mkdtempSync(join(tmpdir(), 'claw-bench-http-'));
  const server = spawn(process.execPath, [claw, 'serve'], {
    cwd: home,
    env: {
      ...env,
      HOME: home,
      CLAW_HOME: home,
      HEALTH_PORT: '0',
      DASHBOARD_PORT: '0',
      WS_PORT: '0',
      API_RATE_LIMIT: '1000000',
      MAX_DAILY_CALLS: '0',
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_API_KEY: 'not-a-key',
      ANTHROPIC_BASE_URL: model.url,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await ready(server);
    const state = JSON.parse(readFileSync(join(home, 'run', 'serve.json'), 'utf8')) as { ports: { http: number } };
    const agent = new Agent({ keepAlive: true });
    const figures = [...(await probes(state.ports.http, agent)), ...(await chats(state.ports.http, agent))];
    agent.destroy();
    return figures;
  } finally {
    server.kill('SIGKILL');
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
    await model.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
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

async function ready({ stderr }: ChildProcess): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    stderr?.on('data', (data) => {
      if (log.length < 20_000) log += String(data);
      if (log.includes('server is ready')) resolve();
    });
    stderr?.once('end', () => reject(new Error(`claw serve did not start:\n${log}`)));
  });
}
