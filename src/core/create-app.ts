/** Owns the wiring: the only place that picks adapters and hands each service what it needs. Every service is built at its first use, so that a command pays only for what it touches. */
import { existsSync } from 'node:fs';
import { type Actor, terminalActor } from './access/actor.ts';
import type { User } from './access/local-user.ts';
import type { AuditService } from './audit/audit-service.ts';
import type { PairingService } from './access/pairing.ts';
import { type Config, openConfig } from './config/open-config.ts';
import type { Settings } from './config/load-settings.ts';
import type { ApprovalService } from './conversations/approvals.ts';
import type { ChatDeps } from './conversations/prepare-turn.ts';
import type { ChatService } from './conversations/chat-service.ts';
import type { PlatformSurface, Platforms } from './conversations/open-platforms.ts';
import type { DeadLetters } from './conversations/dead-letters.ts';
import type { ConversationService } from './conversations/conversation-service.ts';
import type { LearningService } from './conversations/learning/learning-service.ts';
import type { ModelChoiceService } from './conversations/model-choices.ts';
import type { GroupService } from './conversations/groups.ts';
import type { ProbeResult, runAttack } from './doctor/attack/run-attack.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { ClawError } from './kernel/errors.ts';
import { lazy } from './kernel/lazy.ts';
import { createMeters, type Meters } from './kernel/meters.ts';
import { createLog, type Log } from './kernel/log.ts';
import type { HomePaths } from './kernel/paths.ts';
import type { Knowledge } from './knowledge/knowledge-service.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { Backups } from './wiring/backup.ts';
import type { Doctor, ServerSide } from './wiring/doctor.ts';
import type { Imports } from './wiring/import.ts';
import type { Security } from './wiring/security.ts';
import type { Tasks } from './wiring/tasks.ts';
import type { Models } from './llm/open-models.ts';
import type { Marketplace } from './marketplace/marketplace-service.ts';
import type { MemoryService } from './memory/memory-service.ts';
import type { Masker } from './secrets/mask.ts';
import type { CostService } from './spending/cost-service.ts';
import type { BudgetService } from './spending/budget-service.ts';
import type { SecretService } from './secrets/secret-service.ts';
import type { ProcessLock } from './store/sqlite/process-lock.ts';
import type { Store } from './store/store.ts';
import type { WebhookService } from './webhooks/webhook-service.ts';
import type { ToolSystem } from './tools/create-tools.ts';
import type { StatsService } from './retention/stats-service.ts';
import type { Retention } from './wiring/retention.ts';
import { type Access, buildAccess } from './wiring/access.ts';
import { buildChat, buildConversations, buildDeadLetters, buildDeps } from './wiring/conversations.ts';
import type { AccountNeeds, Accounts } from './wiring/accounts.ts';
import { buildModels } from './wiring/models.ts';
import type { PlatformParts } from './wiring/platforms.ts';
import type { buildGroups } from './wiring/rooms.ts';
import { buildMasker, buildSecrets } from './wiring/secrets.ts';
import { buildApprovals, buildSandbox, buildTools, createRetired } from './wiring/tools.ts';

export interface AppOptions {
  readonly home: string | undefined;
  /** Settings by name that outrank every other layer (command-line flags). */
  readonly overrides: Readonly<Record<string, string>>;
  /** Gets every line of the log too. */
  readonly echoLog?: (line: string) => void;
}

