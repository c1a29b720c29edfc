import { expect, test } from 'vitest';
import { alertsOf, type Facts } from '../../../src/dashboard/pages/overview-alerts.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const kinds = (facts: Omit<Facts, 'now'>): readonly string[] =>
  alertsOf({ ...facts, now: NOW }).map(({ kind }) => kind);
const budget = (used: number) => ({
  scope: 'home' as const,
  name: '',
  budget: '5/day',
  unit: 'usd' as const,
  period: 'day' as const,
  amount: 5,
  used,
  reserved: 0,
  renews_at: '2026-03-11T00:00:00Z',
  subject: '',
  setting: null,
});
const backup = (created_at: string) => ({ created_at }) as NonNullable<Facts['backups']>[number];
const plan = (every_hours: number) => ({ every_hours }) as NonNullable<Facts['plan']>;

test('what is not known yet, and what is well, warns of nothing', () => {
  expect(kinds({})).toEqual([]);
  const status = {
    state: 'ready',
    version: '1',
    channels: [{ name: 'telegram', state: 'connected' }],
    breakers: { a: 'closed' },
  };
  const checks = [{ check: 'store', status: 'ok', detail: '', fix: null }] as const;
  expect(kinds({ status, checks, budgets: [budget(3.9)], approvals: 0 })).toEqual([]);
});

test('the worst comes first', () => {
  const status = {
    state: 'safe-mode',
    version: '1',
    safe_mode: true,
    queues: { inbound: {}, outbox: { failed: 2, pending: 9 }, running_turns: 0 },
  };
  expect(kinds({ status, approvals: 3, budgets: [budget(4)] })).toEqual(['safeMode', 'letters', 'budget', 'approvals']);
});

test('a budget is told from four fifths on, and is bad when it is used up', () => {
  expect(alertsOf({ now: NOW, budgets: [budget(4)] })).toMatchObject([{ tone: 'warn', detail: '80 %' }]);
  expect(alertsOf({ now: NOW, budgets: [budget(5)] })).toMatchObject([{ tone: 'bad', detail: '100 %' }]);
});

test('a backup is old after two missed ones, or after a week where none is planned', () => {
  expect(kinds({ backups: [], plan: plan(0) })).toEqual(['noBackup']);
  expect(kinds({ backups: [backup('2026-03-09T00:00:00Z')], plan: plan(24) })).toEqual([]);
  expect(kinds({ backups: [backup('2026-03-08T00:00:00Z')], plan: plan(24) })).toEqual(['oldBackup']);
  expect(kinds({ backups: [backup('2026-03-04T12:00:00Z')], plan: plan(0) })).toEqual([]);
});
