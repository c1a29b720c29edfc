/** Measures the server under load, with a stand-in of Telegram and one of the provider: from a message to the provider's request, turns a second of a hundred talks at once, and what memory does over many turns. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ModelStandIn, startModel } from '../tests/crash/model-stand-in.ts';
import { TelegramServer, TOKEN } from '../tests/fakes/telegram/telegram-server.ts';
import type { Figure } from './figure.ts';
import { type Environment, withServe } from './running-serve.ts';
import { median, percentile } from './statistics.ts';

const TALKS = 100;
const SINGLE_MESSAGES = 150;
const LOAD_MS = 15_000;
const MODEL_MS = 200;
/** `BENCH_SOAK_TURNS=100000` for the long run. */
const SOAK_TURNS = Number(process.env['BENCH_SOAK_TURNS'] ?? 20_000);
/** How often memory is looked at in the long run, in milliseconds. */
const SAMPLE_MS = 250;

export async function serveLoadFigures(env: Environment): Promise<readonly Figure[]> {
  return [...(await latency(env)), ...(await throughput(env)), ...(await soak(env))];
}

interface Bench {
  readonly telegram: TelegramServer;
  readonly model: ModelStandIn;
  readonly server: ChildProcess;
}

async function withBench<T>(env: Environment, modelMs: number, work: (bench: Bench) => Promise<T>): Promise<T> {
  const telegram = await new TelegramServer().listen();
  const model = await startModel(modelMs);
  const settings = {
    LLM_PROVIDER: 'anthropic',
    ANTHROPIC_API_KEY: 'not-a-key',
    ANTHROPIC_BASE_URL: model.url,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_ALLOWED_USERS: Array.from({ length: TALKS }, (_, talk) => talk + 1).join(','),
    BOT_RATE_LIMIT: '1000000',
  };
  try {
    return await withServe(env, settings, (server) => work({ telegram, model, server }));
  } finally {
    await telegram.close();
    await model.close();
  }
}

/** One person after the other writes `message:tN:M` and waits for `reply:tN:M`. */
function say(telegram: TelegramServer, talk: number, number: number): void {
  const person = { id: talk, first_name: `P${talk}` };
  const chat = { ...person, type: 'private' };
  telegram.say(`message:t${talk}:${number}`, { chat, from: { ...person, is_bot: false } });
}

async function latency(env: Environment): Promise<readonly Figure[]> {
  return withBench(env, 0, async ({ telegram, model }) => {
    const toProvider: number[] = [];
    const toAnswer: number[] = [];
    for (let number = 1; number <= SINGLE_MESSAGES; number += 1) {
      const shown = telegram.shown.length;
      const asked = model.nextRequest();
      const began = performance.now();
      say(telegram, 1, number);
      await asked;
      toProvider.push(performance.now() - began);
      await telegram.until(() => telegram.shown.length > shown, 30_000);
      toAnswer.push(performance.now() - began);
    }
    const note = `${SINGLE_MESSAGES} messages of Telegram, one at a time`;
    return [
      { name: 'message to provider request, p50', value: median(toProvider), unit: 'ms', note },
      { name: 'message to provider request, p95', value: percentile(toProvider, 0.95), unit: 'ms', atMost: 25, note },
      { name: 'message to answer shown, p50', value: median(toAnswer), unit: 'ms', note },
    ];
  });
}

async function throughput(env: Environment): Promise<readonly Figure[]> {
  return withBench(env, MODEL_MS, async ({ telegram, server }) => {
    const numbers = new Map<number, number>();
    const next = (talk: number): void => {
      const number = (numbers.get(talk) ?? 0) + 1;
      numbers.set(talk, number);
      say(telegram, talk, number);
    };
    const stop = telegram.onShown(({ chat }) => next(chat));
    for (let talk = 1; talk <= TALKS; talk += 1) next(talk);
    await telegram.until(() => telegram.shown.length >= TALKS, 60_000);
    const first = telegram.shown.length;
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, LOAD_MS));
    const turns = telegram.shown.length - first;
    const seconds = (performance.now() - began) / 1000;
    stop();
    const note = `${TALKS} talks at once, the provider takes ${MODEL_MS} ms`;
    return [
      { name: 'turns a second', value: turns / seconds, unit: '/s', atLeast: 150, note },
      { name: 'RSS under that load', value: rssMb(server), unit: 'MB', atMost: 250, note: 'highest so far' },
    ];
  });
}

async function soak(env: Environment): Promise<readonly Figure[]> {
  return withBench(env, 0, async ({ telegram, server }) => {
    const numbers = new Map<number, number>();
    const next = (talk: number): void => {
      const number = (numbers.get(talk) ?? 0) + 1;
      numbers.set(talk, number);
      say(telegram, talk, number);
    };
    const stop = telegram.onShown(({ chat }) => next(chat));
    for (let talk = 1; talk <= 20; talk += 1) next(talk);
    const early: number[] = [];
    const late: number[] = [];
    // Collection makes the size swing by tens of megabytes: medians of two stretches tell growth from that.
    while (telegram.shown.length < SOAK_TURNS) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
      const part = telegram.shown.length / SOAK_TURNS;
      if (part >= 0.2 && part < 0.45) early.push(currentRssMb(server));
      if (part >= 0.75) late.push(currentRssMb(server));
    }
    stop();
    const grown = median(late) - median(early);
    // The middles of the two stretches lie 0.55 of all turns apart.
    const note = `${SOAK_TURNS} turns; medians ${median(early).toFixed(0)} and ${median(late).toFixed(0)} MB`;
    return [{ name: 'RSS growth per 10,000 turns', value: (grown / (SOAK_TURNS * 0.55)) * 10_000, unit: 'MB', note }];
  });
}

/** Highest resident size of the process so far. */
function rssMb({ pid = 0 }: ChildProcess): number {
  return status(pid, 'VmHWM');
}

function currentRssMb({ pid = 0 }: ChildProcess): number {
  return status(pid, 'VmRSS');
}

function status(pid: number, field: string): number {
  const line = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? NaN) / 1024;
}
