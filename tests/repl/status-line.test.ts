import { describe, expect, it } from 'vitest';
import { EMPTY_SESSION } from '../../src/repl/repl-state.ts';
import { cacheRate, contextLeft, formatCost, formatTokens, statusLine } from '../../src/repl/status-line.ts';
import { textWidth } from '../../src/core/kernel/text-width.ts';

const session = {
  ...EMPTY_SESSION,
  model: 'anthropic/large-5',
  contextTokens: 200_000,
  usedTokens: 50_000,
  lastUsage: { inputTokens: 48_000, outputTokens: 2_000, cachedTokens: 36_000, costUsd: 0.0312 },
  costUsd: 0.25,
  turns: 3,
};

describe('the status line', () => {
  it('says model, tokens, cost of the turn and of the session, cache and context', () => {
    expect(statusLine(session, 120)).toBe(
      'anthropic/large-5 · 50k tok · $0.0312 · total $0.25 · cache 75% · ctx 75% left',
    );
  });

  it('drops the provider first, then the least important, and keeps the name of the model to the last', () => {
    expect(statusLine(session, 70)).toBe('large-5 · 50k tok · $0.0312 · total $0.25 · cache 75% · ctx 75% left');
    expect(statusLine(session, 60)).toBe('large-5 · $0.0312 · total $0.25 · cache 75% · ctx 75% left');
    expect(statusLine(session, 40)).toBe('large-5 · total $0.25 · ctx 75% left');
    expect(statusLine(session, 30)).toBe('large-5 · ctx 75% left');
    expect(statusLine(session, 10)).toBe('large-5');
    expect(statusLine(session, 5)).toBe('larg…');
  });

  it('fits every width', () => {
    for (let width = 1; width < 120; width++) expect(textWidth(statusLine(session, width))).toBeLessThanOrEqual(width);
  });

  it('marks money it does not know', () => {
    const unknown = { ...session, hasUnknownCost: true, lastUsage: { ...session.lastUsage, costUsd: null } };
    expect(statusLine(unknown, 120)).toContain('$? · total $0.25+?');
  });

  it('is the model alone before the first turn, and always in offline mode', () => {
    expect(statusLine({ ...EMPTY_SESSION, model: 'offline/offline' }, 80)).toBe('offline');
    const free = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, costUsd: 0 };
    expect(statusLine({ ...session, model: 'offline/offline', lastUsage: free }, 80)).toBe('offline');
  });
});

describe('numbers for people', () => {
  it('are short', () => {
    expect([0, 999, 1200, 128_000, 2_500_000].map(formatTokens)).toEqual(['0', '999', '1.2k', '128k', '2.5M']);
    expect([null, 0, 0.000_01, 0.0031, 0.25, 12].map(formatCost)).toEqual([
      '$?',
      '$0',
      '$0.0001',
      '$0.0031',
      '$0.25',
      '$12.00',
    ]);
  });

  it('never say more than there is', () => {
    expect(contextLeft({ ...session, usedTokens: 300_000 })).toBe(0);
    expect(contextLeft({ ...session, usedTokens: null })).toBeUndefined();
    expect(cacheRate({ ...session.lastUsage, inputTokens: 0 })).toBeUndefined();
  });
});
