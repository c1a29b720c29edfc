/** Documents through the built binary: added, found, cited, updated, removed, and used in a chat. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { docx, pdf } from '../core/knowledge/read/sample-files.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

interface Hit {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly place: string;
  readonly score: number;
}

async function search(home: string, question: string, ...flags: string[]): Promise<Hit[]> {
  const run = await runClawJson(['knowledge', 'search', question, ...flags], { home });
  expect(run.code).toBe(0);
  return run.json as Hit[];
}

test('lines of JSON are added and found under their ids, in Korean and English', async () => {
  const home = await temporaryDirectory();
  const lines = [
    { id: 'k1', title: '임대차', content: '전세 계약 기간은 2년이며, 갱신을 한 번 요구할 수 있다.' },
    { id: 'e1', title: 'Router', content: 'Hold the reset button for ten seconds.' },
    { id: 'k2', title: '날씨', content: '서울의 여름은 덥고 습하다.' },
  ];
  writeFileSync(join(home, 'd.jsonl'), lines.map((line) => JSON.stringify(line)).join('\n'));
  const added = await runClawJson(['knowledge', 'add', '--jsonl', join(home, 'd.jsonl')], { home });
  expect(added.json).toMatchObject({ added: 3, chunks: 3, failed: [] });
  const [first] = await search(home, '전세 계약은 몇 년인가요?', '--limit', '5');
  expect(first).toMatchObject({ id: 'k1', title: '임대차', place: 'line 1' });
  expect((await search(home, 'resetting a router'))[0]?.id).toBe('e1');
  expect(await search(home, '')).toEqual([]);
  const nothing = await runClaw(['knowledge', 'search', '***'], { home });
  expect(nothing).toMatchObject({ code: 0, stdout: '\n' });
  expect(nothing.stderr).toContain('no word');
  const again = await runClawJson(['knowledge', 'add', '--jsonl', join(home, 'd.jsonl')], { home });
  expect(again.json).toMatchObject({ added: 0, unchanged: 3 });
});

test('files of many kinds are cited by place, kept up to date, and removed', { timeout: 60_000 }, async () => {
  const home = await temporaryDirectory();
  const file = (name: string): string => join(home, name);
  writeFileSync(file('manual.pdf'), pdf(['Cover.', 'The warranty lasts three years.']));
  writeFileSync(file('lease.docx'), docx(['# Rent', 'It is due on the first of each month.']));
  for (const name of ['manual.pdf', 'lease.docx']) {
    const run = await runClaw(['knowledge', 'add', file(name)], { home, timeoutMs: 30_000 });
    expect(run.code).toBe(0);
  }
  expect((await search(home, 'how long is the warranty'))[0]).toMatchObject({ title: 'manual.pdf', place: 'page 2' });
  expect((await search(home, 'when is the rent due'))[0]).toMatchObject({ title: 'lease.docx', place: '# Rent' });
  writeFileSync(file('manual.pdf'), pdf(['Cover.', 'The guarantee lasts five years.']));
  expect((await runClawJson(['knowledge', 'add', file('manual.pdf')], { home, timeoutMs: 30_000 })).json).toMatchObject(
    {
      updated: 1,
    },
  );
  expect((await search(home, 'warranty')).every(({ title }) => title !== 'manual.pdf')).toBe(true);
  expect((await runClawJson(['knowledge', 'remove', file('manual.pdf')], { home })).json).toEqual({ removed: 1 });
  expect(await search(home, 'guarantee')).toEqual([]);
  expect((await runClawJson(['knowledge', 'reindex', '--check'], { home })).json).toMatchObject({ ok: true });
  writeFileSync(file('setup.exe'), 'MZ');
  const refused = await runClaw(['knowledge', 'add', file('setup.exe')], { home });
  expect(refused.code).toBe(10);
  expect(refused.stderr).toContain('.exe');
});

test('without a model the assistant searches the documents, and nobody else finds them', async () => {
  const home = await temporaryDirectory();
  const env = { LLM_PROVIDER: 'offline' };
  await runClaw(['knowledge', 'add', '-', '--title', '보증서'], { home, input: '세탁기 보증 기간은 5년이다.' });
  const answer = await runClaw(['chat', '-p', '내 문서에서 세탁기 보증 기간을 찾아줘'], { home, env });
  expect(answer.stdout).toContain('5년');
  expect(answer.stdout).toContain('보증서, line 1');
  const english = await runClaw(['chat', '-p', 'search my documents for 세탁기'], { home, env });
  expect(english.stdout).toContain('5년');
});

test('an index that was damaged is told by the doctor and made anew', async () => {
  const home = await temporaryDirectory();
  for (const [name, text] of [
    ['a.txt', 'Ferns like shade.'],
    ['b.txt', 'Roses need sun.'],
  ] as const) {
    writeFileSync(join(home, name), text);
    expect((await runClaw(['knowledge', 'add', join(home, name)], { home })).code).toBe(0);
  }
  const database = new Database(join(home, 'claw.db'));
  // As many rows as before, but one says something else.
  database.exec(`delete from knowledge_index where rowid = (select min(seq) from knowledge_chunks);
    insert into knowledge_index (rowid, words) select min(seq), 'zebra' from knowledge_chunks`);
  database.close();
  expect(await search(home, 'ferns')).toEqual([]);
  const ofIndex = async (): Promise<object | undefined> =>
    ((await runClawJson(['doctor'], { home })).json as { check: string }[]).find(
      ({ check }) => check === 'knowledge-index',
    );
  expect(await ofIndex()).toMatchObject({ status: 'error', fix: 'claw knowledge reindex' });
  const check = await runClaw(['knowledge', 'reindex', '--check'], { home });
  expect(check).toMatchObject({ code: 10, stdout: '1 of 2 passages were not found by their own words\n' });
  expect((await runClawJson(['knowledge', 'reindex'], { home })).json).toMatchObject({ ok: true, indexed: 2 });
  expect(await search(home, 'ferns')).toHaveLength(1);
  expect(await ofIndex()).toMatchObject({ status: 'ok' });
}, 60_000);
