import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../../src/core/kernel/language/catalogue.ts';
import { editorWith } from '../../src/repl/input-editor.ts';
import { findSlashCommand, parseSlash, describedCommands } from '../../src/repl/slash-commands.ts';
import type { SlashContext } from '../../src/repl/slash-context.ts';
import { createFakeChat, type FakeChat } from '../fakes/fake-chat-port.ts';
import { startTyping, type Typing } from '../fakes/typing-harness.ts';

interface Slash extends Typing {
  readonly written: { name: string; text: string }[];
  run(name: string, argument?: string): Promise<void>;
}

/** A session after `turns` turns, with a way to run commands. */
async function session(turns: number, chat: FakeChat = createFakeChat()): Promise<Slash> {
  const typing = startTyping({ chat });
  for (let turn = 1; turn <= turns; turn++) {
    typing.type(`message ${turn}`, { type: 'submit' });
    await typing.until(({ session }) => session.turns === turn);
    await typing.runner.idle();
  }
  const written: Slash['written'] = [];
  const context: SlashContext = {
    store: typing.store,
    port: chat,
    options: typing.options,
    writeFile: async (name, text) => void written.push({ name, text }),
    screen: { clear: () => void typing.asked.push('clear'), leave: () => void typing.asked.push('leave') },
  };
  return { ...typing, written, run: async (name, argument = '') => findSlashCommand(name).run(context, argument) };
}

const conversationOf = (slash: Slash) => slash.store.state().session.conversationId;

describe('a slash command', () => {
  it('is a word after a slash; a path is a message', () => {
    expect(parseSlash('/help')).toEqual({ name: 'help', argument: '' });
    expect(parseSlash(' /Export  a b.md ')).toEqual({ name: 'export', argument: 'a b.md' });
    for (const text of ['/etc/hosts', 'say /help', '//', '/1']) expect(parseSlash(text)).toBeUndefined();
  });

  it('that is unknown gets the nearest, or the help', () => {
    expect(() => findSlashCommand('modle')).toThrow(expect.objectContaining({ hint: 'Did you mean /model?' }));
    expect(() => findSlashCommand('xyzxyz')).toThrow(expect.objectContaining({ hint: 'See /help.' }));
  });

  it('stands in the help with what it does', async () => {
    const slash = await session(0);
    await slash.run('help');
    for (const { name, summary } of describedCommands(ENGLISH)) {
      expect(slash.screen()).toContain(`/${name}`);
      expect(slash.screen()).toContain(summary);
    }
  });
});

describe('/new', () => {
  it('begins a conversation with the next message', async () => {
    const slash = await session(1);
    await slash.run('new');
    expect(slash.chat.learned).toEqual(['conversation-1']);
    slash.type('again', { type: 'submit' });
    await slash.until(({ session: { turns } }) => turns === 2);
    expect(slash.chat.sent[1]?.conversationId).toBeUndefined();
  });
});

