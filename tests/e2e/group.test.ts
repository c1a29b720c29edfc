import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

const J = ['group', 'test', '--name', 'J', '--text'];

async function verdict(args: readonly string[]): Promise<unknown> {
  const { json, code } = await runClawJson(args);
  expect(code).toBe(0);
  return (json as { engages: unknown }).engages;
}

describe('claw group test', () => {
  test('A1, A2: the name at the start wakes, anything else does not', async () => {
    const { json } = await runClawJson([...J, '@J hi']);
    expect(json).toEqual({ engages: true, reason: 'the text begins with @J' });
    expect(await verdict([...J, 'mail@J'])).toBe(false);
    expect(await verdict([...J, '@James hi'])).toBe(false);
  });

  test('A3, A4: names of every script are literal', async () => {
    expect(await verdict(['group', 'test', '--name', '폴', '--text', '@폴 안녕'])).toBe(true);
    expect(await verdict(['group', 'test', '--name', '폴', '--text', '@폴아 안녕'])).toBe(false);
    expect(await verdict(['group', 'test', '--name', '폴', '--text', '@폴아 안녕', '--particles'])).toBe(true);
    expect(await verdict(['group', 'test', '--name', 'C++', '--text', '@C++ hi'])).toBe(true);
  });

  test('A6, A7: a mention, a reply, and a room without a trigger', async () => {
    expect(await verdict([...J, 'please help', '--mention'])).toBe(true);
    expect(await verdict([...J, 'and then?', '--reply'])).toBe(true);
    expect(await verdict([...J, 'hello', '--requires-trigger', 'false'])).toBe(true);
    expect(await verdict([...J, 'hello', '--requires-trigger', 'true'])).toBe(false);
  });

  test('the setting TRIGGER_PATTERN is used, and a dangerous one refused', async () => {
    const home = await temporaryDirectory();
    const ask = ['group', 'test', '--text', 'hey claw'];
    const good = await runClawJson(ask, { home, env: { TRIGGER_PATTERN: '^(hey|ok) claw' } });
    expect(good.json).toMatchObject({ engages: true });
    for (const pattern of ['(a+)+$', 'a*']) {
      const bad = await runClawJson([...ask, '--pattern', pattern], { home });
      expect(bad.code).toBe(2);
      expect(bad.json).toMatchObject({ error: { code: 'usage-invalid' } });
    }
  });
});

test('a room is registered, changed, tested, listed and removed', async () => {
  const home = await temporaryDirectory();
  const room = ['--jid', 'dc:123', '--name', 'Family', '--folder', 'family', '--trigger', '@Bot'];
  const made = await runClawJson(['group', 'register', ...room, '--requires-trigger', 'false'], { home });
  expect(made).toMatchObject({ code: 0, json: { jid: 'dc:123', folder: 'family', requires_trigger: false } });
  expect(statSync(join(home, 'groups', 'family')).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(home, 'groups', 'family', 'CLAUDE.md'), 'utf8')).toContain('# Family');

  const again = await runClaw(['group', 'register', ...room], { home });
  expect(again.code).toBe(7);
  expect(again.stderr).toContain('claw group update --jid dc:123');

  await runClaw(['group', 'update', '--jid', '123@discord', '--requires-trigger', 'true'], { home });
  expect((await runClawJson(['group', 'list'], { home })).json).toMatchObject([
    { requires_trigger: true, trigger: '@Bot' },
  ]);
  const ask = async (text: string) =>
    (await runClawJson(['group', 'test', '--jid', 'dc:123', '--text', text], { home })).json;
  expect(await ask('@Bot hi')).toMatchObject({ engages: true });
  expect(await ask('hi')).toMatchObject({ engages: false });

  const removed = await runClaw(['group', 'remove', '--jid', 'dc:123'], { home });
  expect(removed.stdout).toContain('were kept');
  expect(existsSync(join(home, 'groups', 'family', 'CLAUDE.md'))).toBe(true);
  expect((await runClaw(['group', 'remove', '--jid', 'dc:123'], { home })).code).toBe(6);
}, 60_000);

test('A40: bad folders are refused with exit 2, and nothing is made', async () => {
  const home = await temporaryDirectory();
  for (const folder of ['../x', 'global', 'a/b', '', 'a'.repeat(65)]) {
    const { code } = await runClaw(['group', 'register', '--jid', 'dc:1', '--name', 'X', '--folder', folder], { home });
    expect(code, folder).toBe(2);
  }
  expect(existsSync(join(home, 'groups'))).toBe(false);
  const good = await runClaw(['group', 'register', '--jid', 'dc:1', '--name', 'X', '--folder', 'team-ops'], { home });
  expect(good.code).toBe(0);
}, 60_000);

test('there is one main room, from the flag or the setting', async () => {
  const home = await temporaryDirectory();
  const env = { AUTO_REGISTER_MAIN_JID: 'tg:5' };
  expect((await runClaw(['group', 'bootstrap-main'], { home })).code).toBe(2);
  const main = await runClawJson(['group', 'bootstrap-main'], { home, env });
  expect(main.json).toMatchObject({ jid: 'tg:5', is_main: true, requires_trigger: false, folder: 'main' });
  expect((await runClaw(['group', 'bootstrap-main', '--jid', 'tg:5'], { home })).code).toBe(0);
  expect((await runClaw(['group', 'bootstrap-main', '--jid', 'tg:6'], { home })).code).toBe(7);
}, 60_000);
