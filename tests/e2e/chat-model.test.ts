import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicWire } from '../fakes/llm/anthropic-wire.ts';
import { HANG, startModelServer, type ModelServer, type ReplySource } from '../fakes/llm/model-server.ts';
import { KEYS, openChatTerminal, type TestTerminal } from './pty.ts';

const ROWS = 30;

/** A chat on a terminal with a stand-in for Anthropic behind it; `isHeld`: the first answer waits for `letOn`. */
async function chatWith(
  replies: ReplySource[],
  isHeld = false,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ terminal: TestTerminal; server: ModelServer; asked: Promise<void>; letOn: () => void }> {
  const server = await startModelServer(replies);
  onTestFinished(() => server.close());
  const held = Promise.withResolvers<void>();
  if (!isHeld) held.resolve();
  const gate = await startGate(server.url, held.promise);
  const env = {
    ANTHROPIC_API_KEY: 'made-up-key',
    ANTHROPIC_BASE_URL: gate.url,
    LLM_MODEL: 'anthropic/claude-sonnet-5',
    LLM_RETRY_COUNT: '0',
    ...settings,
  };
  return { terminal: await openChatTerminal([], { rows: ROWS, env }), server, asked: gate.asked, letOn: held.resolve };
}

/** Passes requests on to `target` once `opened` resolves; `asked` resolves at the first one. */
async function startGate(target: string, opened: Promise<void>): Promise<{ url: string; asked: Promise<void> }> {
  const first = Promise.withResolvers<void>();
  const gate = createServer((incoming, outgoing) => {
    first.resolve();
    void opened.then(() => {
      const { method, url, headers } = incoming;
      const onward = request(`${target}${url ?? ''}`, { method, headers }, (reply) => {
        outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    gate.closeAllConnections();
    gate.close();
  });
  return { url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`, asked: first.promise };
}

const says = (text: string, usage = { input: 1000, output: 100, cached: 750 }): ReplySource => ({
  pieces: anthropicWire.speak({ text: text.match(/[\s\S]{1,3}/g) ?? [], usage }),
});
const HANGING: ReplySource = { pieces: [...anthropicWire.opening(), HANG] };

describe('a model on the screen', () => {
  it('streams Markdown that is drawn by its width, and the status line counts', async () => {
    const { terminal } = await chatWith([
      says('# 제목\n\n- 하나\n- **둘**\n\n| 이름 | 값 |\n|---|--:|\n| 사과 | 1 |\n\n```ts\nconst a = 1;\n```\n\n끝.'),
    ]);
    expect(terminal.text()).toContain('anthropic/claude-sonnet-5');
    await terminal.say('보여 줘');
    const screen = await terminal.shows(/끝\.\n[\s\S]*ctx \d+% left/);
    expect(screen).toContain('제목\n\n• 하나\n• 둘\n\n이름 │ 값\n─────┼───\n사과 │  1\n\n  ts\n  const a = 1;\n\n끝.');
    expect(screen).toMatch(/claude-sonnet-5 · 1\.1k tok · \$0\.\d+ · total \$0\.\d+ · cache 75% · ctx 99% left/);
  });

  it('stops at Esc, keeps and marks what was said, and answers the next message', async () => {
    const { terminal, server } = await chatWith([HANGING, says('Whole.')]);
    await terminal.say('go');
    await terminal.shows('Hello');
    await terminal.shows('Esc interrupts');
    terminal.write(KEYS.escape);
    await terminal.shows('Interrupted');
    expect(terminal.text()).toContain('Hello');
    await terminal.say('and now');
    await terminal.shows('Whole.');
    const sent = server.requests[1];
    expect(sent && anthropicWire.texts(sent).join('|')).toMatch(/Hello[\s\S]*and now/);
  });

  it('takes a message along while the turn runs, at its next step', async () => {
    const call = { id: 'toolu_made_up', name: 'add_two_numbers', input: { a: 1, b: 2 } };
    const asks: ReplySource = { pieces: anthropicWire.speak({ calls: [call], stop: 'tool-calls' }) };
    const { terminal, server, asked, letOn } = await chatWith([asks, says('Three, in short.')], true);
    await terminal.say('add 1 and 2');
    await asked;
    await terminal.say('keep it short');
    await terminal.shows('joins at the next step');
    letOn();
    const screen = await terminal.shows('Three, in short.');
    expect(screen.indexOf('❯ keep it short')).toBeGreaterThan(screen.indexOf('✓ add_two_numbers'));
    const sent = server.requests[1];
    expect(sent && anthropicWire.texts(sent).join('|')).toContain('keep it short');
  });

  it('asks for approval in the chat, does nothing by Enter alone, and goes on with a yes', async () => {
    const call = { id: 'toolu_made_up', name: 'run_command', input: { command: 'uname -s' } };
    const asks: ReplySource = { pieces: anthropicWire.speak({ calls: [call], stop: 'tool-calls' }) };
    const { terminal, server } = await chatWith([asks, says('No then.'), asks, says('Done.')], false, {
      EXEC_LEVEL: 'ask',
    });
    await terminal.say('which system');
    expect(await terminal.shows('Allow this?')).toMatch(/uname -s[\s\S]*› n {2}No/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.write(KEYS.enter);
    await terminal.shows('No then.');
    await terminal.say('ask again');
    await terminal.shows('Allow this?');
    await new Promise((resolve) => setTimeout(resolve, 500));
    terminal.write('y');
    expect(await terminal.shows('Done.')).toContain('Yes, this once');
    const sent = server.requests[3];
    // Past the approval: where there is no wall, the tool itself says so.
    expect(sent && anthropicWire.results(sent).at(-1)?.output).toMatch(/Linux|Commands run only inside bubblewrap/);
  });

  it('keeps a secret out of the history of the input', async () => {
    const { terminal } = await chatWith([says('Noted.')]);
    await terminal.say('my key is made-up-key, keep it');
    await terminal.shows('Noted.');
    terminal.write(KEYS.ctrlD);
    await terminal.exited;
    const history = readFileSync(join(terminal.home, 'run', 'chat-history'), 'utf8');
    expect(history).toContain('keep it');
    expect(history).not.toContain('made-up-key');
  });

  it('shows a failure with the next step and stays usable', async () => {
    const broken: ReplySource = {
      status: 500,
      headers: { 'content-type': 'application/json' },
      pieces: [JSON.stringify(anthropicWire.errorBody(500, 'broken'))],
    };
    const { terminal } = await chatWith([broken, says('Fine again.')]);
    await terminal.say('hi');
    await terminal.shows('✗');
    await terminal.say('again');
    expect(await terminal.shows('Fine again.')).toContain('❯ again');
  });

  it('cannot be made to drive the terminal', async () => {
    const { terminal } = await chatWith([says('a\x1b]0;pwned\x07\x1b[2J\x1b[31mb \u202ec')]);
    await terminal.say('hi');
    expect(await terminal.shows('ab <U+202E>c')).toContain('❯ hi');
    expect(terminal.raw()).not.toContain('pwned');
  });

  it('keeps a long answer in one piece while the window changes', async () => {
    const lines = Array.from({ length: 60 }, (_, line) => `${line + 1}. 항목 ${line + 1} 입니다`);
    const { terminal } = await chatWith([says(lines.join('\n'))]);
    await terminal.say('list');
    await terminal.shows((each) => each.history().includes('10. 항목 10 입니다'));
    terminal.resize(40, ROWS);
    await terminal.shows(/60\. 항목 60 입니다\n\n❯/);
    terminal.resize(80, ROWS);
    await terminal.shows(/60\. 항목 60 입니다\n\n❯\nclaude-sonnet-5 .* cache 75%/);
    const shown = terminal.text().match(/^\d+\. 항목/gm) ?? [];
    expect(shown).toEqual([...new Set(shown)]);
    expect(shown.length).toBeGreaterThan(20);
  });
});
