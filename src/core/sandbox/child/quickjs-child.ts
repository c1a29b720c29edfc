/** Owns the process a tool runs in: QuickJS in WebAssembly, one call; for another call of the same tool a new engine with a memory of its own. It runs under Node's permission model with nothing granted but its own files; it knows no secret and no path, and everything it wants it asks on its standard output. */
import baseVariant from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSDeferredPromise,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from 'quickjs-emscripten-core';
import type { Frame } from '../frames.ts';
import { end, receive, send } from './wire.ts';

/** A memory that grew beyond this is left to the end of its process. */
const MAX_RENEWED_BYTES = 32 * 1024 * 1024;
const REHEARSE_AFTER_MS = 30;
const REHEARSAL =
  "import { defineTool, z } from 'claw/tool'; export default defineTool({ name: 'a', description: 'b', input: z.object({ c: z.string() }), async run(input, ctx) { await null; return { d: [1, `${input.c}`] }; } });";
const LONGEST_WAIT_MS = 2 ** 31 - 1;
const STACK_BYTES = 512 * 1024;
const { readFileSync } = process.getBuiltinModule('node:fs');
const ownFile = (name: string): string => `${import.meta.dirname}/${name}`;
const AUTHOR = readFileSync(ownFile('author.js'), 'utf8');
const PRELUDE = readFileSync(ownFile('prelude.js'), 'utf8');

interface Job {
  readonly code: string;
  /** Null: describe yourself. */
  readonly input: string | null;
  readonly memoryBytes: number;
  /** Milliseconds from now. */
  readonly deadlineMs: number;
}

class World {
  readonly #send: (frame: Frame) => void;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #waiting = new Map<number, QuickJSDeferredPromise>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #lastAsk = 0;
  #deadline = Infinity;
  #isOver = false;

  constructor(runtime: QuickJSRuntime, say: (frame: Frame) => void) {
    this.#send = say;
    this.#runtime = runtime;
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => performance.now() > this.#deadline);
    runtime.setModuleLoader((name) =>
      name === 'claw/tool' || name === 'zod'
        ? AUTHOR
        : { error: new Error(`there is no module ${JSON.stringify(name)} here; only claw/tool`) },
    );
    this.#context = runtime.newContext();
    this.#buildBridge();
    this.#check(this.#context.evalCode(PRELUDE, 'prelude.js'), 'prelude').dispose();
  }

  start(job: Job): void {
    this.#deadline = performance.now() + job.deadlineMs;
    this.#runtime.setMemoryLimit(job.memoryBytes);
    const context = this.#context;
    const loaded = context.evalCode(job.code, 'tool.js', { type: 'module' });
    if (loaded.error) {
      this.#fail(this.#describeError(loaded.error));
      return;
    }
    // A module with a top-level await is a promise of its namespace.
    const state = context.getPromiseState(loaded.value);
    if (state.type === 'fulfilled') this.#run(state.value, job);
    else if (state.type === 'rejected') this.#fail(this.#describeError(state.error));
    else {
      void context
        .resolvePromise(loaded.value)
        .then((result) =>
          result.error ? this.#fail(this.#describeError(result.error)) : this.#run(result.value, job),
        );
    }
    this.#turn();
  }

  /** Nothing of this world runs or speaks again; its memory goes with it. */
  end(): void {
    this.#isOver = true;
    this.#waiting.clear();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  answer(id: unknown, isOk: boolean, json: string): void {
    const deferred = typeof id === 'number' ? this.#waiting.get(id) : undefined;
    if (deferred === undefined) return;
    this.#waiting.delete(id as number);
    const context = this.#context;
    if (isOk) context.newString(json).consume((value) => deferred.resolve(value));
    else context.newError(json).consume((value) => deferred.reject(value));
    this.#turn();
  }

