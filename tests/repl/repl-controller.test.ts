import { describe, expect, it } from 'vitest';
import type { KeyCommand } from '../../src/repl/key-commands.ts';
import { createFakeChat } from '../fakes/fake-chat-port.ts';
import { startTyping } from '../fakes/typing-harness.ts';

const ENTER: KeyCommand = { type: 'submit' };
const ESCAPE: KeyCommand = { type: 'escape' };
const STOP: KeyCommand = { type: 'stop' };
const UP: KeyCommand = { type: 'up' };
const DOWN: KeyCommand = { type: 'down' };
const TAB: KeyCommand = { type: 'tab' };
const BACK: KeyCommand = { type: 'cut', cut: 'back' };

describe('Enter', () => {
  it('sends the message and empties the input', async () => {
    const typing = startTyping();
    typing.type('안녕', ENTER);
    expect(typing.text()).toBe('');
    await typing.until(({ session }) => session.turns === 1);
    expect(typing.chat.sent.map(({ text }) => text)).toEqual(['안녕']);
    expect(typing.screen()).toContain('You said: 안녕');
  });

  it('breaks the line after a backslash', () => {
    const typing = startTyping();
    typing.type('one\\', ENTER, 'two');
    expect(typing.text()).toBe('one\ntwo');
    expect(typing.chat.sent).toEqual([]);
  });

  it('goes on in the conversation of the turn before', async () => {
    const typing = startTyping();
    typing.type('one', ENTER);
    await typing.until(({ session }) => session.turns === 1);
    typing.type('two', ENTER);
    await typing.until(({ session }) => session.turns === 2);
    expect(typing.chat.sent[1]?.conversationId).toBe('conversation-1');
  });

  it('keeps the input when an attachment is refused, and says why', async () => {
    const typing = startTyping({ files: { read: () => Promise.reject(new Error('it is protected')) } });
    typing.type('see @.env', ENTER);
    await typing.until(({ editor }) => editor.text !== '');
    expect(typing.text()).toBe('see @.env');
    expect(typing.screen()).toContain('".env" cannot be attached: it is protected.');
    expect(typing.chat.sent).toEqual([]);
  });

  it('on an empty line asks for the last conversation, never while a turn runs', async () => {
    const typing = startTyping({ chat: createFakeChat({ answer: () => [50] }) });
    typing.type(ENTER);
    expect(typing.asked).toEqual(['empty line']);
    typing.type('x', ENTER);
    await typing.until(({ turn }) => turn !== undefined);
    typing.type(ENTER);
    expect(typing.asked).toEqual(['empty line']);
    await typing.runner.idle();
  });

  it('runs a command, and takes a path for a message', async () => {
    const typing = startTyping();
    typing.type('/export  notes.md', ENTER);
    expect(typing.asked).toEqual(['/export notes.md']);
    typing.type('/etc/hosts is what?', ENTER);
    await typing.until(({ session }) => session.turns === 1);
    expect(typing.chat.sent[0]?.text).toBe('/etc/hosts is what?');
  });
});

