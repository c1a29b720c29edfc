import { describe, expect, it } from 'vitest';
import { editorWith } from '../../src/repl/input-editor.ts';
import { initialState } from '../../src/repl/repl-state.ts';
import { createReplStore, type ReplStore } from '../../src/repl/repl-store.ts';

/** Counts how often the store tells, from now on. */
function watch(store: ReplStore): { told: () => number; next: () => Promise<void> } {
  let told = 0;
  let wake = (): void => {};
  store.subscribe(() => {
    told++;
    wake();
  });
  return { told: () => told, next: () => new Promise((resolve) => (wake = resolve)) };
}

const delta = (text: string) => ({ type: 'event', now: 0, event: { type: 'text-delta', text } }) as const;

describe('the state of the REPL', () => {
  it('changes at once and tells once for a burst of text', async () => {
    const store = createReplStore(initialState('0'));
    const { told, next } = watch(store);
    for (let count = 0; count < 100; count++) store.dispatch(delta('x'));
    expect(store.state().turn?.markdown.rest).toBe('x'.repeat(100));
    await next();
    expect(told()).toBe(1);
  });

  it('does not let a key wait for the next frame of a stream', async () => {
    const store = createReplStore(initialState('0'));
    const { next, told } = watch(store);
    store.dispatch(delta('x'));
    const frame = new Promise((resolve) => setTimeout(() => resolve('frame'), 33));
    store.dispatch({ type: 'edit', editor: editorWith('a') });
    expect(await Promise.race([next().then(() => 'key'), frame])).toBe('key');
    expect(told()).toBe(1);
  });

  it('tells nobody who has stopped listening', async () => {
    const store = createReplStore(initialState('0'));
    const { next, told } = watch(store);
    const stop = store.subscribe(() => expect.unreachable());
    stop();
    store.dispatch({ type: 'edit', editor: editorWith('a') });
    await next();
    expect(told()).toBe(1);
  });
});
