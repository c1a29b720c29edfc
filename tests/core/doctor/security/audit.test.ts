import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allRules, auditHome, type AuditReport } from '../../../../src/core/doctor/security/audit.ts';
import { judgeAll, scoreOf, SEVERITIES } from '../../../../src/core/doctor/security/finding.ts';
import { whyWeak } from '../../../../src/core/doctor/security/weak-secret.ts';
import { settingsOf } from '../good-facts.ts';
import { requireKnown } from '../known-command.ts';
import { asked, type PlainFacts, SAFE } from './safe-facts.ts';
import { type Change, UNSAFE } from './unsafe-states.ts';

async function audit(change: Change): Promise<AuditReport> {
  const facts = Object.fromEntries(
    Object.entries(SAFE).map(([name, value]) => [name, { ...value, ...change[name as keyof PlainFacts] }]),
  ) as unknown as PlainFacts;
  return (await auditHome(asked(facts))).report;
}

describe('the security audit', () => {
  it('finds nothing where nothing is unsafe', async () => {
    expect(await audit({})).toMatchObject({ score: 100, findings: [] });
  });

  it.each(UNSAFE)('finds %s (%s)', async (id, severity, fix, change) => {
    const { findings, score } = await audit(change);
    const found = findings.find((each) => each.id === id);
    expect(found, findings.map((each) => each.id).join()).toMatchObject({ severity });
    if (severity !== 'info') expect(score).toBeLessThan(100);
    expect(found?.evidence).not.toBe('');
    if (fix === null) expect(found?.fix).toBeNull();
    else {
      expect(found?.fix).toMatch(fix);
      await requireKnown(found?.fix ?? '');
    }
  });

  it('has a spoiled state for every rule but the one that is tried on a real file', () => {
    const tried = new Set(UNSAFE.map(([id]) => id));
    expect(
      allRules()
        .filter(({ id }) => !tried.has(id))
        .map(({ id }) => id),
    ).toEqual(['working-directory.door']);
  });

  it('has ids that differ and are of one form, and docs/security.md lists each with its severity', () => {
    const text = readFileSync(join(import.meta.dirname, '../../../../docs/security.md'), 'utf8');
    const rows = allRules().map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`);
    expect(new Set(rows).size).toBe(rows.length);
    expect(allRules().every(({ id }) => /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/.test(id))).toBe(true);
    expect(rows.filter((row) => !text.includes(row))).toEqual([]);
  });

  it('never tells a secret', async () => {
    const tokens = {
      WS_AUTH_TOKEN: 'passwordpassword-a-made-up-one-aa',
      JWT_SECRET: 'short-made-up',
      DASHBOARD_TOKEN: 'tiny',
    };
    const environment = { OPENAI_API_KEY: 'made-up-openai-key' };
    const report = await audit({ exposure: { tokens }, secrets: { settings: settingsOf(environment) } });
    const text = JSON.stringify(report);
    for (const secret of [...Object.values(tokens), ...Object.values(environment)]) expect(text).not.toContain(secret);
    expect(report.findings.length).toBeGreaterThan(3);
  });

  it('makes what cannot be looked at a finding of weight, and judges the rest', async () => {
    const facts = { ...asked(SAFE), people: () => Promise.reject(new Error('the database cannot be opened')) };
    const { report } = await auditHome(facts);
    expect(report.findings).toMatchObject([
      { id: 'unknown.people', severity: 'high', evidence: 'the database cannot be opened' },
    ]);
    expect(report.score).toBe(79);
  });

  it('makes a rule that fails a finding of its own', async () => {
    const rule = { id: 'a.b', severity: 'low' as const, title: 't', detail: 'd' };
    const [hit] = await judgeAll(
      'x',
      [
        {
          ...rule,
          judge: () => {
            throw new Error('broken');
          },
        },
      ],
      async () => ({}),
    );
    expect(hit?.finding).toMatchObject({ id: 'unknown.a-b', severity: 'high', evidence: 'broken' });
  });
});

describe('the score', () => {
  const of = (...severities: (typeof SEVERITIES)[number][]) => scoreOf(severities.map((severity) => ({ severity })));

  it('is capped by the worst finding', () => {
    expect([of(), of('info'), of('low'), of('medium'), of('high'), of('critical')]).toEqual([100, 100, 99, 95, 79, 49]);
    expect(of('critical', 'critical', 'critical')).toBe(0);
    expect(of('high', 'high', 'low')).toBe(69);
  });

  it('never rises with one more finding, and stays within its bounds', () => {
    const list = fc.array(fc.constantFrom(...SEVERITIES), { maxLength: 30 });
    fc.assert(
      fc.property(list, fc.constantFrom(...SEVERITIES), (all, one) => {
        const [before, after] = [of(...all), of(...all, one)];
        return after <= before && after >= 0 && before <= 100;
      }),
    );
  });
});

describe('a token', () => {
  it.each([
    ['short', true],
    ['a'.repeat(40), true],
    ['0123456789abcdef0123456789abcdef0123456789abcdef', true],
    ['my-very-long-password-is-not-good-enough', true],
    ['3f9c1e7ab2d84650c1f7e9a3b5d20846', false],
    ['Zr8vLq2WnX5yBt7KpM4cHd9JfGs3TzUe', false],
  ])('%s can be guessed: %s', (value, isWeak) => {
    expect(whyWeak(value) !== undefined).toBe(isWeak);
  });
});
