/** Logging in at a real terminal: the address is shown and opened, the risk is agreed to, the code is typed. */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { authKit } from './auth-kit.ts';
import { TestTerminal } from './pty.ts';

/** What makes claw believe that somebody sees windows here. */
const DESKTOP = { DISPLAY: ':99', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent', SECRET_STORE: 'file' };

test(
  'A47: at a desktop the page opens by itself, and the pasted code ends the log-in',
  { timeout: 60_000 },
  async () => {
    const kit = await authKit();
    const shown = join(kit.home, 'shown');
    const browser = join(kit.home, 'browser');
    await writeFile(browser, `#!/bin/sh\nprintf %s "$*" > '${shown}.new' && mv '${shown}.new' '${shown}'\n`);
    await chmod(browser, 0o700);
    const terminal = new TestTerminal(['auth', 'pkce'], {
      home: kit.home,
      columns: 200,
      env: { ...kit.env, ...DESKTOP, BROWSER: browser },
    });
    await terminal.shows('Use it nevertheless? [y/N]');
    terminal.write('y\r');
    await terminal.shows('It was opened in your browser.');
    await vi.waitFor(() => expect(existsSync(shown)).toBe(true), { timeout: 10_000 });
    const url = readFileSync(shown, 'utf8');
    expect(url).toMatch(/^https:\/\/claude\.ai\/oauth\/authorize\?code=true&/);
    expect(terminal.history().replaceAll('\n', '')).toContain(url);
    const { code, state } = kit.server.approve(url);
    terminal.write(`${code}#${state}\r`);
    expect(await terminal.exited).toMatchObject({ code: 0 });
    expect(await kit.json(['auth', 'status'], { SECRET_STORE: 'file' })).toMatchObject([
      { account: 'claude', state: 'fresh', consent: 'given' },
    ]);
  },
);

test('A47: an empty answer at the terminal changes nothing', { timeout: 60_000 }, async () => {
  const kit = await authKit();
  const terminal = new TestTerminal(['auth', 'login', 'claude', '--accept-risk'], { home: kit.home, env: kit.env });
  await terminal.shows('Paste the code');
  expect(terminal.history()).not.toContain('opened in your browser');
  terminal.write('\r');
  expect(await terminal.exited).toMatchObject({ code: 130 });
  expect(await kit.json(['auth', 'status'])).toEqual([]);
  expect(kit.server.requests).toEqual([]);
});
