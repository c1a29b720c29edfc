import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KEYS, openChatTerminal, openTerminal, promptRows } from './pty.ts';
import { runClaw, runClawJson } from './run-claw.ts';
import { temporaryHome } from '../fakes/temporary-home.ts';

describe('claw chat on a terminal', () => {
  it('shows a prompt at once and says in one line that it is offline', async () => {
    const terminal = openTerminal(['chat']);
    expect(await terminal.firstFrameMs).toBeLessThan(5000);
    await terminal.shows(/claw \d+\.\d+\.\d+/);
    await terminal.shows(/[Oo]ffline/);
    expect(await terminal.shows('❯')).toMatch(/^claw/);
  });

  it('answers a question by the tool, in Korean', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('2 더하기 3은?');
    await terminal.shows(/✓ add_two_numbers {2}a: 2, b: 3 → 5/);
    await terminal.shows(/\n5\n/);
    expect(promptRows(terminal)[0]).toBe('❯');
  });

  it('puts the cursor behind Korean text by its width, and composes letters that come in pieces', async () => {
    const terminal = await openChatTerminal();
    terminal.write('한글');
    await terminal.shows('❯ 한글');
    expect(terminal.cursor().column).toBe(6);
    terminal.write(KEYS.left);
    await terminal.shows((each) => each.cursor().column === 4);
    terminal.write(KEYS.ctrlU, KEYS.backspace);
    terminal.write('\u1112', '\u1161', '\u11ab');
    await terminal.shows(/❯ 한글?/);
    await terminal.shows((each) => each.text().includes('❯ 한') && each.text().normalize('NFC') === each.text());
  });

  it('takes several lines by Alt+Enter and by a backslash, and edits across them', async () => {
    const terminal = await openChatTerminal();
    terminal.write('one', KEYS.altEnter, 'two\\');
    await terminal.shows('two\\');
    terminal.write(KEYS.enter, 'three');
    await terminal.shows((each) => promptRows(each).slice(0, 3).join('|') === '❯ one|  two|  three');
    terminal.write(KEYS.up, 'X');
    await terminal.shows('twoX');
    expect(terminal.cursor().column).toBe(6);
  });

  it('takes a paste as text, never as commands, and folds a big one', async () => {
    const terminal = await openChatTerminal();
    terminal.paste('what is\r2 plus 3\r');
    await terminal.shows((each) => promptRows(each).slice(0, 2).join('|') === '❯ what is|  2 plus 3');
    terminal.write(KEYS.ctrlC);
    await terminal.shows('Press Ctrl-C again to leave');
    terminal.paste(Array.from({ length: 50 }, (_, line) => `row ${line}`).join('\n'));
    await terminal.shows('[pasted 50 lines]');
    terminal.write(KEYS.enter);
    await terminal.shows((each) => each.history().includes('row 3') && each.history().includes('more lines'));
    const { json } = await runClawJson(['conversation', 'list'], { home: terminal.home });
    const [{ id } = { id: '' }] = json as { id: string }[];
    expect((await runClaw(['conversation', 'export', id], { home: terminal.home })).stdout).toContain('row 49');
  });

  it('remembers what was typed in the next run, in a file of the owner alone', async () => {
    const first = await openChatTerminal();
    await first.say('what is 4 plus 4');
    await first.shows(/\n8\n/);
    first.write(KEYS.ctrlD);
    expect((await first.exited).code).toBe(0);
    const second = await openChatTerminal([], { home: first.home });
    second.write(KEYS.up);
    await second.shows('❯ what is 4 plus 4');
    expect(statSync(join(first.home, 'run', 'chat-history')).mode & 0o777).toBe(0o600);
  });

  it('clears the input with Ctrl-C and leaves with the second one, naming the conversation', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('1 plus 1');
    await terminal.shows(/\n2\n/);
    terminal.write('draft');
    await terminal.shows('❯ draft');
    terminal.write(KEYS.ctrlC);
    await terminal.shows('Press Ctrl-C again to leave');
    expect(promptRows(terminal)[0]).toBe('❯ Ask something, or /help'.slice(0, 1));
    terminal.write(KEYS.ctrlC);
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.history()).toMatch(/Go on with: claw chat --resume [0-9a-f-]{36}$/);
  });

  it('leaves the terminal as it was: cursor shown, paste mode off', async () => {
    const terminal = await openChatTerminal();
    terminal.write(KEYS.ctrlD);
    await terminal.exited;
    expect(terminal.raw().lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw().lastIndexOf('\x1b[?25l'));
    expect(terminal.raw().lastIndexOf('\x1b[?2004l')).toBeGreaterThan(terminal.raw().lastIndexOf('\x1b[?2004h'));
  });

  it('offers the last conversation, and Enter goes on with it', async () => {
    const home = temporaryHome();
    await runClaw(['chat', '-p', 'what is 20 plus 22'], { home });
    const terminal = await openChatTerminal([], { home });
    await terminal.shows('Enter goes on with “what is 20 plus 22”');
    terminal.write(KEYS.enter);
    await terminal.shows('Going on with “what is 20 plus 22”');
    await terminal.shows(/❯ what is 20 plus 22\n\n42/);
    await terminal.say('1 plus 2');
    await terminal.shows(/\n3\n/);
    const { json } = await runClawJson(['conversation', 'list'], { home });
    expect(json).toHaveLength(1);
  });

  it('sends the prompt it was started with', async () => {
    const terminal = await openChatTerminal(['6 plus 6']);
    expect(await terminal.shows(/\n12\n/)).toContain('❯ 6 plus 6');
  });

  it('attaches a file that Tab completed, and refuses secrets', async () => {
    const cwd = temporaryHome();
    writeFileSync(join(cwd, 'notes.md'), 'remember the milk');
    writeFileSync(join(cwd, '.env'), 'KEY=made-up');
    const terminal = await openChatTerminal([], { cwd });
    terminal.write('about @no');
    await terminal.shows('› @notes.md');
    terminal.write(KEYS.tab);
    await terminal.shows((each) => !each.text().includes('› @notes.md'));
    terminal.write(KEYS.enter);
    await terminal.shows('Attached: notes.md');
    await terminal.say('read @.env');
    await terminal.shows(/".env" cannot be attached: .*protected/);
    expect(await terminal.shows((each) => promptRows(each)[0] === '❯ read @.env')).not.toContain('Attached: .env');
  });

  it('shows colours, unless NO_COLOR asks for none', async () => {
    const coloured = await openChatTerminal([], { env: { NO_COLOR: '' } });
    expect(coloured.raw()).toContain('\x1b[36m');
    const plain = await openChatTerminal();
    await plain.say('2 plus 3');
    await plain.shows(/\n5\n/);
    // eslint-disable-next-line no-control-regex -- colours are escape sequences
    expect(plain.raw()).not.toMatch(/\x1b\[[\d;]*[1-9][\d;]*m/);
  });

  it('talks line by line on a terminal that cannot be drawn on', async () => {
    const terminal = openTerminal(['chat'], { env: { TERM: 'dumb' } });
    await terminal.shows(/^>$/m);
    terminal.write('2 plus 3', KEYS.enter);
    await terminal.shows(/\n5\n>/);
    expect(terminal.raw()).not.toContain('\x1b');
    terminal.write(KEYS.ctrlD);
    expect((await terminal.exited).code).toBe(0);
  });

  it('fails with the exit code of the reason when it cannot start', async () => {
    const terminal = openTerminal(['chat', '--resume', 'no-such-id']);
    expect((await terminal.exited).code).toBe(6);
    expect(terminal.text()).toContain('There is no conversation "no-such-id"');
  });

  it('ends by SIGTERM with the terminal restored', async () => {
    const terminal = await openChatTerminal();
    terminal.kill('SIGTERM');
    expect((await terminal.exited).code).toBe(143);
    expect(terminal.raw().lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw().lastIndexOf('\x1b[?25l'));
  });
});

