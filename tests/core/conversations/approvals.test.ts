import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ApprovalService, createApprovalService } from '../../../src/core/conversations/approvals.ts';
import type { Clock } from '../../../src/core/kernel/clock.ts';
import type { ApprovalRequest } from '../../../src/core/kernel/events.ts';
import { openStore, type Store } from '../../../src/core/store/store.ts';
import type { ApprovalCaller, ApprovalQuestion } from '../../../src/core/tools/tool-port.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';

const MINUTE = 60_000;

/** Time stands still but for `pass`; sleepers wake at every step. */
function steppedClock(): Clock & { pass(ms: number): void } {
  let now = 1_000_000;
  return {
    now: () => now,
    elapsed: () => now,
    sleep: (_ms, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      if (signal?.aborted === true) reject(signal.reason as Error);
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      setImmediate(resolve);
      return promise;
    },
    pass: (ms) => {
      now += ms;
    },
  };
}

interface Kit {
  readonly service: ApprovalService;
  readonly store: Store;
  readonly clock: ReturnType<typeof steppedClock>;
  again(): ApprovalService;
}

async function kit(): Promise<Kit> {
  const home = temporaryHome();
  const store = openStore({ file: join(home, 'claw.db'), snapshotFolder: join(home, 'backups'), now: 1 });
  onTestFinished(() => store.close());
  await store.users.insertIfAbsent({ id: 'admin', username: 'owner', role: 'admin', state: 'active', created_at: 0 });
  await store.users.insertIfAbsent({ id: 'mia', username: 'mia', role: 'user', state: 'active', created_at: 0 });
  const clock = steppedClock();
  const again = (): ApprovalService => createApprovalService({ store, clock, expiryMs: 10 * MINUTE });
  return { service: again(), store, clock, again };
}

const question = (words = 'wget https://example.com'): ApprovalQuestion => ({
  kind: 'exec',
  act: words,
  pattern: 'exec: wget',
  reason: 'wget is not on the list',
  detail: words,
  exact: {
    argv: words.split(' '),
    cwd: '/w',
  },
});

const caller = (more: Partial<ApprovalCaller> = {}): ApprovalCaller => ({
  callId: 'c1',
  userId: 'mia',
  conversationId: 'talk',
  signal: new AbortController().signal,
  ...more,
});

/** Asks, and answers as soon as the request is shown. */
function askAnd(
  { service }: Kit,
  answer: (request: ApprovalRequest) => unknown,
  more: Partial<ApprovalCaller> = {},
  what = question(),
) {
  return service.ask(what, caller({ ...more, onApproval: (request) => void answer(request) }));
}

const once = { isApproved: true, scope: 'once', by: 'admin' } as const;

test('an approval is good for one run of the very act, and for no other', async () => {
  const it = await kit();
  const answer = await askAnd(it, ({ approvalId }) => it.service.decide(approvalId, once));
  expect(answer).toMatchObject({ isAllowed: true });
  expect(await it.service.ask(question(), caller())).toMatchObject({ isAllowed: false });
});

test.each([
  ['other words', question('wget https://example.com/evil'), {}],
  ['another conversation', question(), { conversationId: 'elsewhere' }],
  ['another user', question(), { userId: 'admin' }],
])('an approval is not good for %s', async (_what, asked, who) => {
  const it = await kit();
  await it.service.ask(question(), caller());
  const [row] = await it.service.list({ all: false });
  await it.service.decide(row?.id ?? '', once);
  expect(await it.service.ask(asked, caller(who))).toMatchObject({ isAllowed: false });
  expect(await it.service.ask(question(), caller())).toMatchObject({ isAllowed: true });
});

test('where nobody can be asked it is refused at once with the command to approve, and runs when asked for again', async () => {
  const it = await kit();
  const refused = await it.service.ask(question(), caller());
  expect(refused.isAllowed).toBe(false);
  expect(refused.reason).toContain(`claw approval approve ${refused.approvalId ?? ''}`);
  // Asking twice is one request.
  await it.service.ask(question(), caller());
  expect(await it.service.list({ all: false })).toHaveLength(1);
  await it.service.decide(refused.approvalId ?? '', once);
  expect(await it.service.ask(question(), caller())).toMatchObject({ isAllowed: true, approvalId: refused.approvalId });
});