describe('/resume', () => {
  it('offers the conversations, newest first', async () => {
    const slash = await session(1);
    await slash.run('resume');
    expect(slash.store.state().picker?.options).toMatchObject([{ value: 'conversation-1', label: 'message 1' }]);
  });

  it('goes on with the one named and shows how it stood', async () => {
    const slash = await session(1);
    await slash.run('new');
    await slash.run('resume', 'conversation-1');
    expect(conversationOf(slash)).toBe('conversation-1');
    expect(slash.screen().match(/❯ message 1/g)).toHaveLength(2);
    expect(slash.store.state().session.usedTokens).toBe(1234);
  });

  it('says so when there is none', async () => {
    const slash = await session(0);
    await slash.run('resume');
    expect(slash.screen()).toContain('There is no earlier conversation.');
    await expect(slash.run('resume', 'nope')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('/compact', () => {
  it('shortens the conversation, says how to take it back, and takes it back', async () => {
    const slash = await session(4);
    await slash.run('compact');
    expect(slash.screen()).toContain('Messages 1 to 4 are given to the model in short');
    await slash.run('compact', 'undo');
    expect(slash.screen()).toContain('Undone: the model gets the messages themselves again.');
  });

  it('says so when there is nothing to shorten', async () => {
    const slash = await session(1);
    await slash.run('compact');
    expect(slash.screen()).toContain('There is nothing to compact yet.');
  });
});

describe('/memory, /knowledge and /tasks', () => {
  it('show what is kept, as text and not as markup', async () => {
    const slash = await session(0);
    await slash.run('memory', 'at home');
    expect(slash.screen()).toMatch(/facts\/cat.*Momo \*is\* a cat at home/);
    await slash.run('knowledge', 'valves');
    expect(slash.screen()).toContain('Manual, page 3');
    await slash.run('tasks');
    expect(slash.screen()).toContain('standup');
  });

  it('say so when there is nothing', async () => {
    const slash = await session(0);
    await slash.run('memory', 'nothing');
    expect(slash.screen()).toContain('No memory matches.');
    await slash.run('knowledge');
    expect(slash.screen()).toContain('There are no documents.');
  });
});

describe('/pin', () => {
  it('with a rule is a message, so that it is kept with the conversation', () => {
    expect(parseSlash('/pin answer in French')).toBeUndefined();
    expect(parseSlash('/pin')).toEqual({ name: 'pin', argument: '' });
  });
});

describe('/branch and /undo', () => {
  it('go on in a copy', async () => {
    const slash = await session(1);
    await slash.run('branch');
    expect(conversationOf(slash)).toBe('conversation-2');
    expect(slash.chat.stored.map(({ id }) => id)).toEqual(['conversation-2', 'conversation-1']);
  });

  it('take the last turn back to the input, and keep the whole conversation', async () => {
    const slash = await session(2);
    await slash.run('undo');
    expect(slash.text()).toBe('message 2');
    expect(conversationOf(slash)).toBe('conversation-2');
    expect(slash.chat.stored[0]?.messages).toHaveLength(2);
    expect(slash.chat.stored.find(({ id }) => id === 'conversation-1')?.messages).toHaveLength(4);
  });

  it('need a conversation', async () => {
    const slash = await session(0);
    for (const name of ['branch', 'undo', 'export'])
      await expect(slash.run(name)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('/model', () => {
  it('offers the models with what they lack', async () => {
    const slash = await session(1);
    await slash.run('model');
    expect(slash.store.state().picker).toMatchObject({
      command: 'model',
      chosen: 0,
      options: [{ hint: 'now' }, { hint: 'Set OPENAI_API_KEY.' }],
    });
  });

  it('is used from the next message on', async () => {
    const slash = await session(1);
    await slash.run('model', 'anthropic/fake-large');
    slash.type('x', { type: 'submit' });
    await slash.until(({ session: { turns } }) => turns === 2);
    expect(slash.chat.sent.map(({ model }) => model)).toEqual([undefined, 'anthropic/fake-large']);
  });

  it('that cannot be used changes nothing', async () => {
    const slash = await session(0);
    await expect(slash.run('model', 'openai/fake-small')).rejects.toMatchObject({ code: 'auth-missing' });
    expect(slash.options.model).toBeUndefined();
  });
});

describe('/approve', () => {
  it('asks again for what still waits', async () => {
    const slash = await session(0);
    await slash.run('approve');
    expect(slash.store.state().approvals.waiting).toMatchObject([{ approvalId: 'waiting-1', act: 'an act of before' }]);
  });
});

describe('/cost, /context and /tools', () => {
  it('show money by model, with what is unknown', async () => {
    const slash = await session(
      2,
      createFakeChat({ usage: { inputTokens: 1000, outputTokens: 100, cachedTokens: 500, costUsd: null } }),
    );
    await slash.run('cost');
    expect(slash.screen()).toContain('This session: $0 in 2 turns, and turns whose price is unknown.');
    expect(slash.screen()).toContain('The daily budget of the user fake: $0.10 of $5.00.');
    expect(slash.screen()).toMatch(/anthropic\/fake-large │ +2 │ 2\.0k │ +1\.0k │ 200 │ +\$\?/);
  });

  it('show what the model sees', async () => {
    const slash = await session(1);
    slash.store.dispatch({ type: 'session', session: { contextTokens: 200_000 } });
    await slash.run('context');
    expect(slash.screen()).toContain('Tokens the model takes: 200k (99 % left)');
    expect(slash.screen()).toContain('75 %');
  });

  it('name the tools with one sentence each, or say that they are off', async () => {
    const slash = await session(0);
    await slash.run('tools');
    expect(slash.screen()).toContain('• read_text_file Reads a text file.');
    expect(slash.screen()).not.toContain('granted folders');
    slash.options.tools = false;
    await slash.run('tools');
    expect(slash.screen()).toContain('Tools are off');
  });
});

describe('/export, /clear and /quit', () => {
  it('write Markdown, or JSON for a name that says so', async () => {
    const slash = await session(1);
    await slash.run('export', 'talk.md');
    await slash.run('export', 'talk.json');
    await slash.run('export');
    expect(slash.written.map(({ name }) => name)).toEqual(['talk.md', 'talk.json', 'claw-nversation-1.md']);
    expect(slash.written[0]?.text).toContain('# message 1');
    expect(JSON.parse(slash.written[1]?.text ?? '')).toMatchObject({ id: 'conversation-1' });
  });

  it('clear the screen and leave', async () => {
    const slash = await session(0);
    slash.store.dispatch({ type: 'edit', editor: editorWith('draft') });
    await slash.run('clear');
    await slash.run('quit');
    expect(slash.asked).toEqual(['clear', 'leave']);
    expect(slash.text()).toBe('draft');
  });
});
