/** Rooms and people through a running server, its messages put in as if their platform had sent them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import { runClaw, runClawJson } from './run-claw.ts';
import { type RunningServe, startServe } from './serve-kit.ts';

const ENV = { TELEGRAM_ALLOWED_USERS: '42,43', ASSISTANT_NAME: 'J', LLM_PROVIDER: 'offline' };

interface Inbound {
  readonly external_id: string;
  readonly state: string;
  readonly reason: string | null;
  readonly conversation_id: string | null;
  readonly turn_id: string | null;
}

function rows<T>(home: string, query: string): T[] {
  const database = new Sqlite(join(home, 'claw.db'), { readonly: true });
  try {
    return database.prepare(query).all() as T[];
  } finally {
    database.close();
  }
}

/** Puts a message in and waits until the server has settled it. */
async function say(serve: RunningServe, id: string, args: readonly string[]): Promise<Inbound> {
  const put = await runClaw(['group', 'inject', '--id', id, ...args], { home: serve.home, env: ENV });
  expect(put.stderr).toBe('');
  return vi.waitFor(
    () => {
      const all = rows<Inbound>(serve.home, 'select * from inbound_messages');
      const row = all.find(({ external_id }) => external_id === id);
      const open = rows<{ n: number }>(serve.home, "select count(*) as n from turns where state = 'running'");
      expect(row?.state).not.toMatch(/received|queued/);
      expect(open).toEqual([{ n: 0 }]);
      return row as Inbound;
    },
    { timeout: 15_000, interval: 100 },
  );
}

const claw = (serve: RunningServe, ...args: string[]) => runClawJson(args, { home: serve.home, env: ENV });

test('A8: what nobody called the assistant for waits, rides along once, and strangers are silent', async () => {
  const serve = await startServe({ env: ENV });
  // Registered while the server runs.
  await claw(
    serve,
    'group',
    'register',
    '--jid',
    'tg:-100',
    '--name',
    'Family',
    '--folder',
    'family',
    '--trigger',
    '^!ask',
  );
  const family = (text: string, sender = '42') => ['--jid', 'tg:-100', '--sender', sender, '--text', text];
  for (const [index, text] of ['one', '@J two', 'three'].entries()) {
    expect(await say(serve, `c${index}`, family(text))).toMatchObject({ state: 'context' });
  }
  expect(await say(serve, 's', family('!ask me in', '99'))).toMatchObject({
    state: 'ignored',
    reason: 'unknown person',
  });
  const first = await say(serve, 'first', family('!ask four', '43'));
  const { json } = await claw(serve, 'conversation', 'show', first.conversation_id ?? '', '--user', 'owner');
  const { messages } = json as { messages: { role: string; parts: unknown }[] };
  const asked = JSON.stringify(messages.filter(({ role }) => role === 'user'));
  expect(asked.match(/>(one|@J two|three|!ask four)</g)).toEqual(['>one<', '>@J two<', '>three<', '>!ask four<']);
  expect(asked).not.toContain('me in');

  const next = await say(serve, 'next', family('!ask five'));
  expect(next.conversation_id).toBe(first.conversation_id);
  const later = (await claw(serve, 'conversation', 'show', first.conversation_id ?? '', '--user', 'owner')).json;
  expect(JSON.stringify((later as { messages: unknown }).messages).match(/>three</g)).toHaveLength(1);

  const people = rows(serve.home, "select person_id, state from channel_people where person_id = '99'");
  expect(people).toEqual([{ person_id: '99', state: 'unknown' }]);
  expect(rows(serve.home, "select text from outbox_messages where text like '%code%'")).toEqual([]);
  expect(await serve.stop()).toBe(0);
}, 90_000);