export interface App {
  readonly clock: Clock;
  readonly paths: HomePaths;
  /** For the commands that look at or mend the configuration. */
  readonly config: Config;
  /** The settings, all of them right; otherwise throws what is wrong. */
  readonly settings: Settings;
  store(): Promise<Store>;
  chat(): Promise<ChatService>;
  conversations(): Promise<ConversationService>;
  /** What could not be answered or delivered. */
  deadLetters(): Promise<DeadLetters>;
  /** The rooms of chat platforms. */
  groups(): Promise<GroupService>;
  /** Letting strangers in by a code. */
  pairing(): Promise<PairingService>;
  /** What is remembered of people and rooms. */
  memory(): Promise<MemoryService>;
  /** What is learned when conversations end. */
  learning(): Promise<LearningService>;
  /** The documents that people added. */
  knowledge(): Promise<Knowledge>;
  tools(): Promise<ToolSystem>;
  /** Tools that others published. */
  marketplace(): Promise<Marketplace>;
  approvals(): Promise<ApprovalService>;
  /** Limits on what models may cost. */
  budgets(): Promise<BudgetService<Actor>>;
  /** What models have cost. */
  costs(): Promise<CostService<Actor>>;
  /** The record of every security-relevant act. */
  audit(): Promise<AuditService>;
  /** Copies of the home that can be put back. */
  backups(): Promise<Backups>;
  /** Moving in from other assistants. */
  imports(): Promise<Imports>;
  /** What is older than it is kept. */
  retention(): Promise<Retention>;
  /** What the home holds and takes. */
  stats(): Promise<StatsService<Actor>>;
  /** Signed calls to other systems. */
  webhooks(): Promise<WebhookService>;
  /** Log-ins at other services, and what renews them. */
  accounts(): Promise<Accounts>;
  models(): Promise<Models>;
  /** The models that are chosen for rooms, tasks and users. */
  modelChoices(): Promise<ModelChoiceService>;
  /** The walls that tools run in. */
  sandbox(): Promise<Sandbox>;
  secrets(): Promise<SecretService>;
  /** Hides every secret this process has come to know, and whatever looks like one. */
  masker(): Promise<Masker>;
  log(): Promise<Log>;
  /** What this process counts. */
  readonly meters: Meters;
  /** The lock that makes one process the server of this home. */
  serverLock(): Promise<{ hold(): ProcessLock | undefined; isHeld(): boolean }>;
  /** The user of that name, or the owner of the home. Throws `not-found`. */
  user(name?: string): Promise<User>;
  /** That user, as whoever runs the program. Throws `not-found`. */
  actor(name?: string): Promise<Actor>;
  /** Users, keys and signing in. */
  access(): Promise<Access>;
  /** The way in and out of chat platforms; the server opens it once. */
  platforms(surface: PlatformSurface): Promise<Platforms>;
  /** Scheduled tasks, and the scheduler that runs them. */
  tasks(): Promise<Tasks>;
  /** Looks at the whole installation; what only the server knows is handed in. */
  doctor(server: ServerSide): Promise<Doctor>;
  /** Judges how safe the installation is, and hardens it. */
  security(server: ServerSide): Promise<Security>;
  /** Attacks the walls of this machine with harmless probes. */
  attack(signal: AbortSignal, onResult: (result: ProbeResult) => void): Promise<ProbeResult[]>;
  /** Reads the settings again and has everything built from them built anew at its next use; what runs goes on with the old. Returns what is wrong with them: then nothing changes. */
  reload(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openApp(options: AppOptions): Promise<App> {
  const config = openConfig(options);
  await finishSwap(config.paths);
  const meters = createMeters();
  const services = createServices(config, meters, options);
  const { clock, store, secrets, masker, accounts, models, sandbox } = services;
  const { chat, chatDeps, memory, knowledge, tools, approvals, log, groups, pairing } = services;
  const retired = createRetired();
  const user = (name?: string): Promise<User> => findUser(store, clock, name);
  const ends = leaves({ config, clock, store, secrets, meters, masker, models });
  return {
    ...services,
    ...ends,
    paths: config.paths,
    config,
    meters,
    get settings() {
      return config.valid();
    },
    tasks: async () => (await import('./wiring/tasks.ts')).buildTasks({ config, ...services }),
    imports: async () => (await import('./wiring/import.ts')).buildImports({ config, ...services, ...ends }),
    marketplace: async () => (await import('./wiring/marketplace.ts')).buildMarketplace({ config, ...services }),
    learning: async () => (await import('./wiring/learning.ts')).buildLearning({ config, chatDeps, memory }),
    platforms: async (surface) => {
      const parts = { config, chatDeps, approvals, log, groups, pairing, owner: user };
      return buildChannels(parts, await services.access(), surface);
    },
    user,
    actor: async (name) => terminalActor(await user(name)),
    attack: async (signal, onResult) => attackWalls(await sandbox(), signal, onResult),
    security: async (server) =>
      (await import('./wiring/security.ts')).buildSecurity({ config, ...services, ...ends }, server),
    doctor: async (server) =>
      (await import('./wiring/doctor.ts')).buildDoctor({ config, ...services, ...ends }, server),
    async reload() {
      const problems = config.renew();
      if (problems.length > 0) return problems.map(({ message }) => message);
      const { register } = await masker();
      for (const text of config.valid().secretTexts) register(text);
      await retired.add(await tools.forget());
      for (const each of [chat, chatDeps, memory, knowledge, accounts, models, approvals, secrets, pairing])
        void each.forget();
      return [];
    },
    close: () => closeInOrder([log.made(), accounts.made(), retired, tools.made(), sandbox.made(), store.made()]),
  };
}

/** Everything that is built at its first use. */
function createServices(config: Config, meters: Meters, { echoLog }: AppOptions) {
  const clock: Clock = systemClock;
  const store = lazy(async () => buildStore(config.paths, clock, await masker()));
  const masker = lazy(() => buildMasker(config));
  const secrets = lazy(async () => buildSecrets(config, await masker()));
  const log = lazy(async () => buildLog(config, await masker(), echoLog));
  const access = lazy(() => buildAccess({ config, clock, store, secrets, masker }));
  const rooms = places({ config, clock, store, masker });
  const conversations = lazy(() => buildConversations({ clock, store }));
  const { reader, knowledge } = documents({ config, clock, store, secrets });
  const memory = lazy(async () => (await import('./wiring/memory.ts')).buildMemory({ config, clock, store, masker }));
  const sandbox = lazy(() => buildSandbox(config));
  const approvals = lazy(() => buildApprovals({ config, clock, store }));
  const { accounts, models } = callables({ config, clock, store, secrets, masker, meters });
  const turnParts = (): Promise<ChatDeps> => chatDeps();
  const needs = { config, clock, store, approvals, sandbox, reader, accounts, memory, knowledge, chatDeps: turnParts };
  const themselves = (): Promise<ToolSystem> => tools();
  const tools = lazy(() => buildTools({ ...needs, tools: themselves }));
  const chatDeps = lazy(() => buildDeps({ config, clock, store, tools, masker, models, meters }, secrets));
  const chat = lazy(() => buildChat(chatDeps, log));
  const kept = { conversations, memory, knowledge, reader };
  const called = { accounts, models, sandbox, tools, approvals };
  return { clock, store, masker, secrets, log, access, ...rooms, ...kept, ...called, chatDeps, chat };
}

/** The rooms of chat platforms, and how strangers get in. */
function places(needs: Parameters<typeof buildGroups>[0]) {
  const groups = lazy(async () => (await import('./wiring/rooms.ts')).buildGroups(needs));
  return { groups, pairing: lazy(async () => (await import('./wiring/rooms.ts')).buildPairing(needs)) };
}

/** Log-ins at other services, and the models that are called with them. */
function callables(needs: AccountNeeds) {
  const accounts = lazy(async () => (await import('./wiring/accounts.ts')).buildAccounts(needs));
  return { accounts, models: lazy(() => buildModels({ ...needs, accounts })) };
}

/** The reader of documents behind its wall, and the knowledge that is made of what it reads. */
function documents(needs: Pick<LeafNeeds, 'config' | 'clock' | 'store' | 'secrets'>) {
  const reader = lazy(async () => (await import('./wiring/knowledge.ts')).buildReader());
  const knowledge = lazy(async () => (await import('./wiring/knowledge.ts')).buildKnowledge({ ...needs, reader }));
  return { reader, knowledge };
}

interface LeafNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly secrets: () => Promise<SecretService>;
  readonly meters: Meters;
  readonly masker: () => Promise<Masker>;
  readonly models: () => Promise<Models>;
}

/** Services that no other service is built on. */
function leaves(
  needs: LeafNeeds,
): Pick<
  App,
  | 'modelChoices'
  | 'webhooks'
  | 'budgets'
  | 'costs'
  | 'audit'
  | 'backups'
  | 'retention'
  | 'stats'
  | 'deadLetters'
  | 'serverLock'
> {
  const { config, store } = needs;
  const lock: App['serverLock'] = () => buildServerLock(config.paths);
  return {
    modelChoices: async () => (await import('./wiring/model-choices.ts')).buildModelChoices(needs),
    webhooks: async () => (await import('./wiring/webhooks.ts')).buildWebhooks(needs),
    budgets: async () => (await import('./wiring/spending.ts')).buildBudgetService(needs),
    costs: async () => (await import('./wiring/spending.ts')).buildCostService(needs),
    audit: async () => (await import('./wiring/audit.ts')).buildAudit(store, config.paths),
    backups: async () => (await import('./wiring/backup.ts')).buildBackups({ ...needs, lock }),
    retention: lazy(async () => (await import('./wiring/retention.ts')).buildRetention({ ...needs, lock })),
    stats: async () => (await import('./wiring/retention.ts')).buildStats(needs),
    deadLetters: () => buildDeadLetters(needs),
    serverLock: lock,
  };
}

async function buildChannels(
  parts: Omit<PlatformParts, 'takeRate'>,
  { limits }: Access,
  surface: PlatformSurface,
): Promise<Platforms> {
  const { buildPlatforms } = await import('./wiring/platforms.ts');
  const takeRate = (sender: string): boolean => limits.take('bot', sender).isAllowed;
  return buildPlatforms({ ...parts, takeRate }, surface);
}

/** A restore that was cut off is finished before anything of the home is looked at. */
async function finishSwap({ home, serverLock, restoreNote }: HomePaths): Promise<void> {
  if (!existsSync(restoreNote)) return;
  const { finishRestore } = await import('./backup/restore-backup.ts');
  const { holdProcessLock } = await import('./store/sqlite/process-lock.ts');
  const lock = holdProcessLock(serverLock);
  if (lock === undefined)
    throw new ClawError('locked', 'This home is being restored.', { hint: 'Wait until it is done.' });
  await finishRestore(home).finally(() => lock.release());
}

async function closeInOrder(
  parts: readonly (Promise<{ close(): unknown }> | { close(): unknown } | undefined)[],
): Promise<void> {
  for (const part of parts) await (await part)?.close();
}

async function findUser(store: () => Promise<Store>, clock: Clock, name: string | undefined): Promise<User> {
  const { localOwner, userByName } = await import('./access/local-user.ts');
  return name === undefined ? localOwner(await store(), clock) : userByName(await store(), name);
}

async function buildServerLock({ serverLock }: HomePaths): ReturnType<App['serverLock']> {
  const { holdProcessLock, isProcessLockHeld } = await import('./store/sqlite/process-lock.ts');
  return { hold: () => holdProcessLock(serverLock), isHeld: () => isProcessLockHeld(serverLock) };
}

async function attackWalls(...args: Parameters<typeof runAttack>): ReturnType<typeof runAttack> {
  const attack = await import('./doctor/attack/run-attack.ts');
  return attack.runAttack(...args);
}

async function buildStore(paths: HomePaths, clock: Clock, { maskJson }: Masker): Promise<Store> {
  const { openStore } = await import('./store/store.ts');
  return openStore({ file: paths.database, snapshotFolder: paths.backups, now: clock.now(), mask: maskJson });
}

function buildLog({ paths, valid }: Config, { mask }: Masker, echo: AppOptions['echoLog']): Log {
  const file = paths.log;
  return createLog({
    file,
    level: () => valid().get('LOG_LEVEL'),
    format: () => valid().get('LOG_FORMAT'),
    limits: () => ({ maxBytes: valid().get('LOG_MAX_BYTES'), keepDays: valid().get('LOG_KEEP_DAYS') }),
    mask,
    ...(echo === undefined ? {} : { echo }),
  });
}
