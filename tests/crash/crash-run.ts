/** Drives a real `claw serve` through crashes: people write while it is killed, at random instants and at every write it makes, and started again. At the end it runs in peace, and the ledger is judged. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectTool, type EffectServer, startEffects } from './effects.ts';
import { judge, type Verdict, type Written } from './ledger.ts';
import { type ModelStandIn, startModel } from './model-stand-in.ts';
import { type CrashPlatform, discordPlatform, slackPlatform, telegramPlatform } from './platforms.ts';
import { seededRandom } from './random.ts';

export interface CrashPlan {
  readonly seed: number;
  readonly messages: number;
  readonly kills: number;
  /** Chats of each platform. */
  readonly chats: number;
  readonly onProgress?: (line: string) => void;
}

export interface CrashReport extends Verdict {
  readonly messages: number;
  readonly kills: number;
  /** Kills at a named write, by its name. */
  readonly writes: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const ROOT = join(import.meta.dirname, '..', '..');
const CLAW = join(ROOT, 'bin', 'claw.js');
const PRELOAD = join(import.meta.dirname, 'kill-at-write.ts');
/** A start that takes longer than this has failed, in milliseconds. */
const START_LIMIT_MS = 30_000;
const PEACE_LIMIT_MS = 120_000;

class World {
  readonly home = mkdtempSync(join(tmpdir(), 'claw-crash-'));
  readonly written: Written[] = [];
  readonly #random: () => number;
  readonly #plan: CrashPlan;
  platforms: readonly CrashPlatform[] = [];
  #effects: EffectServer | undefined;
  #model: ModelStandIn | undefined;
  #numbers = new Map<string, number>();

  constructor(plan: CrashPlan) {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
  }

  get effects(): ReadonlyMap<string, number> {
    return this.#effects?.counts ?? new Map();
  }