test('two rooms of one folder share one conversation, and a change is seen at once', async () => {
  const serve = await startServe({ env: { ...ENV, DISCORD_ALLOWED_USERS: '7' } });
  await claw(serve, 'group', 'register', '--jid', 'tg:-100', '--name', 'T', '--folder', 'team');
  await claw(serve, 'group', 'register', '--jid', 'dc:5', '--name', 'D', '--folder', 'team');
  writeFileSync(join(serve.home, 'groups', 'team', 'CLAUDE.md'), 'Zebras are striped.');
  const one = await say(serve, 'm1', ['--jid', 'tg:-100', '--sender', '42', '--text', '@J hi']);
  const two = await say(serve, 'm2', ['--jid', 'dc:5', '--sender', '7', '--text', 'hello', '--mention']);
  expect(one.turn_id).not.toBeNull();
  expect(two.conversation_id).toBe(one.conversation_id);
  await claw(serve, 'group', 'update', '--jid', 'dc:5', '--requires-trigger', 'false');
  expect((await say(serve, 'm3', ['--jid', 'dc:5', '--sender', '7', '--text', 'and now?'])).turn_id).not.toBeNull();
  await claw(serve, 'group', 'remove', '--jid', 'dc:5');
  const gone = await say(serve, 'm4', ['--jid', 'dc:5', '--sender', '7', '--text', 'still there?']);
  expect(gone).toMatchObject({ state: 'ignored', turn_id: null });
  expect(await serve.stop()).toBe(0);
}, 90_000);

test('a trigger and a list of people that change are in force in the running server', async () => {
  const serve = await startServe({ env: { LLM_PROVIDER: 'offline' } });
  await claw(serve, 'group', 'register', '--jid', 'tg:-100', '--name', 'T', '--folder', 'team');
  const hey = ['--jid', 'tg:-100', '--sender', '42', '--text', 'hey claw'];
  expect(await say(serve, 'n1', hey)).toMatchObject({ state: 'ignored', reason: 'unknown person' });
  const setIt = async (name: string, value: string) => runClaw(['config', 'set', name, value], { home: serve.home });
  expect((await setIt('TELEGRAM_ALLOWED_USERS', '42')).code).toBe(0);
  expect((await setIt('TRIGGER_PATTERN', '^hey claw')).code).toBe(0);
  let tries = 0;
  await vi.waitFor(
    async () => {
      tries += 1;
      expect(await say(serve, `n2-${tries}`, hey)).toMatchObject({ turn_id: expect.any(String) as string });
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(await serve.stop()).toBe(0);
}, 60_000);

test('A41: a stranger who writes directly gets a code; approved, they talk; disabled, they do not', async () => {
  const serve = await startServe({ env: ENV });
  const direct = (text: string) => ['--jid', 'tg:77', '--direct', '--sender', '77', '--name', 'Sam', '--text', text];
  expect(await say(serve, 'p1', direct('hello'))).toMatchObject({ turn_id: null });
  const [greeting] = rows<{ text: string }>(serve.home, 'select text from outbox_messages');
  const [, code = ''] = /: ([A-Z0-9]{4}-[A-Z0-9]{4})$/m.exec(greeting?.text ?? '') ?? [];
  await say(serve, 'p2', direct('hello again'));
  expect(rows(serve.home, 'select id from outbox_messages')).toHaveLength(1);
  expect((await claw(serve, 'user', 'pair', 'approve', code)).json).toMatchObject({ user: 'telegram-77' });
  const talk = await say(serve, 'p3', direct('hello'));
  expect(talk.turn_id).not.toBeNull();
  const database = new Sqlite(join(serve.home, 'claw.db'));
  database.prepare("update users set state = 'disabled' where username = 'telegram-77'").run();
  database.close();
  const shut = await say(serve, 'p4', direct('and now?'));
  expect(shut).toMatchObject({ state: 'ignored', reason: 'telegram-77 is disabled' });
  expect(await serve.stop()).toBe(0);
}, 90_000);

test('AUTO_REGISTER_MAIN_JID makes the main room at the first start; a wrong one and a dangerous trigger stop it', async () => {
  const serve = await startServe({ env: { ...ENV, AUTO_REGISTER_MAIN_JID: 'tg:42' } });
  expect((await claw(serve, 'group', 'list')).json).toMatchObject([{ jid: 'tg:42', is_main: true }]);
  expect(await serve.stop()).toBe(0);
  const { home } = serve;
  for (const wrong of [{ AUTO_REGISTER_MAIN_JID: 'nowhere' }, { TRIGGER_PATTERN: '(a+)+$' }]) {
    const run = await runClaw(['serve'], {
      home,
      env: { ...ENV, HEALTH_PORT: '0', WS_PORT: '0', DASHBOARD_PORT: '0', ...wrong },
    });
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(Object.keys(wrong)[0]);
  }
}, 60_000);
