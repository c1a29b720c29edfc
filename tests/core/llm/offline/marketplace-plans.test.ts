import { describe, expect, it } from 'vitest';
import { planFor } from '../../../../src/core/llm/offline/plans.ts';

const tools = ['marketplace_tool', 'schedule_task', 'add_two_numbers', 'read_text_file', 'memory_manage'].map(
  (name) => ({
    name,
    description: '',
    inputSchema: {},
  }),
);
const first = (text: string): unknown => planFor({ text, isKorean: /[가-힣]/.test(text), tools }).calls[0]?.([])?.input;

describe('requests to the marketplace', () => {
  it.each([
    ['install unit_converter from the marketplace', { action: 'install', name: 'unit_converter' }],
    ['Please install the tool `unit_converter` from the market place.', { action: 'install', name: 'unit_converter' }],
    ['get timer from marketplace please', { action: 'install', name: 'timer' }],
    ['마켓플레이스에서 unit_converter 설치해줘', { action: 'install', name: 'unit_converter' }],
    ['마켓플레이스에서 unit_converter를 설치해 주세요.', { action: 'install', name: 'unit_converter' }],
    ['unit_converter를 마켓플레이스에서 설치해 줘', { action: 'install', name: 'unit_converter' }],
    ['uninstall unit_converter', { action: 'uninstall', name: 'unit_converter' }],
    ['remove the tool unit_converter', { action: 'uninstall', name: 'unit_converter' }],
    ['update the package unit_converter', { action: 'update', name: 'unit_converter' }],
    ['search the marketplace for csv', { action: 'search', query: 'csv' }],
    ['search the marketplace', { action: 'search' }],
    ['마켓플레이스에서 csv 찾아줘', { action: 'search', query: 'csv' }],
    ['list my installed tools', { action: 'list' }],
    ['설치된 도구 보여줘', { action: 'list' }],
  ])('%s', (text, input) => expect(first(text)).toEqual(input));

  it.each([
    'install windows',
    'remove the bread from the list',
    'do not install unit_converter from the marketplace',
    'what is a marketplace?',
    'read install.txt',
  ])('leaves %s to others', (text) => expect(first(text)).not.toMatchObject({ name: expect.anything() as string }));

  it('says what came of it', () => {
    const plan = planFor({ text: 'search the marketplace', isKorean: false, tools });
    const packages = [{ name: 'timer', version: '1.0.0', description: 'A stopwatch.' }];
    expect(plan.answer([JSON.stringify({ packages, remarks: [] })])).toBe('timer 1.0.0: A stopwatch.');
    expect(plan.answer(['timer 1.0.0 is installed.'])).toBe('timer 1.0.0 is installed.');
    expect(plan.answer(['[]'])).toBe('There is none.');
  });
});
