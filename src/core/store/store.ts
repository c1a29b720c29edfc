/** Owns the one store of a home: opens it, brings its schema up to date, and hands its tables out. Inside `transaction` nothing but the store is awaited. */
import { dirname } from 'node:path';
import { CompiledQuery, Kysely } from 'kysely';
import { auditPaths } from '../kernel/paths.ts';
import { auditTable, type AuditQueries, type AuditWriter } from './audit-table.ts';
import { createAuditTrail } from './audit-trail.ts';
import { accountsTable, type AccountQueries } from './accounts-table.ts';
import { approvalsTable, type ApprovalQueries } from './approvals-table.ts';
import { chainTable, type ChainQueries } from './chain-table.ts';
import { compactionsTable, type CompactionQueries } from './compactions-table.ts';
import { conversationsTable, type ConversationsTableQueries } from './conversations-table.ts';
import { costsTable, type CostQueries } from './costs-table.ts';
import { type HealthQueries, healthTable } from './health-table.ts';
import { formerUsersTable, type FormerUserQueries } from './former-users-table.ts';
import { journalTables, type JournalQueries } from './journal-tables.ts';
import { type MarketplaceQueries, marketplaceTable } from './marketplace-table.ts';
import { memoriesTable, type MemoryQueries } from './memories-table.ts';
import { conversationsMigration } from './migrations/0001-conversations.ts';
import { toolsMigration } from './migrations/0002-tools.ts';
import { roomsMigration } from './migrations/0003-rooms.ts';
import { deliveryMigration } from './migrations/0004-delivery.ts';
import { auditMigration } from './migrations/0005-audit.ts';
import { memoriesMigration } from './migrations/0006-memories.ts';
import { accessMigration } from './migrations/0007-access.ts';
import { budgetsMigration } from './migrations/0013-budgets.ts';
import { learningTable, type LearningQueries } from './learning-table.ts';
import { ownedSearchMigration } from './migrations/0014-owned-search.ts';
import { modelChainMigration } from './migrations/0016-model-chain.ts';
import { accountsMigration } from './migrations/0017-accounts.ts';
import { learningMigration } from './migrations/0019-learning.ts';
import { vectorsMigration } from './migrations/0020-vectors.ts';
import { budgetsTable, type BudgetQueries } from './budgets-table.ts';
import { keysTable, type KeyQueries } from './keys-table.ts';
import { conversationSearchMigration } from './migrations/0008-conversation-search.ts';
import { knowledgeMigration } from './migrations/0009-knowledge.ts';
import { webhooksMigration } from './migrations/0011-webhooks.ts';
import { devicesTable, type DeviceQueries } from './devices-table.ts';
import { knowledgeTable, type KnowledgeQueries } from './knowledge-table.ts';
import { compactionsMigration } from './migrations/0010-compactions.ts';
import { outboxTable, type OutboxQueries } from './outbox-table.ts';
import { peopleTable, type PeopleQueries } from './people-table.ts';
import { importMigration } from './migrations/0023-import.ts';
import { importedItemsTable, type ImportedItemQueries } from './imported-items-table.ts';
import { delegationsMigration } from './migrations/0021-delegations.ts';
import { marketplaceMigration } from './migrations/0022-marketplace.ts';
import { type DelegationQueries, delegationsTable } from './delegations-table.ts';
import { retentionMigration } from './migrations/0024-retention.ts';
import { signInLinksMigration } from './migrations/0025-sign-in-links.ts';
import { type RetentionQueries, retentionTable } from './retention-table.ts';
import { routesMigration } from './migrations/0018-routes.ts';
import { type RouteQueries, routesTable } from './routes-table.ts';
import { roomsTable, type RoomQueries } from './rooms-table.ts';
import type { Schema } from './schema.ts';
import { searchTable, type SearchQueries } from './search-table.ts';
import { checkpoint } from './sqlite/checkpoint.ts';
import { inboundTable, type InboundQueries } from './inbound-table.ts';
import { signInTable, type SignInQueries } from './sign-in-table.ts';
import { changeTriggers, hearWrites, type OnWrite } from './sqlite/change-triggers.ts';
import { type SignInLinkQueries, signInLinksTable } from './sign-in-links-table.ts';
import { createDialect, openSqlite } from './sqlite/dialect.ts';
import { migrate, type Migration } from './sqlite/migrate.ts';
import { type StatsQueries, statsTable } from './stats-table.ts';
import { tasksMigration } from './migrations/0012-tasks.ts';
import { taskNamesMigration } from './migrations/0015-task-names.ts';
import { tasksTable, type TaskQueries } from './tasks-table.ts';
import { toolsTable, type ToolVersionQueries } from './tools-table.ts';
import { usersTable, type UsersTableQueries } from './users-table.ts';
import { type WebhookQueries, webhooksTable } from './webhooks-table.ts';