  async open(): Promise<void> {
    const { chats } = this.#plan;
    this.#effects = await startEffects();
    this.#model = await startModel(20);
    this.platforms = [await telegramPlatform(chats), await discordPlatform(chats), await slackPlatform(chats)];
    mkdirSync(join(this.home, 'tools'), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.home, 'tools', 'record_effect.ts'), effectTool(this.#effects.origin));
    execFileSync(process.execPath, [CLAW, 'tool', 'approve', 'record_effect'], { env: this.env(), stdio: 'pipe' });
  }

  async close(): Promise<void> {
    for (const platform of this.platforms) await platform.close();
    await this.#model?.close();
    await this.#effects?.close();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  }

  env(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: this.home,
      CLAW_HOME: this.home,
      CLAW_SECRET_STORE: 'file',
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      HEALTH_PORT: '0',
      DASHBOARD_PORT: '0',
      WS_PORT: '0',
      CRASH_BACKOFF: 'false',
      BOT_RATE_LIMIT: '1000000',
      MAX_DAILY_CALLS: '0',
      LLM_PROVIDER: 'anthropic',
      ANTHROPIC_API_KEY: 'not-a-key',
      ANTHROPIC_BASE_URL: this.#model?.url,
      TRUSTED_ORIGINS: this.#effects?.origin,
      ...Object.assign({}, ...this.platforms.map((platform) => platform.env)),
      ...extra,
    };
  }

  /** Somebody writes somewhere. */
  write(): void {
    this.#writeTo(this.pick(this.platforms), 1 + Math.floor(this.#random() * this.#plan.chats));
  }

  /** Everybody writes once. */
  greet(): void {
    for (const platform of this.platforms)
      for (let chat = 1; chat <= this.#plan.chats; chat += 1) this.#writeTo(platform, chat);
  }

  #writeTo(platform: CrashPlatform, chat: number): void {
    const key = `${platform.name}${chat}`;
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    const hasEffect = this.#random() < 0.3;
    this.written.push({ platform, chat, number, hasEffect });
    if (this.#random() < 0.02) platform.swallow(1);
    platform.say(chat, `message:${key}:${number}${hasEffect ? ':tool' : ''}`);
  }

  random(): number {
    return this.#random();
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random() * items.length)] as T;
  }
}

/** Starts the server; resolves when it is ready, or dead. */
async function startServer(world: World, extra: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn(process.execPath, [CLAW, 'serve'], {
    env: world.env(extra),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server did not start:\n${log}`)), START_LIMIT_MS);
    const settle = (): void => {
      clearTimeout(timer);
      resolve();
    };
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4000);
      if (log.includes('server is ready')) settle();
    });
    child.once('exit', settle);
  });
  await ready;
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`the server ended by itself:\n${log}`);
  return child;
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function exit(child: ChildProcess): Promise<void> {
  if (!ended(child)) await once(child, 'exit');
}

/** Writes a run makes, by name, in the order of their first time. */
async function listWrites(world: World): Promise<string[]> {
  const trace = join(world.home, 'trace');
  const child = await startServer(world, { NODE_OPTIONS: `--import ${PRELOAD}`, CRASH_TRACE: trace });
  while (!world.platforms.every((platform) => platform.isHeard())) await pause(20);
  world.greet();
  for (let message = 0; message < 20; message += 1) world.write();
  await peace(world, child);
  child.kill('SIGTERM');
  await exit(child);
  return [...new Set(readFileSync(trace, 'utf8').trim().split('\n'))];
}

/** Waits until everything that was written is answered. */
async function peace(world: World, child: ChildProcess): Promise<void> {
  const end = Date.now() + PEACE_LIMIT_MS;
  for (;;) {
    if (ended(child)) throw new Error('the server ended in peace');
    const { lost, unexplained } = judge(world.home, world.written, world.effects);
    if (lost.length === 0 && unexplained.length === 0) return;
    if (Date.now() > end) return;
    await pause(200);
  }
}

async function oneCrash(world: World, writes: readonly string[], perCrash: number): Promise<string | undefined> {
  const isNamed = world.random() < 0.5;
  const name = isNamed ? world.pick(writes) : undefined;
  const count = 1 + Math.floor(world.random() * 12);
  const at = `${name}:${count}:${world.random() < 0.5 ? 'before' : 'after'}`;
  const extra: Record<string, string> = name === undefined ? {} : { NODE_OPTIONS: `--import ${PRELOAD}`, CRASH_AT: at };
  const child = await startServer(world, extra);
  for (let message = 0; message < perCrash; message += 1) world.write();
  // A write that does not come to its number is a crash at a random instant too.
  const limit = isNamed ? 1200 : world.random() * 400;
  await Promise.race([exit(child), pause(limit)]);
  const byItself = ended(child);
  if (!byItself) child.kill('SIGKILL');
  await exit(child);
  return byItself ? name : undefined;
}

/** Runs the plan. Throws when the server cannot be started any more. */
export async function runCrashes(plan: CrashPlan): Promise<CrashReport> {
  const began = Date.now();
  const world = new World(plan);
  const writes: Record<string, number> = {};
  try {
    await world.open();
    const names = await listWrites(world);
    const perCrash = Math.max(1, Math.ceil((plan.messages - world.written.length) / plan.kills));
    for (let kill = 1; kill <= plan.kills; kill += 1) {
      const name = await oneCrash(world, names, perCrash);
      if (name !== undefined) writes[name] = (writes[name] ?? 0) + 1;
      if (kill % 25 === 0) plan.onProgress?.(`${kill} kills, ${world.written.length} messages`);
    }
    const last = await startServer(world, {});
    await peace(world, last);
    last.kill('SIGTERM');
    await exit(last);
    const verdict = judge(world.home, world.written, world.effects);
    const seconds = Math.round((Date.now() - began) / 1000);
    return { ...verdict, messages: world.written.length, kills: plan.kills, writes, seconds };
  } finally {
    await world.close();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
