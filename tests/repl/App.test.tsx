import { render } from 'ink-testing-library';
import { describe, expect, it, onTestFinished } from 'vitest';
import { App } from '../../src/repl/App.tsx';
import { ReplController } from '../../src/repl/repl-controller.ts';
import { createFakeChat, type FakeChat } from '../fakes/fake-chat-port.ts';
import { startTyping } from '../fakes/typing-harness.ts';

/** The App on a screen of 100 columns; what is typed goes through the renderer's own key parser. */
function show(chat: FakeChat = createFakeChat()) {
  const { store, runner } = startTyping({ chat });
  store.dispatch({ type: 'ready', session: {} });
  const actions = {
    slash: async () => {},
    emptyLine: () => {},
    answer: () => {},
    clearScreen: () => {},
    leave: () => {},
    now: () => 0,
  };
  const history = { entries: [], add: async () => {} };
  const files = { read: () => Promise.reject(new Error('no file')), list: async () => [] };
  const controller = new ReplController({ store, runner, files, history, actions });
  const screen = render(
    <App store={store} controller={controller} colors={false} now={() => 0} waitInBackground={async () => {}} />,
  );
  onTestFinished(() => screen.unmount());
  const until = async (wanted: string): Promise<string> => {
    while (!(screen.lastFrame() ?? '').includes(wanted)) await new Promise((resolve) => setImmediate(resolve));
    return screen.lastFrame() ?? '';
  };
  return { ...screen, until, store };
}

describe('the screen', () => {
  it('shows a prompt and what is typed behind it', async () => {
    const { until, stdin } = show();
    await until('❯ Ask something, or /help');
    stdin.write('안녕 world');
    expect(await until('❯ 안녕 world')).not.toContain('Ask something');
  });

  it('shows the message, the answer and the numbers of the turn', async () => {
    const { until, stdin, lastFrame } = show();
    await until('❯');
    stdin.write('hi\r');
    await until('You said: hi');
    await until('total $0.0031');
    expect(lastFrame()).toContain('❯ hi');
  });

  it('shows a running tool with its input folded, and Esc stops the turn', async () => {
    const chat = createFakeChat({
      answer: () => [{ type: 'tool-start', callId: '1', name: 'slow_tool', input: { text: 'x'.repeat(300) } }, 60_000],
    });
    const { until, stdin, lastFrame } = show(chat);
    await until('❯');
    stdin.write('go\r');
    await until('slow_tool  text: xxx');
    expect((lastFrame() ?? '').split('\n').every((line) => line.length <= 100)).toBe(true);
    await until('Esc interrupts');
    stdin.write('\x1b');
    await until('Interrupted; what was said is kept.');
  });

  it('takes a bracketed paste as one text', async () => {
    const { until, stdin } = show();
    await until('❯');
    stdin.write('\x1b[200~one\rtwo\x1b[201~');
    expect(await until('❯ one\n  two')).not.toContain('You said');
  });
});
