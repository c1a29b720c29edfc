/** Owns a client of claw's WebSocket for tests: real, its frames kept in order. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import {
  type ModelReply,
  type ModelServer,
  PAUSE,
  type SeenRequest,
  startModelServer,
} from '../fakes/llm/model-server.ts';
import { type SpokenAnswer, spoken } from '../fakes/llm/wire.ts';
import { bareEnvironment, CLAW } from './run-claw.ts';

export type Frame = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Client {
  readonly socket: WebSocket;
  readonly frames: readonly Frame[];
  send(frame: Readonly<Record<string, unknown>> | string): void;
  /** Resolves with the first frame that `wanted` takes, come or to come; rejects when the socket closes before. */
  frame(wanted: (frame: Frame) => boolean): Promise<Frame>;
  /** Resolves with the code of the close. */
  readonly closed: Promise<number>;
}

/** Opens a socket. Rejects with the status and body of a refusal. */
export async function openClient(
  url: string,
  options: ClientOptions & { readonly protocols?: string[] } = {},
): Promise<Client> {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(url, protocols, rest);
  onTestFinished(() => socket.terminate());
  const frames: Frame[] = [];
  const changed = new EventEmitter();
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('error', () => {});
  socket.on('message', (data) => {
    frames.push(JSON.parse((data as Buffer).toString('utf8')) as Frame);
    changed.emit('frame');
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      response.setEncoding('utf8').once('data', (body: string) => reject(new Error(`${response.statusCode} ${body}`)));
    });
  });
  return {
    socket,
    frames,
    closed,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    async frame(wanted) {
      const ended = closed.then((code) => {
        throw new Error(`closed with ${code} after ${JSON.stringify(frames)}`);
      });
      ended.catch(() => {});
      for (;;) {
        const found = frames.find(wanted);
        if (found !== undefined) return found;
        await Promise.race([once(changed, 'frame'), ended]);
      }
    },
  };
}

/** Whether a frame is of that type. */
export const is =
  (type: string, id?: unknown) =>
  (frame: Frame): boolean =>
    frame.type === type && (id === undefined || frame['id'] === id);

/** A model that answers by the last thing it was told: the first entry whose name is in it, else it says `heard`. It speaks until the tests of the file are over. */
export async function modelBy(
  answers: Readonly<Record<string, SpokenAnswer>>,
  onEnd: OnEnd,
): Promise<{ server: ModelServer; env: Record<string, string> }> {
  const reply = (request: SeenRequest): ModelReply => {
    const last = anthropicWire.texts(request).at(-1) ?? '';
    const name = Object.keys(answers).find((each) => last.includes(each)) ?? '';
    const isAnswered = anthropicWire.results(request).length > 0;
    const answer = isAnswered ? { text: ['done'] } : (answers[name] ?? { text: ['heard'] });
    const { pieces } = spoken(anthropicWire, answer);
    return { pieces: name.startsWith('slow') ? pieces.flatMap((piece) => [piece, PAUSE]) : pieces };
  };
  const server = await startModelServer([reply]);
  onEnd(() => server.close());
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key-of-the-tests',
    ANTHROPIC_BASE_URL: server.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    LLM_RETRY_COUNT: '0',
    MAX_DAILY_CALLS: '0',
  };
  return { server, env };
}

export interface SharedServe {
  readonly home: string;
  /** `ws://127.0.0.1:PORT`. */
  readonly url: string;
  /** The port of the HTTP API, for `/ws`. */
  readonly httpUrl: string;
  readonly child: ChildProcessWithoutNullStreams;
  log(): string;
  /** The settings it was started with. */
  readonly env: Readonly<Record<string, string>>;
}

interface State {
  readonly ports: { readonly websocket: number; readonly http: number };
}

/** Registers what to do after the last test of a file. */
export type OnEnd = (clean: () => unknown) => void;

/** Call it at the top of a file: within a hook nothing can be registered any more. */
export function atEndOfFile(): OnEnd {
  const cleaning: (() => unknown)[] = [];
  afterAll(async () => {
    for (const clean of cleaning.toReversed()) await clean();
  });
  return (clean) => void cleaning.push(clean);
}

/** A `claw serve` for all tests of a file. */
export async function sharedServe(extra: Readonly<Record<string, string>>, onEnd: OnEnd): Promise<SharedServe> {
  const home = await mkdtemp(join(tmpdir(), 'claw-test-'));
  const env = bareEnvironment(home, { HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0', ...extra });
  const child = spawn(process.execPath, [CLAW, 'serve'], { cwd: home, env });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    child.emit('logged');
  });
  onEnd(async () => {
    child.kill('SIGKILL');
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  });
  while (!log.includes('server is ready')) await once(child, 'logged');
  const state = JSON.parse(readFileSync(join(home, 'run', 'serve.json'), 'utf8')) as State;
  const at = (port: number): string => `ws://127.0.0.1:${port}`;
  return { home, url: at(state.ports.websocket), httpUrl: at(state.ports.http), child, log: () => log, env: extra };
}
