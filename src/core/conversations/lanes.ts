/** Owns the lanes of chat platforms: one turn at a time per conversation, first come first served between conversations, never more than a cap at once. What waits is in the store; a lane that dies loses nothing. */
import { toError } from '../kernel/errors.ts';
import { within } from '../kernel/within.ts';
import { isProcessAlive } from '../kernel/process-identity.ts';
import { type LaneDeps, type LaneWork, nextWork, runWork } from './run-lane.ts';

/** How often a conversation whose turn runs in another process is looked at again, in milliseconds. */
const BUSY_ELSEWHERE_MS = 250;

export class Lanes {
  readonly #deps: LaneDeps;
  /** Conversations that wait for a free place, in order. */
  readonly #ready = new Set<string>();
  readonly #running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  readonly #stopped = new AbortController();

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  /** Takes up what waits and what a process that died left behind. */
  async start(): Promise<void> {
    const { store } = this.#deps.chat;
    for (const turn of await store.journal.runningTurns()) {
      const isOfPlatform = (await store.inbound.ofTurn(turn.id)).some((row) => row.chat_id !== null);
      if (isOfPlatform && !isProcessAlive(turn.runner)) this.wake(turn.conversation_id);
    }
    for (const turn of await store.journal.turnsToRetry()) this.#wakeAt(turn.conversation_id, turn.retry_at ?? 0);
    await this.look();
  }

  /** Wakes every conversation in which a message waits, whoever stored it. */
  async look(): Promise<void> {
    for (const id of await this.#deps.chat.store.inbound.waitingConversations()) this.wake(id);
  }

  /** Something waits in this conversation. */
  wake(conversationId: string): void {
    if (this.#stopped.signal.aborted) return;
    this.#ready.add(conversationId);
    this.#fill();
  }

  /** Interrupts the turn that runs in this conversation; false when none does. */
  interrupt(conversationId: string): boolean {
    const running = this.#running.get(conversationId);
    running?.abort.abort();
    return running !== undefined;
  }

  get runningCount(): number {
    return this.#running.size;
  }

  get waitingCount(): number {
    return this.#ready.size;
  }

  /** Begins nothing new and waits `graceMs` for what runs. What is unfinished then stays in the journal, and the next start goes on with it. Returns how many turns that are. */
  async stop(graceMs: number): Promise<number> {
    this.#stopped.abort(new Error('the server stops'));
    this.#ready.clear();
    await within(this.#deps.chat.clock, graceMs, Promise.all([...this.#running.values()].map(({ done }) => done)));
    return this.#running.size;
  }

  #fill(): void {
    for (const id of this.#ready) {
      if (this.#running.size >= this.#deps.cap) return;
      if (this.#running.has(id)) continue;
      this.#ready.delete(id);
      const abort = new AbortController();
      const done = this.#run(id, abort.signal).finally(() => {
        this.#running.delete(id);
        this.#fill();
      });
      this.#running.set(id, { abort, done });
    }
  }

  /** Runs one turn; another that waits in the same conversation goes to the end of the line. */
  async #run(conversationId: string, signal: AbortSignal): Promise<void> {
    try {
      const work = await nextWork(this.#deps.chat, conversationId);
      if (work.kind === 'nothing') return;
      if (work.kind === 'busy') return this.#wakeAt(conversationId, this.#now() + BUSY_ELSEWHERE_MS);
      if (work.kind === 'later') return this.#wakeAt(conversationId, work.at);
      await this.#runTurn(work, signal);
      this.#ready.add(conversationId);
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#deps.log.error({ conversation: conversationId, error: toError(error).message }, 'lane failed');
      this.#wakeAt(conversationId, this.#now() + 5_000);
    }
  }

  async #runTurn(work: Extract<LaneWork, { kind: 'turn' }>, signal: AbortSignal): Promise<void> {
    const { observer } = this.#deps;
    observer.onActivity(work.to, true);
    try {
      await runWork(this.#deps, work, signal);
    } finally {
      observer.onActivity(work.to, false);
      observer.onOutbox();
    }
  }

  #wakeAt(conversationId: string, at: number): void {
    const { clock } = this.#deps.chat;
    const wait = Math.max(0, at - clock.now());
    clock.sleep(wait, this.#stopped.signal).then(
      () => this.wake(conversationId),
      () => {},
    );
  }

  #now(): number {
    return this.#deps.chat.clock.now();
  }
}