describe('slash commands on the screen', () => {
  it('are offered while they are typed, completed and run', async () => {
    const terminal = await openChatTerminal([], { rows: 60 });
    terminal.write('/to');
    await terminal.shows('› /tools');
    terminal.write(KEYS.enter);
    expect(await terminal.shows('Adds two numbers')).toContain('add_two_numbers');
  });

  it('suggest the nearest for an unknown one', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('/modle');
    expect(await terminal.shows('Did you mean /model?')).toContain('There is no command /modle.');
  });

  it('show help, cost and context', async () => {
    const terminal = await openChatTerminal([], { rows: 50 });
    await terminal.say('/help');
    await terminal.shows('Alt+Enter');
    await terminal.say('2 plus 3');
    await terminal.shows(/\n5\n/);
    await terminal.say('/cost');
    await terminal.shows(/This session: \$0 in 1 turn/);
    await terminal.say('/context');
    expect(await terminal.shows(/Messages: \d/)).toContain('Model: offline');
  });

  it('take the last turn back into the input', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('2 plus 3');
    await terminal.shows(/\n5\n/);
    await terminal.say('/undo');
    await terminal.shows((each) => promptRows(each)[0] === '❯ 2 plus 3');
    terminal.write(KEYS.backspace, '9', KEYS.enter);
    expect(await terminal.shows(/\n11\n/)).toContain('a: 2, b: 9');
  });

  it('branch, begin anew and go back by choosing from a list', async () => {
    const terminal = await openChatTerminal([], { rows: 40 });
    await terminal.say('2 plus 3');
    await terminal.shows(/\n5\n/);
    await terminal.say('/branch');
    await terminal.shows('You are in a copy now');
    await terminal.say('/new');
    await terminal.shows('A new conversation begins');
    await terminal.say('/resume');
    await terminal.shows('Go on with');
    await terminal.shows('› 2 plus 3');
    terminal.write(KEYS.down, KEYS.enter);
    await terminal.shows('Going on with “2 plus 3”');
    const { json } = await runClawJson(['conversation', 'list'], { home: terminal.home });
    expect(json).toHaveLength(2);
  });

  it('export the conversation to a new file, and never over an old one', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('2 plus 3');
    await terminal.shows(/\n5\n/);
    await terminal.say('/export talk.md');
    await terminal.shows('Written to talk.md.');
    expect(readFileSync(join(terminal.home, 'talk.md'), 'utf8')).toContain('2 plus 3');
    await terminal.say('/export talk.md');
    await terminal.shows('talk.md exists already');
  });

  it('clear the screen and leave', async () => {
    const terminal = await openChatTerminal();
    await terminal.say('2 plus 3');
    await terminal.shows(/\n5\n/);
    await terminal.say('/clear');
    await terminal.shows((each) => !each.text().includes('2 plus 3') && promptRows(each)[0]?.startsWith('❯') === true);
    expect(terminal.cursor().row).toBeLessThan(3);
    await terminal.say('/quit');
    expect((await terminal.exited).code).toBe(0);
  });
});

