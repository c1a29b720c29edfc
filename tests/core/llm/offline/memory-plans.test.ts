import { expect, test } from 'vitest';
import { planFor } from '../../../../src/core/llm/offline/plans.ts';

const tools = [{ name: 'memory_manage', description: '', inputSchema: {} }];
const plan = (text: string, given = tools) => planFor({ text, isKorean: /[가-힣]/.test(text), tools: given });
const asked = (text: string) => plan(text).calls.map((call) => call([]).input);

test.each([
  ['Remember that my birthday is 3 May', { category: 'facts', key: 'birthday', value: '3 May' }],
  ['remember: my favourite colour is blue.', { category: 'facts', key: 'favourite colour', value: 'blue' }],
  ['My dentist is Dr Han, please remember that.', { category: 'facts', key: 'dentist', value: 'Dr Han' }],
  ['My name is Kim', { category: 'user_info', key: 'name', value: 'Kim' }],
  [
    'Please remember to water the plants',
    { category: 'notes', key: 'to water the plants', value: 'to water the plants' },
  ],
  ['내 생일은 5월 3일이야. 기억해 줘', { category: 'facts', key: '생일', value: '5월 3일' }],
  ['기억해 줘: 우리 회사는 서울에 있어', { category: 'facts', key: '회사', value: '서울에 있어' }],
  ['제 이름은 민수입니다', { category: 'user_info', key: 'name', value: '민수' }],
])('%s is remembered', (text, fact) => {
  expect(asked(text)).toEqual([{ action: 'add', ...fact }]);
});

test.each([
  ['forget my birthday', 'birthday'],
  ['내 생일을 잊어 줘', '생일'],
])('%s is forgotten', (text, key) => {
  expect(asked(text)).toEqual([{ action: 'forget', key }]);
});

test.each([
  'When is my birthday?',
  'what is the wifi password',
  '내 생일이 언제야?',
  '제 회사가 어디예요',
  '생일 알려줘',
])('%s is looked up', (text) => {
  expect(asked(text)).toEqual([{ action: 'search', query: text }]);
});

test.each(['What do you know about me?', '나에 대해 뭘 기억해?'])('%s lists everything', (text) => {
  expect(asked(text)).toEqual([{ action: 'list' }]);
});

test('what was found is the answer; what was not is said as before', () => {
  const found = JSON.stringify({ found: 1, memories: [{ name: 'facts/birthday', value: '3 May' }] });
  expect(plan('When is my birthday?').answer([found])).toBe('From memory:\nbirthday: 3 May');
  const none = JSON.stringify({ found: 0, memories: [] });
  expect(plan('When is my birthday?').answer([none])).toMatch(/offline mode/);
  expect(plan('When is my birthday?', []).answer([])).toMatch(/offline mode/);
});

test('a statement is not looked up, and arithmetic stays arithmetic', () => {
  expect(asked('I like tea')).toEqual([]);
  expect(
    plan('what is 2 plus 3?', [...tools, { name: 'add_two_numbers', description: '', inputSchema: {} }]).calls[0]?.([]),
  ).toMatchObject({ name: 'add_two_numbers' });
});

test('a hostile text is judged at once', () => {
  const started = performance.now();
  for (const text of [
    ' '.repeat(100_000),
    `remember ${'my '.repeat(30_000)}`,
    '은 '.repeat(50_000),
    '기억'.repeat(40_000),
  ])
    plan(text);
  expect(performance.now() - started).toBeLessThan(1_000);
});
