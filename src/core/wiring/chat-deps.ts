/** Owns how settings become what a turn is made of: limits, persona, guards, and a model with its prices. */
import { readFile } from 'node:fs/promises';
import type { TextGuards } from '../agent/turn.ts';
import type { Config } from '../config/open-config.ts';
import { loadCatalogue } from '../kernel/language/load-catalogue.ts';
import type { Settings } from '../config/load-settings.ts';
import type { ChatDeps, ChatPolicy } from '../conversations/prepare-turn.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Meters } from '../kernel/meters.ts';
import type { HomePaths } from '../kernel/paths.ts';
import type { RecallQuestion } from '../memory/recall.ts';
import type { Models } from '../llm/open-models.ts';
import type { Masker } from '../secrets/mask.ts';
import type { Store } from '../store/store.ts';
import type { ToolHost } from '../tools/tool-port.ts';

export interface ChatParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly tools: () => Promise<ToolHost>;
  readonly masker: () => Promise<Masker>;
  readonly models: () => Promise<Models>;
  readonly meters: Meters;
}

export async function buildChatDeps({
  config,
  clock,
  store,
  tools,
  masker,
  models,
  meters,
}: ChatParts): Promise<ChatDeps> {
  const { ceilingCost, costOf, worstCost } = await import('../spending/prices.ts');
  const { buildBudgets } = await import('./spending.ts');
  const settings = config.valid();
  const perMtok = settings.get('UNKNOWN_PRICE_CEILING_USD_PER_MTOK');
  return {
    store: await store(),
    clock,
    tools: await tools(),
    policy: {
      meters,
      ...(await chatPolicy(config.paths, settings, await masker())),
      budgets: await buildBudgets({ config, clock, store }),
      recall: await memories({ config, clock, store }),
      ...routerOf(settings),
      ...(await documents({ config, store })),
    },
    resolveModel: async (ref) => {
      const { price, prices, ...ready } = await (await models()).resolve(ref);
      return {
        ...ready,
        price: (usage) => costOf(usage, price(), clock.now()),
        worstCost: (usage) => worstCost(usage, prices, { usdPerMtok: perMtok, now: clock.now() }),
        ceiling: (usage) => ceilingCost(usage, perMtok),
      };
    },
  };
}

/** Only with a cheap model to go to. */
function routerOf(settings: Settings): Pick<ChatPolicy, 'router'> {
  const lightModel = settings.get('LIGHT_MODEL');
  if (!settings.get('ROUTER_ENABLED') || lightModel === undefined) return {};
  return { router: { lightModel, timeoutMs: settings.get('LIGHT_TIMEOUT') * 1000 } };
}

async function memories({ config, clock, store }: Pick<ChatParts, 'config' | 'clock' | 'store'>) {
  const { recall } = await import('../memory/recall.ts');
  const deps = { store: await store(), clock, maxTokens: config.valid().get('MEMORY_TOKENS') };
  return (question: RecallQuestion): Promise<string | undefined> => recall(deps, question);
}

async function documents({ config, store }: Pick<ChatParts, 'config' | 'store'>): Promise<Partial<ChatPolicy>> {
  const maxTokens = config.valid().get('KNOWLEDGE_TOKENS');
  if (maxTokens === 0) return {};
  const { recallKnowledge } = await import('../knowledge/recall-knowledge.ts');
  const deps = { store: await store(), maxTokens };
  return { recallDocuments: (userId, said) => recallKnowledge(deps, userId, said) };
}

async function chatPolicy(paths: HomePaths, settings: Settings, masker: Masker): Promise<ChatPolicy> {
  const { DEFAULT_INSTRUCTION } = await import('../agent/system-prompt.ts');
  const { createContext } = await import('../agent/turn-context.ts');
  const zone = settings.get('TIMEZONE') ?? Temporal.Now.timeZoneId();
  return {
    limits: {
      maxOutputTokens: settings.get('MAX_TOKENS'),
      maxToolRounds: settings.get('MAX_TOOL_ROUNDS'),
      maxTokens: settings.get('MAX_TURN_TOKENS'),
      maxCostMicroUsd: settings.get('MAX_TURN_COST_USD') * 1e6,
      maxMs: settings.get('MAX_TURN_SECONDS') * 1000,
      toolTimeoutMs: settings.get('TOOL_TIMEOUT') * 1000,
      maxHistory: settings.get('MAX_HISTORY'),
    },
    maxMessageChars: settings.get('MAX_MESSAGE_CHARS'),
    assistantName: settings.get('ASSISTANT_NAME'),
    catalogue: await loadCatalogue(settings.language),
    zone,
    context: createContext(zone),
    text: await textGuards(paths, settings, masker),
    instruction: () => readFile(paths.instruction, 'utf8').catch(() => DEFAULT_INSTRUCTION),
  };
}

async function textGuards(paths: HomePaths, settings: Settings, masker: Masker): Promise<TextGuards> {
  const { fitOutput } = await import('../agent/fit-output.ts');
  const { mask, maskJson, maskStream } = masker;
  const fit = { spool: paths.spool, limit: settings.get('TOOL_OUTPUT_LIMIT') };
  return { mask, maskJson, maskStream, fit: (output, callId) => fitOutput(fit, output, callId) };
}
