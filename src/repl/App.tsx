/** Owns the regions of the screen: what is finished (printed once) and what is live. Everything in them is drawn by pure functions. */
import { Static, useAnimation, useApp, useCursor, useInput, usePaste, useWindowSize } from 'ink';
import { useSyncExternalStore } from 'react';
import { Lines } from './components/Lines.tsx';
import { drawItem } from './draw-item.ts';
import { drawLive } from './draw-live.ts';
import { keyCommands } from './key-commands.ts';
import type { ReplController } from './repl-controller.ts';
import type { ReplStore } from './repl-store.ts';

const TICK_MS = 100;

interface AppProps {
  readonly store: ReplStore;
  readonly controller: ReplController;
  readonly colors: boolean;
  readonly now: () => number;
  /** Gives the terminal back to the shell until it is asked for again. */
  readonly waitInBackground: () => Promise<void>;
}

export function App({ store, controller, colors, now, waitInBackground }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, store.state);
  const { columns, rows } = useWindowSize();
  const { suspendTerminal } = useApp();
  const { setCursorPosition } = useCursor();
  useAnimation({ interval: TICK_MS, isActive: state.turn !== undefined });
  useInput((input, key) => {
    for (const command of keyCommands(input, key)) {
      if (command.type === 'suspend') void suspendTerminal(waitInBackground);
      else controller.command(command);
    }
  });
  usePaste((text) => controller.paste(text));
  const frame = drawLive(state, { columns, rows, now: now() });
  setCursorPosition(frame.cursor);
  const { epoch, from, skipLines } = state.print;
  return (
    <>
      <Static key={epoch} items={state.items.slice(from)}>
        {(item, index) => (
          <Lines
            key={item.id}
            lines={drawItem(item, columns, state.catalogue).slice(index === 0 ? skipLines : 0)}
            colors={colors}
          />
        )}
      </Static>
      <Lines lines={frame.lines} colors={colors} />
    </>
  );
}