  #run(module: QuickJSHandle, job: Job): void {
    const context = this.#context;
    const run = context.getProp(context.global, '__run');
    const input = job.input === null ? context.null : context.newString(job.input);
    const result = context.callFunction(run, context.undefined, module, input);
    if (result.error) this.#fail(this.#describeError(result.error));
    this.#turn();
  }

  /** Runs what promises have become ready. */
  #turn(): void {
    if (this.#isOver) return;
    const result = this.#runtime.executePendingJobs();
    if (result.error) this.#fail(this.#describeError(result.error));
  }

  #buildBridge(): void {
    const context = this.#context;
    const bridge = context.newObject();
    const text = (handle: QuickJSHandle | undefined): string => (handle === undefined ? '' : context.getString(handle));
    const add = (name: string, work: (...args: QuickJSHandle[]) => QuickJSHandle | void): void =>
      context
        .newFunction(name, (...args) => work(...args) ?? context.undefined)
        .consume((handle) => context.setProp(bridge, name, handle));
    add('ask', (service, method, json) => {
      this.#lastAsk += 1;
      const deferred = context.newPromise();
      this.#waiting.set(this.#lastAsk, deferred);
      this.#send({ type: 'ask', id: this.#lastAsk, service: text(service), method: text(method), args: text(json) });
      return deferred.handle;
    });
    add('wait', (ms) => {
      const deferred = context.newPromise();
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          deferred.resolve();
          this.#turn();
        },
        Math.min(LONGEST_WAIT_MS, ms === undefined ? 0 : context.getNumber(ms)),
      );
      this.#timers.add(timer);
      return deferred.handle;
    });
    add('tell', (kind, line) => this.#send({ type: text(kind) === 'progress' ? 'progress' : 'log', text: text(line) }));
    add('random', (count) =>
      context.newString(
        // Its start takes 10 ms; few tools want it.
        process
          .getBuiltinModule('node:crypto')
          .randomBytes(Math.min(65_536, Math.max(0, count === undefined ? 0 : context.getNumber(count))))
          .toString('hex'),
      ),
    );
    add('utf8Encode', (line) => context.newString(Buffer.from(text(line), 'utf8').toString('hex')));
    add('utf8Decode', (hex) => context.newString(Buffer.from(text(hex), 'hex').toString('utf8')));
    add('finish', (json) => this.#send({ type: 'done', result: text(json) }));
    context.setProp(context.global, '__bridge', bridge);
    bridge.dispose();
  }

  #check(result: ReturnType<QuickJSContext['evalCode']>, what: string): QuickJSHandle {
    if (result.error) throw new Error(`${what}: ${this.#describeError(result.error)}`);
    return result.value;
  }

  #describeError(handle: QuickJSHandle): string {
    const dumped: unknown = this.#context.dump(handle);
    handle.dispose();
    if (typeof dumped !== 'object' || dumped === null) return String(dumped);
    const { name, message } = dumped as { name?: unknown; message?: unknown };
    return `${typeof name === 'string' ? name : 'Error'}: ${typeof message === 'string' ? message : ''}`;
  }

  #fail(error: string): void {
    const isInterrupted = performance.now() > this.#deadline;
    send(isInterrupted ? { type: 'timeout' } : { type: 'done', result: JSON.stringify({ ok: false, error }) });
  }
}

/** Compiled once, and at once: nothing would keep the process alive meanwhile. Node's own types know the module, not its constructor. */
const { WebAssembly: wasmEngine } = globalThis as unknown as {
  WebAssembly: { Module: new (bytes: Uint8Array) => WebAssembly.Module };
};
const variant = newVariant(baseVariant as unknown as QuickJSSyncVariant, {
  wasmModule: new wasmEngine.Module(readFileSync(ownFile('quickjs.wasm'))),
});
const newEngine = (): Promise<QuickJSWASMModule> => newQuickJSWASMModuleFromVariant(variant);
let engine = await newEngine();
let world = new World(engine.newRuntime(), send);

/** Another engine with another memory; nothing of the call before is in it. */
async function renew(): Promise<void> {
  world.end();
  if (engine.getWasmMemory().buffer.byteLength > MAX_RENEWED_BYTES) end();
  engine = await newEngine();
  world = new World(engine.newRuntime(), send);
  send({ type: 'ready' });
}

/** Parts of the engine are compiled when they first run. A tool that nobody hears runs while nobody waits, so that the first real one need not pay for it. */
function rehearse(): void {
  const rehearsal = new World(engine.newRuntime(), () => {});
  rehearsal.start({ code: REHEARSAL, input: '{}', memoryBytes: MAX_RENEWED_BYTES, deadlineMs: 50 });
  rehearsal.end();
}

const rehearsal = setTimeout(rehearse, REHEARSE_AFTER_MS);

receive((frame) => {
  clearTimeout(rehearsal);

  if (frame['type'] === 'job') world.start(frame as unknown as Job);
  else if (frame['type'] === 'answer') world.answer(frame['id'], frame['ok'] === true, String(frame['json']));
  else if (frame['type'] === 'renew') void renew();
});
send({ type: 'ready' });
