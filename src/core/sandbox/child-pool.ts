/** Owns the tool processes of this process: one waits warm for the next call, a few serve the further calls of one tool in one session, and all go when nobody comes. */
import type { Runtime, SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { createSlots, type Slots } from './slots.ts';
import type { ToolProcess } from './tool-process.ts';

/** A process that waits. */
interface Idle {
  readonly child: ToolProcess;
  readonly runtime: Runtime;
  /** Whose calls it has served; undefined for one that has served none. */
  readonly owner: Owner | undefined;
  readonly timer: NodeJS.Timeout;
}

interface Owner {
  readonly session: string;
  readonly code: string;
}

type Start = (runtime: Runtime) => Promise<ToolProcess>;

/** Each is about 45 MB. */
const SLOTS = { usual: 4, most: 32, patienceMs: 250 };
const MOST_IDLE = 4;
/** How long one waits for the next call of its session, in milliseconds. */
const SESSION_IDLE_MS = 3_000;
/** How long one that was started to see whether it starts waits at least, in milliseconds. */
const FIRST_CALL_MS = 1_000;
/** A command that makes one call and ends should not start a process for nobody. */
const REFILL_AFTER_MS = 30;

export class ChildPool {
  readonly #start: Start;
  readonly #idleMs: number;
  readonly #slots: Slots = createSlots(SLOTS);
  readonly #alive = new Set<ToolProcess>();
  readonly #refills = new Map<Runtime, NodeJS.Timeout>();
  #idle: Idle[] = [];
  #isClosed = false;

  /** `idleMs` is how long an unused process waits, in milliseconds; 0 keeps none. */
  constructor(start: Start, idleMs: number) {
    this.#start = start;
    this.#idleMs = idleMs;
  }

  async run(request: SandboxRequest): Promise<SandboxOutcome> {
    const { runtime, session, code, signal } = request;
    await this.#slots.enter(signal);
    try {
      if (signal.aborted) return { status: 'cancelled', output: null, error: 'it was stopped', ms: 0 };
      const child = await this.#take(request);
      this.#refillSoon(runtime);
      await child.ready();
      const outcome = await child.run(request);
      if (child.mayServe && session !== undefined)
        this.#keep(child, runtime, Math.min(this.#idleMs, SESSION_IDLE_MS), { session, code });
      return outcome;
    } finally {
      this.#slots.leave();
    }
  }

  /** Takes a process that was started elsewhere and has served nobody. */
  add(child: ToolProcess, runtime: Runtime): void {
    this.#watch(child);
    this.#keep(child, runtime, Math.max(this.#idleMs, FIRST_CALL_MS));
  }

  /** Ends every process, the working ones too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#refills.values()) clearTimeout(timer);
    for (const entry of this.#idle) clearTimeout(entry.timer);
    this.#idle = [];
    const children = [...this.#alive];
    for (const child of children) child.kill();
    await Promise.all(children.map(({ exited }) => exited));
  }

  /** A process for this call: one of its session, a fresh one that waits, or a new one. */
  async #take({ runtime, session, code }: SandboxRequest): Promise<ToolProcess> {
    for (;;) {
      const waiting = this.#idle.filter((entry) => entry.runtime === runtime);
      const entry =
        waiting.find(({ owner }) => owner?.session === session && owner?.code === code) ??
        waiting.find(({ owner }) => owner === undefined);
      if (entry === undefined) return this.#begin(runtime);
      this.#remove(entry);
      // It may have died while it waited; the next one tells why if it cannot start either.
      const isThere = await entry.child.ready().then(
        () => true,
        () => false,
      );
      if (isThere && entry.child.mayServe) return entry.child;
    }
  }

  async #begin(runtime: Runtime): Promise<ToolProcess> {
    const child = await this.#start(runtime);
    this.#watch(child);
    if (this.#isClosed) child.kill();
    return child;
  }

  #watch(child: ToolProcess): void {
    this.#alive.add(child);
    void child.exited.then(() => this.#alive.delete(child));
  }

  #keep(child: ToolProcess, runtime: Runtime, ms: number, owner?: Owner): void {
    if (this.#isClosed || ms === 0) {
      child.kill();
      return;
    }
    const entry: Idle = { child, runtime, owner, timer: setTimeout(() => this.#drop(entry), ms).unref() };
    this.#idle.push(entry);
    const oldest = this.#idle.find((other) => other.owner !== undefined) ?? this.#idle[0];
    if (this.#idle.length > MOST_IDLE && oldest !== undefined) this.#drop(oldest);
  }

  #refillSoon(runtime: Runtime): void {
    if (this.#isClosed || this.#idleMs === 0 || this.#refills.has(runtime)) return;
    this.#refills.set(runtime, setTimeout(() => this.#refill(runtime), REFILL_AFTER_MS).unref());
  }

  #refill(runtime: Runtime): void {
    this.#refills.delete(runtime);
    const isThere = this.#idle.some((entry) => entry.runtime === runtime && entry.owner === undefined);
    if (this.#isClosed || isThere) return;
    this.#begin(runtime).then(
      (child) => this.#keep(child, runtime, this.#idleMs),
      () => {}, // the next call starts its own, and tells why
    );
  }

  #remove(entry: Idle): void {
    this.#idle = this.#idle.filter((other) => other !== entry);
    clearTimeout(entry.timer);
  }

  #drop(entry: Idle): void {
    this.#remove(entry);
    entry.child.kill();
  }
}
