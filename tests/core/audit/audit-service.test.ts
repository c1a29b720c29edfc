import { expect, test } from 'vitest';
import { createAuditService } from '../../../src/core/audit/audit-service.ts';
import { auditPaths } from '../../../src/core/kernel/paths.ts';
import { temporaryHome } from '../../fakes/temporary-home.ts';
import { fill, openTrail, owner } from './audit-kit.ts';

test('CSV keeps quotes, commas and lines, and no cell is a formula', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  for (const target of [
    '=cmd|calc!A1',
    '+1',
    '-1',
    '@SUM(1)',
    '\t=1',
    'a "quoted", text\nof two lines',
    ' =1',
    '한국',
  ]) {
    await store.audit.append({ at: 0, by: owner, action: 'config.set', target, detail: { from: '=1' } });
  }
  const csv = (await Array.fromAsync(createAuditService(store.audit, auditPaths(home)).export('csv'))).join('');
  const lines = csv.split('\r\n');
  expect(lines[0]).toBe('seq,at,user_id,username,via,from,action,target,outcome,detail,code');
  expect(lines[1]).toMatch(
    /^1,1970-01-01T00:00:00.000Z,"u1","owner","terminal","terminal","config.set","'=cmd\|calc!A1","ok","\{""from"":""=1""\}",/,
  );
  for (const cell of ["'+1", "'-1", "'@SUM(1)", "'\t=1", 'a ""quoted"", text\nof two lines', "' =1", '한국']) {
    expect(csv).toContain(`,"${cell}",`);
  }
  await store.close();
});

test('an export gives every row once, however many pages it takes', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await store.transaction(async ({ audit }) => {
    for (let at = 0; at < 2001; at += 1) await audit.append({ at, by: owner, action: 'config.set' });
  });
  await fill(store, 1);
  const text = (await Array.fromAsync(createAuditService(store.audit, auditPaths(home)).export('jsonl'))).join('');
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
  expect(rows).toEqual(Array.from({ length: 2002 }, (_, index) => index + 1));
  await store.close();
});

test('rows are found by outcome, target and words, newest first, page by page, in a long trail too', async () => {
  const home = temporaryHome();
  const store = openTrail(home);
  await store.transaction(async ({ audit }) => {
    await audit.append({ at: 0, by: owner, action: 'user.create', target: 'max_50%', outcome: 'failed' });
    for (let at = 1; at < 40; at += 1) await audit.append({ at, by: owner, action: 'config.set', target: `t${at}` });
    await audit.append({ at: 50, by: owner, action: 'user.create', target: 'maxi', detail: { why: 'Max asked' } });
  });
  const service = createAuditService(store.audit, auditPaths(home));
  const found = async (filter: Parameters<typeof service.list>[0], limit = 10, before?: number) =>
    (await service.list(filter, limit, before)).map(({ seq }) => seq);
  expect(await found({ outcome: 'failed' })).toEqual([1]);
  expect(await found({ target: 't7' })).toEqual([8]);
  expect(await found({ text: 'MAX' })).toEqual([41, 1]);
  expect(await found({ text: 'max' }, 1)).toEqual([41]);
  expect(await found({ text: 'max' }, 10, 41)).toEqual([1]);
  // Signs of the query language mean themselves.
  expect(await found({ text: '50%' })).toEqual([1]);
  expect(await found({ text: 'm%x' })).toEqual([]);
  expect(await store.audit.actions()).toEqual(['config.set', 'user.create']);
  await store.close();
});
