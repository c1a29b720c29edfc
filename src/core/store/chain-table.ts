/** Owns the queries on the model chain: states of providers, and chosen models. */
import type { Kysely } from 'kysely';
import type { ModelChoiceRow, ModelScope, ProviderStateRow } from './chain-schema.ts';
import type { Schema } from './schema.ts';

export type ChainQueries = ReturnType<typeof chainTable>;

export function chainTable(db: Kysely<Schema>) {
  return {
    providerState(provider: string): Promise<ProviderStateRow | undefined> {
      return db.selectFrom('provider_states').selectAll().where('provider', '=', provider).executeTakeFirst();
    },
    providerStates(): Promise<ProviderStateRow[]> {
      return db.selectFrom('provider_states').selectAll().orderBy('provider').execute();
    },
    async putProviderState(row: ProviderStateRow): Promise<void> {
      const { provider: _, ...change } = row;
      await db
        .insertInto('provider_states')
        .values(row)
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(change))
        .execute();
    },
    choice(scope: ModelScope, subject: string): Promise<ModelChoiceRow | undefined> {
      return db
        .selectFrom('model_choices')
        .selectAll()
        .where('scope', '=', scope)
        .where('subject', '=', subject)
        .executeTakeFirst();
    },
    /** Every choice, or one user's own. */
    choices(userId?: string): Promise<ModelChoiceRow[]> {
      const all = db.selectFrom('model_choices').selectAll().orderBy('scope').orderBy('subject');
      return (userId === undefined ? all : all.where('scope', '=', 'user').where('subject', '=', userId)).execute();
    },
    async putChoice(row: ModelChoiceRow): Promise<void> {
      const { models, set_by, set_at } = row;
      await db
        .insertInto('model_choices')
        .values(row)
        .onConflict((conflict) => conflict.columns(['scope', 'subject']).doUpdateSet({ models, set_by, set_at }))
        .execute();
    },
    /** False when there was none. */
    async removeChoice(scope: ModelScope, subject: string): Promise<boolean> {
      const gone = await db
        .deleteFrom('model_choices')
        .where('scope', '=', scope)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return gone.numDeletedRows > 0n;
    },
  };
}
