/** Owns the wiring: the only place that picks adapters and hands each service what it needs. Every service is built at its first use, so that a command pays only for what it touches. */
import { readFile } from 'node:fs/promises';
import { localOwner, type User, userByName } from './access/local-user.ts';
import type { Settings } from './config/load-settings.ts';
import { type Config, openConfig } from './config/open-config.ts';
import type { ChatService } from './conversations/chat-service.ts';
import type { ConversationService } from './conversations/conversation-service.ts';
import { type Clock, systemClock } from './kernel/clock.ts';
import { lazy } from './kernel/lazy.ts';
import type { HomePaths } from './kernel/paths.ts';
import type { Store } from './store/store.ts';

export interface AppOptions {
  readonly home: string | undefined;
  /** Settings by name that outrank every other layer (command-line flags). */
  readonly overrides: Readonly<Record<string, string>>;
}

export interface App {
  readonly clock: Clock;
  readonly paths: HomePaths;
  /** For the commands that look at or mend the configuration itself. */
  readonly config: Config;
  /** Checked at first use: throws `config-invalid` when a setting is wrong. */
  readonly settings: Settings;
  store(): Promise<Store>;
  chat(): Promise<ChatService>;
  conversations(): Promise<ConversationService>;
  /** The user of that name, or the owner of the home. Throws `not-found`. */
  user(name?: string): Promise<User>;
  close(): Promise<void>;
}

export async function openApp(options: AppOptions): Promise<App> {
  const clock = systemClock;
  const config = openConfig(options);
  const { paths } = config;
  const store = lazy(async () => {
    const { openStore } = await import('./store/store.ts');
    return openStore({ file: paths.database, snapshotFolder: paths.backups, now: clock.now() });
  });
  const conversations = lazy(async () => {
    const { createConversationService } = await import('./conversations/conversation-service.ts');
    return createConversationService({ store: await store(), clock });
  });
  const chat = lazy(async () => {
    const { createChatService } = await import('./conversations/chat-service.ts');
    const { createBuiltinTools } = await import('./tools/builtin-tools.ts');
    const { createOfflineModel } = await import('./llm/offline/offline-model.ts');
    const { fitOutput } = await import('./agent/fit-output.ts');
    const { DEFAULT_INSTRUCTION } = await import('./agent/system-prompt.ts');
    const mask = (text: string): string => text;
    const settings = config.valid();
    return createChatService({
      store: await store(),
      clock,
      tools: createBuiltinTools(),
      resolveModel: async () => ({
        ref: 'offline/offline', model: createOfflineModel(), contextTokens: 1e6, price: () => 0, ceiling: () => 0,
        takeNotices: () => [],
      }),
      policy: {
        limits: {
          maxOutputTokens: settings.get('MAX_TOKENS'), maxToolRounds: settings.get('MAX_TOOL_ROUNDS'), maxTokens: settings.get('MAX_TURN_TOKENS'),
          maxCostMicroUsd: settings.get('MAX_TURN_COST_USD') * 1e6, maxMs: settings.get('MAX_TURN_SECONDS') * 1000,
          toolTimeoutMs: settings.get('TOOL_TIMEOUT') * 1000, maxHistory: settings.get('MAX_HISTORY'),
        },
        maxMessageChars: settings.get('MAX_MESSAGE_CHARS'), assistantName: settings.get('ASSISTANT_NAME'),
        zone: settings.get('TIMEZONE') ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
        text: { mask, maskJson: (value) => value, maskStream: () => ({ push: mask, flush: () => '' }),
          fit: (output, callId) => fitOutput({ spool: paths.spool, limit: settings.get('TOOL_OUTPUT_LIMIT') }, output, callId) },
        instruction: () => readFile(paths.instruction, 'utf8').catch(() => DEFAULT_INSTRUCTION),
      },
    });
  });
  return {
    clock, paths, config,
    get settings() {
      return config.valid();
    },
    store, chat, conversations,
    user: async (name) => (name === undefined ? localOwner(await store(), clock) : userByName(await store(), name)),
    close: async () => { await (await store.made())?.close(); },
  };
}
