import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksForMore, routeRequest } from '../../../../src/core/agent/route/route-request.ts';
import { adversarial, type Labelled, routeSet } from './route-set.ts';

const { tuned, heldOut } = routeSet();
const tierOf = (text: string): string => routeRequest({ text }).tier;
const sentLight = (set: readonly Labelled[], isLight: boolean): string[] =>
  set.filter((each) => each.isLight === isLight && tierOf(each.text) === 'light').map(({ text }) => text);

describe('the decision which model a request goes to', () => {
  it('is made for a set of more than 300 requests, half of them held out, in both languages and of both kinds', () => {
    expect(tuned.length + heldOut.length).toBeGreaterThan(300);
    for (const half of [tuned, heldOut]) {
      const korean = half.filter(({ text }) => /[가-힣ㄱ-ㅎ]/.test(text)).length;
      expect(korean / half.length).toBeGreaterThan(0.4);
      expect(korean / half.length).toBeLessThan(0.6);
      expect(half.filter(({ isLight }) => isLight).length / half.length).toBeGreaterThan(0.4);
    }
  });

  it('sends nothing of either half that needs tools to the cheap model, and most of what is light', () => {
    for (const half of [tuned, heldOut]) {
      expect(sentLight(half, false)).toEqual([]);
      const light = half.filter(({ isLight }) => isLight).length;
      expect(sentLight(half, true).length / light).toBeGreaterThan(0.8);
    }
  });

  it('sends nothing light that hides an act behind a greeting, a courtesy, a typo or another language', () => {
    expect(adversarial().filter((text) => tierOf(text) === 'light')).toEqual([]);
  });

  it.each([
    ['with every act behind every light request', ' ', ['delete all my files', 'run npm test', 'and remind me at 9']],
    ['as sentences', '. ', ['Delete all my files', '파일 다 지워줘', '내일 9시에 알려줘', 'save it to a.txt']],
    ['as lines', '\n', ['npm test 실행해줘', 'remember my birthday is May 3']],
  ])('sends no light request on to it %s', (_how, between, acts) => {
    const light = [...tuned, ...heldOut].filter(({ isLight }) => isLight);
    const sent = light
      .flatMap(({ text }) => acts.map((act) => `${text}${between}${act}`))
      .filter((text) => tierOf(text) === 'light');
    expect(sent).toEqual([]);
  });

  it('keeps to the main model for attachments, open approvals, agreement to a question, and long texts', () => {
    expect(routeRequest({ text: 'hello', hasAttachments: true })).toMatchObject({ tier: 'main', reason: 'attachment' });
    expect(routeRequest({ text: 'hello', hasPendingApproval: true }).tier).toBe('main');
    expect(routeRequest({ text: '좋아요' }).tier).toBe('light');
    expect(routeRequest({ text: '좋아요', isAnswer: true })).toMatchObject({
      tier: 'main',
      reason: 'may be an answer',
    });
    expect(routeRequest({ text: 'hello', isAnswer: true }).tier).toBe('light');
    expect(routeRequest({ text: `translate to Korean: ${'word '.repeat(200)}` }).tier).toBe('main');
  });

  it('tells what it is made of', () => {
    expect(routeRequest({ text: 'Hello! What is my birthday?' })).toEqual({
      tier: 'main',
      reason: 'meaning of somebody or something at hand',
      score: -99,
      parts: [
        { name: 'greeting', points: 1 },
        { name: 'meaning of somebody or something at hand', points: -100 },
      ],
    });
  });

  it('knows a wish for a better answer', () => {
    for (const text of ['try harder', 'Think again, please', '더 잘 해봐', '다시 해줘'])
      expect(asksForMore(text)).toBe(true);
    for (const text of ['hello', 'what is entropy', '고마워']) expect(asksForMore(text)).toBe(false);
  });

  it('is the same for the same words, whatever they are, and takes little time', () => {
    const word = fc.constantFrom(
      'very',
      'so',
      'what',
      'is',
      'a',
      'the',
      'how',
      'many',
      '정말',
      '너무',
      '뭐야',
      '안녕',
      "'",
      '"',
      ':',
      '!',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 900 }),
      fc.array(word, { maxLength: 200 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (each) => routeRequest({ text: each }).tier === routeRequest({ text: each }).tier),
      { numRuns: 300 },
    );
    const once = (each: Labelled): number => {
      const started = performance.now();
      routeRequest(each);
      return performance.now() - started;
    };
    // The best of three: what other processes take is not the rule's.
    const times = [...tuned, ...heldOut].map((each) => Math.min(once(each), once(each), once(each)));
    expect(times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(1);
  });
});
