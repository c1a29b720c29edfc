import { describe, expect, it } from 'vitest';
import { chatRequest, promptLast, type ChatFlags } from '../../src/repl/chat-request.ts';

const FLAGS: ChatFlags = {
  print: false,
  json: false,
  'output-format': undefined,
  continue: false,
  resume: undefined,
  user: undefined,
  model: undefined,
  tools: true,
  'max-cost': undefined,
};

describe('the words of claw chat', () => {
  it('take --json for --output-format json, and --continue for the last conversation', () => {
    expect(chatRequest('x', { ...FLAGS, json: true }).format).toBe('json');
    expect(chatRequest('x', { ...FLAGS, 'output-format': 'stream-json' }).format).toBe('stream-json');
    expect(chatRequest('x', FLAGS).format).toBe('text');
    expect(chatRequest(undefined, { ...FLAGS, continue: true }).resume).toBe('last');
    expect(chatRequest(undefined, { ...FLAGS, resume: 'abc' }).resume).toBe('abc');
  });

  it('take money above zero only', () => {
    expect(chatRequest('x', { ...FLAGS, 'max-cost': '0.5' }).maxCostUsd).toBe(0.5);
    for (const wrong of ['0', '-1', 'abc', 'NaN', ''])
      expect(() => chatRequest('x', { ...FLAGS, 'max-cost': wrong })).toThrow(/US dollars above 0/);
  });

  it('take a question that begins with a dash for no flag', () => {
    expect(promptLast(['-p', '- first point', '--json'])).toEqual(['-p', '--json', '--', '- first point']);
    expect(promptLast(['-5 plus 3', '-p'])).toEqual(['-p', '--', '-5 plus 3']);
    expect(promptLast(['--model=a/b c', '-p'])).toEqual(['--model=a/b c', '-p']);
    expect(promptLast(['-p', '--', '- x'])).toEqual(['-p', '--', '- x']);
  });
});
