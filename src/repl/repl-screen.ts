/** Owns the terminal around the renderer: drawing the screen anew after a change of width, clearing it, and leaving it to the shell for a while. */
import { drawItem } from './draw-item.ts';
import { drawLive } from './draw-live.ts';
import type { ReplState } from './repl-state.ts';
import type { ReplStore } from './repl-store.ts';

/** Milliseconds a window must keep its size before it is drawn anew. */
const RESIZE_MS = 80;
/** Cursor to the top left, erase to the end; the scrollback stays. ECMA-48 8.3.21 and 8.3.39. */
const ERASE_SCREEN = '\x1b[H\x1b[J';

export interface Screen {
  /** Shows an empty screen with the prompt on top. */
  clear(): void;
  close(): void;
}

/** Watches `stdout` and keeps what it shows right. `eraseFrame` takes the renderer's live part away. */
export function openScreen(store: ReplStore, stdout: NodeJS.WriteStream, eraseFrame: () => void): Screen {
  let timer: NodeJS.Timeout | undefined;
  const erase = (): void => {
    eraseFrame();
    stdout.write(ERASE_SCREEN);
  };
  // The terminal wraps old lines anew by itself, and every one as it likes: what is visible is printed again. The signal
  // tells also of a width that changed and changed back before anybody looked, which the stream does not.
  const onResize = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { from, skipLines } = visiblePart(store.state(), stdout.columns, stdout.rows);
      erase();
      store.dispatch({ type: 'redraw', from, skipLines });
    }, RESIZE_MS);
  };
  process.on('SIGWINCH', onResize);
  return {
    clear() {
      erase();
      store.dispatch({ type: 'cleared' });
    },
    close() {
      clearTimeout(timer);
      process.off('SIGWINCH', onResize);
    },
  };
}

/** The finished part that fits above the live one. */
function visiblePart(state: ReplState, columns: number, rows: number): { from: number; skipLines: number } {
  let room = rows - 1 - drawLive(state, { columns, rows, now: 0 }).lines.length;
  for (let from = state.items.length - 1; from >= state.print.cleared; from--) {
    const item = state.items[from];
    const height = item === undefined ? 0 : drawItem(item, columns, state.catalogue).length;
    if (height >= room) return { from, skipLines: height - Math.max(0, room) };
    room -= height;
  }
  return { from: state.print.cleared, skipLines: 0 };
}

/** Stops the process group as Ctrl-Z does in a shell; resolves when it goes on. */
export function waitInBackground(): Promise<void> {
  return new Promise((resolve) => {
    // With its input given back, nothing else keeps the process alive until it goes on.
    const alive = setInterval(() => {}, 60_000);
    process.once('SIGCONT', () => {
      clearInterval(alive);
      resolve();
    });
    process.kill(0, 'SIGTSTP');
  });
}