/** In order; a new one goes at the end. */
export const MIGRATIONS: readonly Migration[] = [
  conversationsMigration,
  toolsMigration,
  roomsMigration,
  deliveryMigration,
  auditMigration,
  memoriesMigration,
  accessMigration,
  conversationSearchMigration,
  knowledgeMigration,
  compactionsMigration,
  webhooksMigration,
  tasksMigration,
  budgetsMigration,
  ownedSearchMigration,
  taskNamesMigration,
  modelChainMigration,
  accountsMigration,
  routesMigration,
  learningMigration,
  vectorsMigration,
  delegationsMigration,
  marketplaceMigration,
  importMigration,
  retentionMigration,
  signInLinksMigration,
];

/** Number of the newest schema this program knows. */
export function newestSchema(): number {
  return MIGRATIONS.at(-1)?.version ?? 0;
}

export interface Tables {
  readonly users: UsersTableQueries;
  readonly conversations: ConversationsTableQueries;
  readonly journal: JournalQueries;
  readonly inbound: InboundQueries;
  readonly outbox: OutboxQueries;
  readonly tools: ToolVersionQueries;
  readonly approvals: ApprovalQueries;
  readonly rooms: RoomQueries;
  readonly people: PeopleQueries;
  readonly audit: AuditQueries;
  readonly webhooks: WebhookQueries;
  readonly memories: MemoryQueries;
  readonly learning: LearningQueries;
  readonly keys: KeyQueries;
  readonly former: FormerUserQueries;
  readonly health: HealthQueries;
  readonly budgets: BudgetQueries;
  readonly costs: CostQueries;
  readonly search: SearchQueries;
  readonly knowledge: KnowledgeQueries;
  readonly compactions: CompactionQueries;
  readonly signIn: SignInQueries;
  readonly links: SignInLinkQueries;
  readonly devices: DeviceQueries;
  readonly tasks: TaskQueries;
  readonly chain: ChainQueries;
  readonly accounts: AccountQueries;
  readonly routes: RouteQueries;
  readonly delegations: DelegationQueries;
  readonly marketplace: MarketplaceQueries;
  readonly imported: ImportedItemQueries;
  readonly retention: RetentionQueries;
  readonly stats: StatsQueries;
}

export interface Store extends Tables {
  /** Runs `work` under the write lock; commits when it resolves, rolls back when it rejects. */
  transaction<T>(work: (tables: Tables) => Promise<T>): Promise<T>;
  /** A number that differs from the one before when another process has written in between. */
  changeMark(): number;
  /** A text that differs from the one before when anybody has written in between, this process included: while it stays, no query answers anything new. */
  writeMark(): string;
  /** From now on `onWrite` hears of every write of this process; called once, it is never taken back. */
  watchWrites(onWrite: OnWrite): Promise<void>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Moves the write-ahead log into the database and empties its file when that holds `fromBytes` or more. Returns the bytes it held, or undefined when it was left. */
  checkpoint(fromBytes: number): Promise<number | undefined>;
  /** Writes the database anew, without free space; nobody else writes meanwhile. */
  vacuum(): Promise<void>;
  /** Result of SQLite's own check: `ok`, or the first things that are wrong; `isThorough`: indexes are compared with their tables too, which takes several times as long. */
  integrity(isThorough?: boolean): Promise<string>;
  /** Notes beside the database how far the audit trail has come; also done now and then, and at the end. */
  anchorAudit(): Promise<void>;
  close(): Promise<void>;
}

interface StoreOptions {
  /** Path of the database file. */
  readonly file: string;
  readonly snapshotFolder: string;
  /** Milliseconds UTC, for the name of a snapshot. */
  readonly now: number;
  /** Hides the secrets in what the audit trail gets; nothing is hidden without it. */
  readonly mask?: AuditWriter['mask'];
}