test('two clicks act once: the second answer and the second use are refused', async () => {
  const it = await kit();
  const { approvalId } = await it.service.ask(question(), caller());
  const id = approvalId ?? '';
  const clicks = await Promise.allSettled([
    it.service.decide(id, once),
    it.service.decide(id, once),
    it.service.decide(id, { ...once, isApproved: false }),
  ]);
  expect(clicks.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
  const uses = await Promise.all([
    it.service.ask(question(), caller()),
    it.service.ask(question(), caller()),
    it.service.ask(question(), caller()),
  ]);
  expect(uses.filter(({ isAllowed }) => isAllowed)).toHaveLength(1);
});

test('no answer in ten minutes is a no, and an answer after that is refused', async () => {
  const it = await kit();
  let late = '';
  const answer = await askAnd(it, ({ approvalId }) => {
    late = approvalId;
    it.clock.pass(10 * MINUTE);
  });
  expect(answer).toMatchObject({ isAllowed: false, reason: 'Nobody answered in time.' });
  await expect(it.service.decide(late, once)).rejects.toThrow(/lapsed/);
});

test('an approval that nobody uses lapses too', async () => {
  const it = await kit();
  const { approvalId } = await it.service.ask(question(), caller());
  await it.service.decide(approvalId ?? '', once);
  it.clock.pass(10 * MINUTE);
  expect(await it.service.ask(question(), caller())).toMatchObject({ isAllowed: false });
});

test('whoever asked cannot answer, nor anyone who is no admin', async () => {
  const it = await kit();
  const { approvalId } = await it.service.ask(question(), caller());
  await expect(it.service.decide(approvalId ?? '', { ...once, by: 'mia' })).rejects.toMatchObject({
    code: 'permission-denied',
  });
  expect((await it.service.find(approvalId ?? '')).state).toBe('pending');
});

test('a request survives a restart and runs nothing by itself', async () => {
  const it = await kit();
  const { approvalId } = await it.service.ask(question(), caller());
  const after = it.again();
  await after.decide(approvalId ?? '', once);
  expect((await after.find(approvalId ?? '')).state).toBe('approved');
});

test('an answer that another process gives ends the wait', async () => {
  const it = await kit();
  const other = it.again();
  const answer = await askAnd(it, ({ approvalId }) => other.decide(approvalId, { ...once, isApproved: false }));
  expect(answer).toMatchObject({ isAllowed: false, reason: 'It was denied.' });
});

test('a stopped turn takes its request back', async () => {
  const it = await kit();
  const stop = new AbortController();
  const answer = await askAnd(it, () => stop.abort(new Error('stopped')), { signal: stop.signal });
  expect(answer.isAllowed).toBe(false);
  expect((await it.service.find(answer.approvalId ?? '')).state).toBe('cancelled');
});

test('"always" is for the very act, everywhere; "conversation" ends at its edge; "pattern" covers the program for its hours', async () => {
  const it = await kit();
  await askAnd(it, ({ approvalId }) => it.service.decide(approvalId, { ...once, scope: 'always' }));
  expect(await it.service.ask(question(), caller({ conversationId: 'x' }))).toMatchObject({ isAllowed: true });
  expect(await it.service.ask(question('wget b'), caller())).toMatchObject({ isAllowed: false });

  await askAnd(
    it,
    ({ approvalId }) => it.service.decide(approvalId, { ...once, scope: 'conversation' }),
    {},
    question('wget c'),
  );
  expect(await it.service.ask(question('wget c'), caller())).toMatchObject({ isAllowed: true });
  expect(await it.service.ask(question('wget c'), caller({ conversationId: 'x' }))).toMatchObject({ isAllowed: false });

  const forTwoHours = { ...once, scope: 'pattern', forMs: 120 * MINUTE } as const;
  await askAnd(it, ({ approvalId }) => it.service.decide(approvalId, forTwoHours), {}, question('wget d'));
  expect(await it.service.ask(question('wget e'), caller({ conversationId: 'x' }))).toMatchObject({ isAllowed: true });
  it.clock.pass(120 * MINUTE);
  expect(await it.service.ask(question('wget e'), caller())).toMatchObject({ isAllowed: false });
});

test('a revoked grant grants nothing', async () => {
  const it = await kit();
  await askAnd(it, ({ approvalId }) => it.service.decide(approvalId, { ...once, scope: 'always' }));
  // The yes itself was used by the call that asked.
  const [grant] = await it.service.grants();
  await it.service.revoke(grant?.id ?? '', { id: 'admin' });
  expect(await it.service.grants()).toEqual([]);
  expect(await it.service.ask(question(), caller())).toMatchObject({ isAllowed: false });
  await expect(it.service.revoke(grant?.id ?? '', { id: 'admin' })).rejects.toThrow(/revoked before/);
});

test('what is shown hides nothing: control and direction characters are written out', async () => {
  const it = await kit();
  let shown = '';
  const act = 'rm \u202egpj.exe\u001b[2K';
  await askAnd(
    it,
    ({ approvalId, act: text }) => ((shown = text), it.service.decide(approvalId, once)),
    {},
    { ...question(), act },
  );
  expect(shown).toBe(String.raw`rm \u{202e}gpj.exe\u{1b}[2K`);
});

test('what a command is to read hides nothing either; its lines and tabs stay', async () => {
  const it = await kit();
  const detail = 'python3 -\ninput:\nif level != "user\u202e \u2066# admins\u2069 \u2066":\n\tpass\r';
  let shown = '';
  const look = async ({ approvalId }: ApprovalRequest): Promise<unknown> => {
    shown = (await it.service.find(approvalId)).detail;
    return it.service.decide(approvalId, once);
  };
  await askAnd(it, look, {}, { ...question(), detail });
  expect(shown.split('\n')).toEqual([
    'python3 -',
    'input:',
    String.raw`if level != "user\u{202e} \u{2066}# admins\u{2069} \u{2066}":`,
    '\tpass\\u{d}',
  ]);
});

test('what a grant let through is counted, and told with whom it is for and who gave it', async () => {
  const it = await kit();
  await askAnd(it, ({ approvalId }) => it.service.decide(approvalId, { ...once, scope: 'always' }));
  expect(await it.service.grants()).toMatchObject([{ uses: 0, last_used_at: null, granter: 'owner' }]);
  it.clock.pass(MINUTE);
  for (let count = 0; count < 2; count += 1) await it.service.ask(question(), caller());
  expect(await it.service.grants()).toMatchObject([{ uses: 2, last_used_at: it.clock.now() }]);
});

test('the list goes on after any of its rows, and shows one state alone', async () => {
  const it = await kit();
  const words = ['wget a', 'wget b', 'wget c', 'wget d'];
  for (const word of words) {
    await askAnd(
      it,
      ({ approvalId }) => it.service.decide(approvalId, { ...once, isApproved: false }),
      {},
      question(word),
    );
  }
  await it.service.ask(question('wget e'), caller());
  const first = await it.service.list({ all: true, limit: 2 });
  const rest = await it.service.list({ all: true, before: first.at(-1)?.id });
  expect([...first, ...rest].map(({ act }) => act).toSorted()).toEqual([...words, 'wget e'].toSorted());
  expect(first.map(({ id }) => id)).not.toEqual(expect.arrayContaining([rest[0]?.id]));
  expect(await it.service.list({ all: true, state: 'denied' })).toHaveLength(4);
  expect(await it.service.list({ all: true, state: 'pending' })).toMatchObject([{ act: 'wget e', decider: null }]);
  it.clock.pass(60 * MINUTE);
  expect(await it.service.list({ all: true, state: 'expired' })).toMatchObject([{ act: 'wget e' }]);
  expect(await it.service.list({ all: true, state: 'denied' })).toHaveLength(4);
  expect(await it.service.list({ all: true, state: 'pending' })).toEqual([]);
});
