/** Owns the wiring: the only place that picks adapters and hands each service what it needs. Every service is built at its first use, so that a command pays only for what it touches. */
import { join } from 'node:path';
import type { User } from './access/local-user.ts';
import type { PairingService } from './access/pairing.ts';
import { type Config, openConfig } from './config/open-config.ts';
import type { Settings } from './config/load-settings.ts';
import type { ApprovalService } from './conversations/approvals.ts';
import type { ChatService } from './conversations/chat-service.ts';
import type { PlatformSurface, Platforms } from './conversations/open-platforms.ts';
import type { ChatDeps } from './conversations/prepare-turn.ts';
import type { DeadLetters } from './conversations/dead-letters.ts';
import type { ConversationService } from './conversations/conversation-service.ts';
import type { GroupService } from './conversations/groups.ts';
import type { checkHealth } from './doctor/check-health.ts';
import type { ProbeResult, runAttack } from './doctor/attack/run-attack.ts';
import type { CheckResult } from './doctor/run-checks.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { lazy } from './kernel/lazy.ts';
import { createLog, type Log } from './kernel/log.ts';
import type { HomePaths } from './kernel/paths.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import type { LanguageModel } from './llm/language-model.ts';
import type { Models } from './llm/open-models.ts';
import type { Masker } from './secrets/mask.ts';
import type { SecretService } from './secrets/secret-service.ts';
import type { ProcessLock } from './store/sqlite/process-lock.ts';
import type { Store } from './store/store.ts';
import type { ToolPolicy, ToolSystem } from './tools/create-tools.ts';
import type { ChatParts } from './wiring/chat-deps.ts';

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
  tools(): Promise<ToolSystem>;
  approvals(): Promise<ApprovalService>;
  models(): Promise<Models>;
  /** The walls that tools run in. */
  sandbox(): Promise<Sandbox>;
  secrets(): Promise<SecretService>;
  /** Hides every secret this process has come to know, and whatever looks like one. */
  masker(): Promise<Masker>;
  log(): Promise<Log>;
  /** The lock that makes one process the server of this home. */
  serverLock(): Promise<{ hold(): ProcessLock | undefined; isHeld(): boolean }>;
  /** The user of that name, or the owner of the home. Throws `not-found`. */
  user(name?: string): Promise<User>;
  /** The way in and out of chat platforms; the server opens it once. */
  platforms(surface: PlatformSurface): Promise<Platforms>;
  checkHealth(): Promise<CheckResult[]>;
  /** Attacks the walls of this machine with harmless probes. */
  attack(signal: AbortSignal, onResult: (result: ProbeResult) => void): Promise<ProbeResult[]>;
  /** Reads the settings again and has everything built from them built anew at its next use; what runs goes on with the old. Returns what is wrong with them: then nothing changes. */
  reload(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Replaced tool systems that are kept for the turns that run on them. */
const MAX_RETIRED = 3;

export async function openApp(options: AppOptions): Promise<App> {
  const clock = systemClock;
  const config = openConfig(options);
  const { paths } = config;
  const store = lazy(() => buildStore(paths, clock));
  const conversations = lazy(() => buildConversations({ clock, store }));
  const pairing = lazy(async () => (await import('./wiring/rooms.ts')).buildPairing({ config, clock, store }));
  const user = async (name?: string): Promise<User> => {
    const { localOwner, userByName } = await import('./access/local-user.ts');
    return name === undefined ? localOwner(await store(), clock) : userByName(await store(), name);
  };
  const masker = lazy(() => buildMasker(config));
  const groups = lazy(async () => (await import('./wiring/rooms.ts')).buildGroups({ config, clock, store, masker }));
  const secrets = lazy(async () => buildSecrets(config, await masker()));
  const sandbox = lazy(() => buildSandbox(config));
  const approvals = lazy(() => buildApprovals({ config, clock, store }));
  const tools = lazy(() => buildTools({ config, clock, store, approvals, sandbox, secrets }));
  const models = lazy(() => buildModels({ config, clock, secrets, masker }));
  const log = lazy(async () => buildLog(config, await masker(), options.echoLog));
  const retired = createRetired();
  const chatDeps = lazy(() => buildDeps({ config, clock, store, tools, masker, models }, secrets));
  const chat = lazy(() => buildChat(chatDeps, log));
  return {
    clock,
    paths,
    config,
    get settings() {
      return config.valid();
    },
    store,
    chat,
    conversations,
    deadLetters: () => buildDeadLetters({ clock, store }),
    groups,
    pairing,
    tools,
    approvals,
    models,
    sandbox,
    secrets,
    masker,
    log,
    async platforms(surface) {
      const { buildPlatforms } = await import('./wiring/platforms.ts');
      return buildPlatforms({ config, chatDeps, approvals, log, groups, pairing, owner: user }, surface);
    },
    serverLock: () => buildServerLock(paths),
    user,
    attack: async (signal, onResult) => attackWalls(await sandbox(), signal, onResult),
    checkHealth: () => examine({ config, store, secrets, models, sandbox }),
    async reload() {
      const problems = config.renew();
      if (problems.length > 0) return problems.map(({ message }) => message);
      const { register } = await masker();
      for (const text of config.valid().secretTexts) register(text);
      await retired.add(await tools.forget());
      for (const service of [chat, chatDeps, models, approvals, secrets, pairing]) void service.forget();
      return [];
    },
    async close() {
      await (await log.made())?.close();
      await retired.close();
      await (await tools.made())?.close();
      await (await sandbox.made())?.close();
      await (await store.made())?.close();
    },
  };
}

async function buildServerLock({ serverLock }: HomePaths): ReturnType<App['serverLock']> {
  const { holdProcessLock, isProcessLockHeld } = await import('./store/sqlite/process-lock.ts');
  return { hold: () => holdProcessLock(serverLock), isHeld: () => isProcessLockHeld(serverLock) };
}

async function examine(...parts: Parameters<typeof checkHealth>): Promise<CheckResult[]> {
  const health = await import('./doctor/check-health.ts');
  return health.checkHealth(...parts);
}

async function attackWalls(...args: Parameters<typeof runAttack>): ReturnType<typeof runAttack> {
  const attack = await import('./doctor/attack/run-attack.ts');
  return attack.runAttack(...args);
}

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly masker: () => Promise<Masker>;
}