describe('a running turn', () => {
  it('takes what is typed along', async () => {
    const typing = startTyping({ chat: createFakeChat({ answer: () => ['a', 60, 'b'] }) });
    typing.type('one', ENTER);
    await typing.until(({ session }) => session.conversationId !== undefined);
    typing.type('two', ENTER);
    await typing.until(({ waiting }) => waiting.length === 1);
    await typing.runner.idle();
    expect(typing.chat.steered).toEqual(['two']);
    expect(typing.chat.sent.length).toBe(1);
  });

  it('is stopped by Esc, its text is kept, and the next message goes out', async () => {
    const typing = startTyping({
      chat: createFakeChat({ answer: ({ text }) => (text === 'one' ? ['half', 60_000, ' more'] : ['whole']) }),
    });
    typing.type('one', ENTER);
    await typing.until(({ turn }) => turn?.markdown.rest === 'half');
    typing.type(ESCAPE);
    await typing.until(({ turn }) => turn === undefined);
    expect(typing.screen()).toContain('half\n\n! Interrupted; what was said is kept.');
    typing.type('two', ENTER);
    await typing.until(({ session }) => session.turns === 2);
    expect(typing.screen()).toContain('whole');
  });

  it('that ended meanwhile makes the message the next one', async () => {
    const chat = createFakeChat({ answer: ({ text }) => (text === 'one' ? [30] : [text]) });
    const typing = startTyping({ chat: { ...chat, steer: async () => false } });
    typing.type('one', ENTER);
    await typing.until(({ session }) => session.conversationId !== undefined);
    typing.type('two', ENTER);
    await typing.until(({ session }) => session.turns === 2);
    expect(chat.sent.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(typing.store.state().waiting).toEqual([]);
    expect(typing.screen().match(/❯ two/g)?.length).toBe(1);
  });

  it('shows a failure of the chat and is over', async () => {
    const typing = startTyping({
      chat: {
        ...createFakeChat(),
        send: () => {
          throw new Error('no wire');
        },
      },
    });
    typing.type('x', ENTER);
    await typing.until(({ items }) => items.some(({ kind }) => kind === 'notice'));
    await typing.until(({ turn }) => turn === undefined);
    expect(typing.screen()).toContain('✗ no wire');
  });
});

describe('Ctrl-C', () => {
  it('clears the input, and leaves when it is pressed again', () => {
    const typing = startTyping();
    typing.type('draft', STOP);
    expect(typing.text()).toBe('');
    expect(typing.store.state().isExitArmed).toBe(true);
    typing.type(STOP);
    expect(typing.asked).toEqual(['leave']);
  });

  it('does not leave when time has passed or something was typed', () => {
    const typing = startTyping();
    typing.type(STOP);
    typing.passTime(5000);
    typing.type(STOP, 'x', BACK, STOP);
    expect(typing.asked).toEqual([]);
  });

  it('gives back what it cleared with Ctrl-Y', () => {
    const typing = startTyping();
    typing.type('draft', STOP, { type: 'yank' });
    expect(typing.text()).toBe('draft');
  });

  it('stops the running turn first', async () => {
    const typing = startTyping({ chat: createFakeChat({ answer: () => [60_000] }) });
    typing.type('x', ENTER);
    await typing.until(({ session }) => session.conversationId !== undefined);
    typing.type(STOP);
    await typing.until(({ turn }) => turn === undefined);
    expect(typing.asked).toEqual([]);
  });
});

describe('Ctrl-D', () => {
  it('leaves when the input is empty, else deletes forward', () => {
    const typing = startTyping();
    typing.type('ab', { type: 'move', move: 'left' }, { type: 'end' });
    expect(typing.text()).toBe('a');
    expect(typing.asked).toEqual([]);
    typing.type(BACK, { type: 'end' });
    expect(typing.asked).toEqual(['leave']);
  });
});

describe('the arrow keys', () => {
  it('go through the history and back to the draft', () => {
    const typing = startTyping({ history: ['first', 'second'] });
    typing.type('draft', UP);
    expect(typing.text()).toBe('second');
    typing.type(UP, UP);
    expect(typing.text()).toBe('first');
    typing.type(DOWN, DOWN);
    expect(typing.text()).toBe('draft');
  });

  it('move within several lines before they go to the history', () => {
    const typing = startTyping({ history: ['old'] });
    typing.type('one', { type: 'newline' }, 'two', UP);
    expect(typing.text()).toBe('one\ntwo');
    typing.type(UP);
    expect(typing.text()).toBe('old');
  });
});

describe('completion while typing', () => {
  it('opens for a command, and Enter runs the chosen one', async () => {
    const typing = startTyping();
    typing.type('/c');
    await typing.until(({ completion }) => completion !== undefined);
    typing.type(DOWN, ENTER);
    expect(typing.asked).toEqual(['/cost']);
  });

  it('closes with Esc and with the next key that matches nothing', async () => {
    const typing = startTyping();
    typing.type('/c');
    await typing.until(({ completion }) => completion !== undefined);
    typing.type(ESCAPE);
    expect(typing.store.state().completion).toBeUndefined();
    expect(typing.text()).toBe('/c');
  });

  it('takes a lone option with Tab', async () => {
    const typing = startTyping({ files: { list: async () => [{ name: 'notes.md', isFolder: false }] } });
    typing.type('see @n', { type: 'escape' });
    typing.type(TAB);
    await typing.until(({ editor }) => editor.text !== 'see @n');
    expect(typing.text()).toBe('see @notes.md ');
  });

  it('goes into a folder', async () => {
    const files = {
      list: async (folder: string) => [
        folder === 'docs/' ? { name: 'a.md', isFolder: false } : { name: 'docs', isFolder: true },
      ],
    };
    const typing = startTyping({ files });
    typing.type('@d');
    await typing.until(({ completion }) => completion !== undefined);
    typing.type(TAB);
    await typing.until(({ completion }) => completion?.options[0]?.text === '@docs/a.md ');
    typing.type(ENTER);
    expect(typing.text()).toBe('@docs/a.md ');
  });
});

describe('a choice from a list', () => {
  const picker = {
    title: 'Model',
    command: 'model',
    chosen: 0,
    options: [
      { value: 'a/1', label: 'a/1', hint: '' },
      { value: 'b/2', label: 'b/2', hint: '' },
    ],
  };

  it('is made with the arrows and Enter', () => {
    const typing = startTyping();
    typing.store.dispatch({ type: 'pick', picker });
    typing.type(UP, ENTER);
    expect(typing.asked).toEqual(['/model b/2']);
    expect(typing.store.state().picker).toBeUndefined();
  });

  it('is closed by Esc, and by typing', () => {
    const typing = startTyping();
    typing.store.dispatch({ type: 'pick', picker });
    typing.type(ESCAPE);
    expect(typing.store.state().picker).toBeUndefined();
    typing.store.dispatch({ type: 'pick', picker });
    typing.type('x');
    expect(typing.store.state().picker).toBeUndefined();
    expect(typing.text()).toBe('x');
  });
});

describe('a request for approval', () => {
  const request = { approvalId: 'a1', callId: 'c1', act: 'rm notes.md', reason: 'it removes a file' };
  const asking = () => {
    const typing = startTyping();
    typing.store.dispatch({ type: 'ask', approvals: [request], now: 0 });
    return typing;
  };

  it('is refused by Enter alone: "No" is chosen first', () => {
    const typing = asking();
    typing.passTime(500);
    typing.type(ENTER);
    expect(typing.asked).toEqual(['a1 no']);
    expect(typing.store.state().approvals.waiting).toEqual([]);
  });

  it('is answered with the arrows or by a letter', () => {
    for (const keys of [[DOWN, ENTER], ['y'], ['Y']]) {
      const typing = asking();
      typing.passTime(500);
      typing.type(...keys);
      expect(typing.asked).toEqual(['a1 once']);
    }
  });

  it('is not answered by a key that was already on its way', () => {
    const typing = asking();
    typing.passTime(100);
    typing.type('y', ENTER);
    expect(typing.asked).toEqual([]);
    expect(typing.text()).toBe('');
  });

  it('leaves a message alone that is being typed', async () => {
    const typing = startTyping();
    typing.type('wai');
    typing.store.dispatch({ type: 'ask', approvals: [request], now: 0 });
    typing.passTime(500);
    typing.type('y', ENTER);
    expect(typing.asked).toEqual([]);
    await typing.until(({ session }) => session.turns === 1);
    expect(typing.chat.sent[0]?.text).toBe('waiy');
  });

  it('shows all of it on demand and goes on asking', () => {
    const typing = asking();
    typing.passTime(500);
    typing.type('d');
    expect(typing.asked).toEqual(['a1 details']);
  });

  it('goes away when the call has ended, answered elsewhere', () => {
    const typing = asking();
    typing.store.dispatch({
      type: 'event',
      now: 0,
      event: { type: 'tool-end', callId: 'c1', name: 'n', status: 'refused', ms: 1, output: 'denied' },
    });
    expect(typing.store.state().approvals.waiting).toEqual([]);
  });
});