/** Opens the store, creating it at the first call. Throws `data-invalid` for a newer schema. */
export function openStore(options: StoreOptions): Store {
  const database = openSqlite(options.file);
  migrate(database, { migrations: MIGRATIONS, snapshotFolder: options.snapshotFolder, now: options.now });
  const db = new Kysely<Schema>({ dialect: createDialect(database) });
  const trail = createAuditTrail(auditPaths(dirname(options.file)), options.mask ?? ((value) => value));
  const tables = tablesOf(db, trail.writer);
  const others = database.prepare('pragma data_version').pluck();
  const own = database.prepare('select total_changes()').pluck();
  const transaction: Store['transaction'] = async (work) => {
    const result = await db.transaction().execute((inside) => work(tablesInside(inside, trail.writer)));
    trail.afterCommit(tables.audit);
    return result;
  };
  return {
    ...tables,
    // A row outside of a transaction gets one of its own.
    audit: { ...tables.audit, append: (entry) => transaction(({ audit }) => audit.append(entry)) },
    transaction,
    changeMark: () => others.get() as number,
    writeMark: () => `${String(others.get())} ${String(own.get())}`,
    async watchWrites(onWrite) {
      hearWrites(database, onWrite);
      // Its turn comes between transactions: what is made within one would go with it.
      for (const statement of changeTriggers()) await db.executeQuery(CompiledQuery.raw(statement));
    },
    ping: async () => void database.pragma('data_version'),
    checkpoint: async (fromBytes) => checkpoint(database, options.file, fromBytes),
    vacuum: async () => void database.exec('vacuum'),
    integrity: async (isThorough = false) =>
      database.pragma(isThorough ? 'integrity_check(5)' : 'quick_check(5)', { simple: true }) as string,
    anchorAudit: () => trail.anchor(tables.audit),
    async close() {
      try {
        await trail.anchor(tables.audit);
      } finally {
        await db.destroy();
        // Kysely leaves a database open that no query has gone to.
        database.close();
      }
    },
  };
}

type MakeTable<Name extends keyof Tables> = (db: Kysely<Schema>, writer: AuditWriter) => Tables[Name];

const TABLES: { readonly [Name in keyof Tables]: MakeTable<Name> } = {
  audit: auditTable,
  webhooks: webhooksTable,
  users: usersTable,
  conversations: conversationsTable,
  journal: journalTables,
  inbound: inboundTable,
  outbox: outboxTable,
  tools: toolsTable,
  approvals: approvalsTable,
  rooms: roomsTable,
  people: peopleTable,
  memories: memoriesTable,
  learning: learningTable,
  keys: keysTable,
  former: formerUsersTable,
  health: healthTable,
  budgets: budgetsTable,
  costs: costsTable,
  search: searchTable,
  knowledge: knowledgeTable,
  compactions: compactionsTable,
  signIn: signInTable,
  links: signInLinksTable,
  devices: devicesTable,
  tasks: tasksTable,
  chain: chainTable,
  accounts: accountsTable,
  routes: routesTable,
  delegations: delegationsTable,
  marketplace: marketplaceTable,
  imported: importedItemsTable,
  retention: retentionTable,
  stats: statsTable,
};

function tablesOf(db: Kysely<Schema>, writer: AuditWriter): Tables {
  const made = Object.entries(TABLES).map(([name, make]) => [name, make(db, writer)]);
  return Object.fromEntries(made) as Tables;
}

/** The same for a transaction, which uses three of them: each is made when it is first asked for. */
function tablesInside(db: Kysely<Schema>, writer: AuditWriter): Tables {
  const made: Record<string | symbol, unknown> = {};
  const get = (_: object, name: string | symbol): unknown => {
    if (name in TABLES) made[name] ??= TABLES[name as keyof Tables](db, writer);
    return made[name];
  };
  // Copied like a plain object, it has them all.
  const ownKeys = (): string[] => Object.keys(TABLES);
  const getOwnPropertyDescriptor = (of: object, name: string | symbol): PropertyDescriptor => ({
    value: get(of, name),
    enumerable: true,
    configurable: true,
  });
  return new Proxy({}, { get, ownKeys, getOwnPropertyDescriptor }) as Tables;
}
