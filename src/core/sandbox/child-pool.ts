/** Owns the tool processes of this process: one waits warm for the next call, a few serve the further calls of one tool in one session, and all go when nobody comes. */
import type { Runtime, SandboxOutcome, SandboxRequest } from './sandbox.ts';
import { createSlots } from './slots.ts';
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

export interface ChildPool {
  run(request: SandboxRequest): Promise<SandboxOutcome>;
  /** Takes a process that was started elsewhere and has served nobody. */
  add(child: ToolProcess, runtime: Runtime): void;
  close(): Promise<void>;
}

/** Tool processes are about 45 MB each. */
const SLOTS = { usual: 4, most: 32, patienceMs: 250 };
const MOST_IDLE = 4;
/** How long one waits for the next call of its session, in milliseconds. */
const SESSION_IDLE_MS = 3_000;
/** How long one that was started to see whether it starts waits at least, in milliseconds. */
const FIRST_CALL_MS = 1_000;
/** A command that makes one call and ends should not start a process for nobody. */
const REFILL_AFTER_MS = 30;

/** `start` begins a process; `idleMs` is how long an unused one waits, 0 keeps none. */
export function createChildPool(start: (runtime: Runtime) => Promise<ToolProcess>, idleMs: number): ChildPool {
  const slots = createSlots(SLOTS);
  const alive = new Set<ToolProcess>();
  const refills = new Map<Runtime, NodeJS.Timeout>();
  let idle: Idle[] = [];
  let isClosed = false;

  const watch = (child: ToolProcess): void => {
    if (alive.has(child)) return;
    alive.add(child);
    void child.exited.then(() => alive.delete(child));
  };
  const begin = async (runtime: Runtime): Promise<ToolProcess> => {
    const child = await start(runtime);
    watch(child);
    if (isClosed) child.kill();
    return child;
  };
  const remove = (entry: Idle): void => {
    idle = idle.filter((other) => other !== entry);
    clearTimeout(entry.timer);
  };
  const drop = (entry: Idle): void => {
    remove(entry);
    entry.child.kill();
  };
  const keep = (child: ToolProcess, runtime: Runtime, ms: number, owner?: Owner): void => {
    if (isClosed || ms === 0) {
      child.kill();
      return;
    }
    const entry: Idle = { child, runtime, owner, timer: setTimeout(() => drop(entry), ms).unref() };
    idle.push(entry);
    const oldest = idle.find((other) => other.owner !== undefined) ?? idle[0];
    if (idle.length > MOST_IDLE && oldest !== undefined) drop(oldest);
  };
  /** A process for this call: one of its session, a fresh one that waits, or a new one. */
  const take = async ({ runtime, session, code }: SandboxRequest): Promise<ToolProcess> => {
    const fits = ({ owner }: Idle): boolean => owner?.session === session && owner?.code === code;
    for (;;) {
      const waiting = idle.filter((entry) => entry.runtime === runtime);
      const entry =
        waiting.find((each) => each.owner !== undefined && fits(each)) ??
        waiting.find(({ owner }) => owner === undefined);
      if (entry === undefined) return begin(runtime);
      remove(entry);
      // It may have died while it waited; the next one tells why if it cannot start either.
      const isThere = await entry.child.ready().then(
        () => true,
        () => false,
      );
      if (isThere && entry.child.mayServe) return entry.child;
    }
  };
  const refill = (runtime: Runtime): void => {
    refills.delete(runtime);
    if (isClosed || idle.some((entry) => entry.runtime === runtime && entry.owner === undefined)) return;
    begin(runtime).then(
      (child) => keep(child, runtime, idleMs),
      () => {}, // the next call starts its own, and tells why
    );
  };
  const refillSoon = (runtime: Runtime): void => {
    if (isClosed || idleMs === 0 || refills.has(runtime)) return;
    refills.set(runtime, setTimeout(refill, REFILL_AFTER_MS, runtime).unref());
  };
  return {
    add(child, runtime) {
      watch(child);
      keep(child, runtime, Math.max(idleMs, FIRST_CALL_MS));
    },
    async run(request) {
      const { runtime, session, code, signal } = request;
      await slots.enter(signal);
      try {
        if (signal.aborted) return { status: 'cancelled', output: null, error: 'it was stopped', ms: 0 };
        const child = await take(request);
        refillSoon(runtime);
        await child.ready();
        const outcome = await child.run(request);
        if (child.mayServe && session !== undefined)
          keep(child, runtime, Math.min(idleMs, SESSION_IDLE_MS), { session, code });
        return outcome;
      } finally {
        slots.leave();
      }
    },
    async close() {
      isClosed = true;
      for (const timer of refills.values()) clearTimeout(timer);
      for (const entry of idle) clearTimeout(entry.timer);
      idle = [];
      const children = [...alive];
      for (const child of children) child.kill();
      await Promise.all(children.map(({ exited }) => exited));
    },
  };
}
