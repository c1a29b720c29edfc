/** Owns the tool processes of this process: some wait warm for the next call, a few serve the further calls of one tool in one turn, and all go when nobody comes. */
import { availableParallelism } from 'node:os';
import type { Ask, Runtime, SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { createSlots, type Slot, type Slots } from './slots.ts';
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
  readonly turn: string;
  readonly code: string;
}

type Start = (runtime: Runtime) => Promise<ToolProcess>;

/** More tools that compute than processors only start more processes, of about 45 MB each. */
const SLOTS = { usual: Math.max(2, availableParallelism()), most: 32, patienceMs: 250 };
/** Processes that wait for further calls of their turn; fewer, and a turn that goes round its tools starts one for every call. */
const MOST_OWNED = 12;
/** How long one waits for the next call of its turn, in milliseconds. */
const OWNED_IDLE_MS = 3_000;
/** Unused processes that wait, at most: as many as were taken in the last seconds. */
const MOST_FRESH = 4;
const RECENT_MS = 2_000;
/** How long one more than the first waits, in milliseconds. */
const SURPLUS_IDLE_MS = 3_000;
/** How long one that was started to see whether it starts waits at least, in milliseconds. */
const FIRST_CALL_MS = 1_000;
/** A command that makes one call and ends must not start a process for nobody. */
const REFILL_AFTER_MS = 20;

export class ChildPool {
  readonly #start: Start;
  readonly #idleMs: number;
  readonly #slots: Slots = createSlots(SLOTS);
  readonly #alive = new Set<ToolProcess>();
  /** Times at which unused processes were taken, by runtime. */
  readonly #taken = new Map<Runtime, number[]>();
  readonly #starting = new Set<Runtime>();
  #idle: Idle[] = [];
  #isClosed = false;

  /** `idleMs` is how long an unused process waits, in milliseconds; 0 keeps none. */
  constructor(start: Start, idleMs: number) {
    this.#start = start;
    this.#idleMs = idleMs;
  }

  async run(request: SandboxRequest): Promise<SandboxOutcome> {
    const { runtime, turn, code, signal } = request;
    const slot = await this.#slots.enter(signal);
    try {
      if (signal.aborted) return { status: 'cancelled', output: null, error: 'it was stopped', ms: 0 };
      const child = await this.#take(request);
      const outcome = await child.run({ ...request, ask: pausing(request.ask, slot) });
      if (child.mayServe && turn !== undefined) this.#keepOwned(child, runtime, { turn, code });
      return outcome;
    } finally {
      slot.leave();
      this.#refillSoon(runtime);
    }
  }

  /** Takes a process that was started elsewhere and has served nobody. */
  add(child: ToolProcess, runtime: Runtime): void {
    this.#watch(child);
    this.#keepFresh(child, runtime, Math.max(this.#idleMs, FIRST_CALL_MS));
  }

  /** Ends every process, the working ones too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const entry of this.#idle) clearTimeout(entry.timer);
    this.#idle = [];
    const children = [...this.#alive];
    for (const child of children) child.kill();
    await Promise.all(children.map(({ exited }) => exited));
  }

  /** A process for this call: one of its turn, an unused one that waits, or a new one. */
  async #take({ runtime, turn, code }: SandboxRequest): Promise<ToolProcess> {
    for (;;) {
      const waiting = this.#idle.filter((entry) => entry.runtime === runtime);
      const owned = waiting.find(({ owner }) => owner !== undefined && owner.turn === turn && owner.code === code);
      const entry = owned ?? waiting.find(({ owner }) => owner === undefined);
      if (owned === undefined) this.#noteTaken(runtime);
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

  #noteTaken(runtime: Runtime): void {
    const recent = this.#recentlyTaken(runtime);
    this.#taken.set(runtime, [...recent, performance.now()]);
    // More than one: this is no command that makes a single call.
    if (recent.length > 0) this.#refillSoon(runtime, 0);
  }

  #recentlyTaken(runtime: Runtime): number[] {
    const since = performance.now() - RECENT_MS;
    return (this.#taken.get(runtime) ?? []).filter((at) => at > since);
  }

  /** Starts a process and waits until it is ready. */
  async #begin(runtime: Runtime): Promise<ToolProcess> {
    const child = await this.#start(runtime);
    this.#watch(child);
    if (this.#isClosed) child.kill();
    await child.ready();
    return child;
  }

  #watch(child: ToolProcess): void {
    this.#alive.add(child);
    void child.exited.then(() => this.#alive.delete(child));
  }

  /** Keeps a process for further calls of its turn. */
  #keepOwned(child: ToolProcess, runtime: Runtime, owner: Owner): void {
    this.#wait({ child, runtime, owner }, Math.min(this.#idleMs, OWNED_IDLE_MS));
    const owned = this.#idle.filter((other) => other.owner !== undefined);
    if (owned.length > MOST_OWNED && owned[0] !== undefined) this.#drop(owned[0]);
  }

  /** Keeps an unused process: the last one for `ms`, any more only as long as calls keep coming. */
  #keepFresh(child: ToolProcess, runtime: Runtime, ms: number): void {
    const entry = { child, runtime, owner: undefined };
    this.#wait(entry, Math.min(ms, SURPLUS_IDLE_MS), () => {
      if (this.#fresh(runtime).length > 0 || ms <= SURPLUS_IDLE_MS) child.kill();
      else this.#wait(entry, ms - SURPLUS_IDLE_MS);
    });
  }

  #wait(
    who: Omit<Idle, 'timer'>,
    ms: number,
    onEnd = (): void => {
      who.child.kill();
    },
  ): void {
    if (this.#isClosed || ms === 0) {
      who.child.kill();
      return;
    }
    const timer = setTimeout(() => {
      this.#remove(entry);
      onEnd();
    }, ms).unref();
    const entry: Idle = { ...who, timer };
    this.#idle.push(entry);
  }

  #fresh(runtime: Runtime): Idle[] {
    return this.#idle.filter((entry) => entry.runtime === runtime && entry.owner === undefined);
  }

  #refillSoon(runtime: Runtime, ms = REFILL_AFTER_MS): void {
    if (this.#isClosed || this.#idleMs === 0 || this.#starting.has(runtime)) return;
    this.#starting.add(runtime);
    setTimeout(() => void this.#refill(runtime), ms).unref();
  }

  /** Starts one after the other until as many wait as were taken lately. */
  async #refill(runtime: Runtime): Promise<void> {
    try {
      for (;;) {
        const wanted = Math.min(MOST_FRESH, Math.max(1, this.#recentlyTaken(runtime).length));
        if (this.#isClosed || this.#fresh(runtime).length >= wanted) return;
        this.#keepFresh(await this.#begin(runtime), runtime, this.#idleMs);
      }
    } catch {
      // The next call starts its own, and tells why it cannot.
    } finally {
      this.#starting.delete(runtime);
    }
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

/** A tool that waits for the answer to a question leaves its place to another. */
function pausing(ask: Ask, slot: Slot): Ask {
  let open = 0;
  return async (...question) => {
    open += 1;
    slot.pause();
    try {
      return await ask(...question);
    } finally {
      open -= 1;
      if (open === 0) slot.resume();
    }
  };
}
