import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createPairingService } from '../../src/core/access/pairing.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { openStore } from '../../src/core/store/store.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

/** Codes that strangers got, as the server of this home would hand them out. */
async function codesFor(home: string, people: readonly string[], expiryMs = 60_000): Promise<string[]> {
  const now = systemClock.now();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now });
  const pairing = createPairingService({ store, clock: systemClock, expiryMs, welcome: async () => {} });
  const codes: string[] = [];
  for (const personId of people) {
    const offer = await pairing.request({
      channel: 'telegram',
      personId,
      name: `P${personId}`,
      chat: `tg:${personId}`,
    });
    codes.push(offer?.code ?? '');
  }
  await store.close();
  return codes;
}

test('A41: a code is listed without being shown, approved once, and links the person', async () => {
  const home = await temporaryDirectory();
  const [code = '', other = ''] = await codesFor(home, ['77', '78']);
  const list = await runClawJson(['user', 'pair', 'list'], { home });
  expect(list.json).toMatchObject([
    { person_id: '78', state: 'pending' },
    { person_id: '77', chat: 'tg:77' },
  ]);
  expect(list.stdout).not.toContain(code);

  const yes = await runClawJson(['user', 'pair', 'approve', code.toLowerCase()], { home });
  expect(yes).toMatchObject({ code: 0, json: { state: 'approved', user: 'telegram-77' } });
  expect((await runClaw(['user', 'pair', 'approve', code], { home })).code).toBe(7);
  const known = await runClawJson(['user', 'pair', 'approve', other, '--user', 'telegram-77'], { home });
  expect(known.json).toMatchObject({ user: 'telegram-77', person_id: '78' });
  expect((await runClaw(['user', 'pair', 'list'], { home })).stdout).toContain('Nobody waits');
}, 60_000);

test('A42: who is no admin decides nothing', async () => {
  const home = await temporaryDirectory();
  const [first = '', code = ''] = await codesFor(home, ['77', '78']);
  await runClaw(['user', 'pair', 'approve', first], { home });
  const no = await runClawJson(['user', 'pair', 'approve', code, '--by', 'telegram-77'], { home });
  expect(no).toMatchObject({ code: 5, json: { error: { code: 'permission-denied' } } });
  const room = ['--jid', 'dc:1', '--name', 'X', '--folder', 'x', '--user', 'telegram-77'];
  expect((await runClaw(['group', 'register', ...room], { home })).code).toBe(5);
  expect((await runClawJson(['user', 'pair', 'list'], { home })).json).toHaveLength(1);
}, 60_000);

test('A41: an expired code is refused, and the fifth wrong one locks', async () => {
  const home = await temporaryDirectory();
  const [late = ''] = await codesFor(home, ['77'], 0);
  const [good = ''] = await codesFor(home, ['78']);
  const expired = await runClaw(['user', 'pair', 'approve', late], { home });
  expect(expired.code).toBe(7);
  expect(expired.stderr).toContain('expired');
  for (let count = 0; count < 5; count += 1) {
    expect((await runClaw(['user', 'pair', 'approve', '2222-2222'], { home })).code).toBe(6);
  }
  expect((await runClaw(['user', 'pair', 'approve', good], { home })).code).toBe(11);
}, 60_000);

test('a denied person stays outside', async () => {
  const home = await temporaryDirectory();
  const [code = ''] = await codesFor(home, ['77']);
  const no = await runClawJson(['user', 'pair', 'deny', code], { home });
  expect(no).toMatchObject({ code: 0, json: { state: 'denied' } });
  expect((await runClaw(['user', 'pair', 'approve', code], { home })).code).toBe(7);
}, 60_000);
