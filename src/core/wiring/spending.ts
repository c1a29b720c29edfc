/** Owns how settings become the wall of budgets, and the service that sets and shows them. */
import type { Actor } from '../access/actor.ts';
import type { Catalogue } from '../kernel/language/catalogue.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { BudgetService } from '../spending/budget-service.ts';
import type { CostService } from '../spending/cost-service.ts';
import type { Budgets, BudgetSettings } from '../spending/budgets.ts';
import type { Store } from '../store/store.ts';

export interface SpendingNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
}

export async function buildBudgets({ config, clock, store }: SpendingNeeds): Promise<Budgets> {
  const { createBudgets } = await import('../spending/budgets.ts');
  return createBudgets({ store: await store(), clock }, budgetSettings(config));
}

export async function buildBudgetService({ config, clock, store }: SpendingNeeds): Promise<BudgetService<Actor>> {
  const { createBudgetService } = await import('../spending/budget-service.ts');
  const { requirePermission } = await import('../access/permissions.ts');
  return createBudgetService({ store: await store(), clock, requirePermission }, budgetSettings(config));
}

export async function buildCostService({ config, clock, store }: SpendingNeeds): Promise<CostService<Actor>> {
  const { createCostService } = await import('../spending/cost-service.ts');
  const { requirePermission } = await import('../access/permissions.ts');
  return createCostService({ store: await store(), clock, zone: budgetSettings(config).zone, requirePermission });
}

/** What a person of a chat platform is told of their own use. */
export async function tellUsage(needs: SpendingNeeds, user: Actor['user'], catalogue: Catalogue): Promise<string> {
  const { usageText } = await import('../spending/usage-text.ts');
  const { config, clock } = needs;
  const budgets = await buildBudgetService(needs);
  const by: Actor = { user, via: 'channel', credentialId: null, scopes: null, from: 'channel' };
  return usageText({ store: await needs.store(), clock, zone: budgetSettings(config).zone, budgets, catalogue }, by);
}

function budgetSettings(config: Config): BudgetSettings {
  const settings = config.valid();
  return {
    zone: settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    dailyCalls: settings.get('MAX_DAILY_CALLS'),
    userDailyCalls: settings.get('PER_USER_DAILY_CALLS'),
  };
}