describe('the size of the window', () => {
  it('may change to 40 columns and back without a line out of place', async () => {
    const terminal = await openChatTerminal([], { columns: 80, rows: 24 });
    await terminal.say('Hello, what can you do for me here');
    await terminal.shows('claw init');
    terminal.write('draft 글');
    await terminal.shows('❯ draft 글');
    terminal.resize(40, 24);
    await terminal.shows(
      (each) => each.lines().filter((line) => line.startsWith('❯ draft')).length === 1 && each.cursor().column === 10,
    );
    expect(terminal.lines().every((line) => line.length <= 40)).toBe(true);
    terminal.write('!');
    await terminal.shows('❯ draft 글!');
    terminal.resize(80, 24);
    await terminal.shows((each) => each.lines().filter((line) => line.startsWith('❯ draft 글!')).length === 1);
    expect(terminal.text().match(/❯ Hello, what can you do/g)).toHaveLength(1);
  });

  it('may be 20 columns and a few rows', async () => {
    const terminal = await openChatTerminal([], { columns: 20, rows: 6 });
    await terminal.say('2 더하기 3은?');
    await terminal.shows((each) => /\n5\n/.test(each.history()));
    terminal.write('/');
    await terminal.shows('› /help');
    terminal.write(KEYS.ctrlC, KEYS.ctrlC);
    expect((await terminal.exited).code).toBe(0);
  });
});