async function buildStore(paths: HomePaths, clock: Clock): Promise<Store> {
  const { openStore } = await import('./store/store.ts');
  return openStore({ file: paths.database, snapshotFolder: paths.backups, now: clock.now() });
}

async function buildConversations({ clock, store }: Pick<Parts, 'clock' | 'store'>): Promise<ConversationService> {
  const { createConversationService } = await import('./conversations/conversation-service.ts');
  return createConversationService({ store: await store(), clock });
}

async function buildDeadLetters({ clock, store }: Pick<Parts, 'clock' | 'store'>): Promise<DeadLetters> {
  const { createDeadLetters } = await import('./conversations/dead-letters.ts');
  return createDeadLetters({ store: await store(), clock });
}

/** Turns may still run on what was replaced, so it is closed only when newer ones were replaced too, or at the end. */
function createRetired() {
  const kept: Pick<ToolSystem, 'close'>[] = [];
  return {
    async add(old: Pick<ToolSystem, 'close'> | undefined): Promise<void> {
      if (old !== undefined) kept.push(old);
      if (kept.length > MAX_RETIRED) await kept.shift()?.close();
    },
    close: () => Promise.all(kept.map((each) => each.close())),
  };
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

async function buildSandbox({ paths, containerEngine }: Config): Promise<Sandbox> {
  const { createProcessSandbox } = await import('./sandbox/process-sandbox.ts');
  const { createContainerWall } = await import('./sandbox/container/container-wall.ts');
  const { packageRoot } = await import('./tools/source/own-program.ts');
  const folder = join(packageRoot(), 'dist', 'sandbox');
  const container = createContainerWall({ folder, home: paths.home, environment: containerEngine });
  return createProcessSandbox({ folder, container });
}

async function buildApprovals({ config, clock, store }: Pick<Parts, 'config' | 'clock' | 'store'>) {
  const { createApprovalService } = await import('./conversations/approvals.ts');
  const expiryMs = config.valid().get('APPROVAL_MINUTES') * 60_000;
  return createApprovalService({ store: await store(), clock, expiryMs });
}

interface ToolNeeds extends Pick<Parts, 'config' | 'clock' | 'store'> {
  readonly approvals: () => Promise<ApprovalService>;
  readonly sandbox: () => Promise<Sandbox>;
  readonly secrets: () => Promise<SecretService>;
}

async function buildTools({ config, clock, store, approvals, sandbox, secrets }: ToolNeeds): Promise<ToolSystem> {
  const { createTools } = await import('./tools/create-tools.ts');
  const { createSendService } = await import('./conversations/send-service.ts');
  const { createAttachFile } = await import('./wiring/attach-file.ts');
  const attach = createAttachFile(config.paths, config.valid().get('WORKSPACE'));
  return createTools({
    store: await store(),
    clock,
    sandbox: await sandbox(),
    approvals: await approvals(),
    policy: toolPolicy(config),
    secret: async (name) => (await secrets()).resolve(name),
    services: { send: createSendService({ store: await store(), clock, attach }) },
  });
}

function toolPolicy(config: Config): ToolPolicy {
  const settings = config.valid();
  return {
    paths: config.paths,
    workspace: settings.get('WORKSPACE'),
    disabled: settings.get('DISABLED_TOOLS'),
    exec: { level: settings.get('EXEC_LEVEL'), allow: settings.get('EXEC_ALLOW'), desktop: config.desktop },
    origins: { web_search: settings.get('SEARCH_BASE_URL'), weather: settings.get('WEATHER_BASE_URL') },
    trusted: settings.get('TRUSTED_ORIGINS'),
    settings: {
      search_provider: settings.get('SEARCH_PROVIDER'),
      search_base_url: settings.get('SEARCH_BASE_URL') ?? '',
      weather_base_url: settings.get('WEATHER_BASE_URL'),
    },
  };
}

/** Knows the secrets of the environment and the .env files from the start. */
async function buildMasker(config: Config): Promise<Masker> {
  const { createMasker } = await import('./secrets/mask.ts');
  const masker = createMasker();
  for (const text of config.unchecked().secretTexts) masker.register(text);
  return masker;
}

async function buildSecrets({ paths, isDesktop, unchecked }: Config, { register }: Masker): Promise<SecretService> {
  const { chooseSecretStores } = await import('./secrets/choose-stores.ts');
  const { createSecretService } = await import('./secrets/secret-service.ts');
  const { SETTING_NAMES, settingOf } = await import('./config/settings-table.ts');
  const settings = unchecked();
  const choice = { mode: settings.get('SECRET_STORE'), masterKey: settings.get('CLAW_MASTER_KEY'), isDesktop };
  return createSecretService({
    lookUp: (name) => unchecked().lookUp(name),
    knownNames: SETTING_NAMES.filter((name) => settingOf(name).secret === true),
    stores: chooseSecretStores(paths, choice),
    register,
  });
}

async function buildModels(
  parts: Pick<Parts, 'config' | 'clock' | 'masker'> & { secrets: () => Promise<SecretService> },
): Promise<Models> {
  const { openModels } = await import('./llm/open-models.ts');
  const { config, clock, secrets, masker } = parts;
  const settings = config.valid();
  const recording = settings.get('RECORD_FILE');
  const chosen = settings.resolve('LLM_PROVIDER').source === 'default' ? undefined : settings.get('LLM_PROVIDER');
  return openModels({
    clock,
    overridesFile: config.paths.models,
    ...(recording === undefined ? {} : { record: await recorder(recording, masker) }),
    secret: async (name) => (await (await secrets()).resolve(name))?.value,
    settings: {
      provider: chosen,
      model: settings.get('LLM_MODEL'),
      fallbacks: settings.get('FALLBACK_MODELS'),
      addresses: {
        anthropic: settings.get('ANTHROPIC_BASE_URL'),
        openai: settings.get('OPENAI_BASE_URL'),
        google: settings.get('GOOGLE_BASE_URL'),
        copilot: settings.get('COPILOT_API_URL'),
        'openai-compatible': settings.get('OPENAI_COMPATIBLE_BASE_URL'),
        replay: settings.get('REPLAY_FILE'),
      },
      defaultModels: { copilot: settings.get('COPILOT_MODEL') },
      retryCount: settings.get('LLM_RETRY_COUNT'),
      baseDelayMs: settings.get('LLM_RETRY_BASE_DELAY') * 1000,
    },
  });
}

async function recorder(file: string, masker: () => Promise<Masker>): Promise<(model: LanguageModel) => LanguageModel> {
  const { recordModel } = await import('./llm/replay/record-model.ts');
  const { maskJson } = await masker();
  return (model) => recordModel(model, { file, mask: maskJson });
}

async function buildChat(chatDeps: () => Promise<ChatDeps>, log: () => Promise<Log>): Promise<ChatService> {
  const { createChatService } = await import('./conversations/chat-service.ts');
  const { logTurns } = await import('./conversations/log-turns.ts');
  return logTurns(createChatService(await chatDeps()), await log());
}

async function buildDeps(parts: ChatParts, secrets: () => Promise<SecretService>): Promise<ChatDeps> {
  await (await secrets()).registerStored();
  const { buildChatDeps } = await import('./wiring/chat-deps.ts');
  return buildChatDeps(parts);
}
