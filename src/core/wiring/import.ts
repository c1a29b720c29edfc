/** Owns how an import is put together: the readers there are, and the services that take over what they find. */
import type { Actor } from '../access/actor.ts';
import type { User } from '../access/local-user.ts';
import type { Config } from '../config/open-config.ts';
import type { GroupService } from '../conversations/groups.ts';
import type { ImportReport, ImportRequest } from '../import/import-service.ts';
import type { Reader } from '../import/reader.ts';
import type { ImportRun, Takers } from '../import/taker.ts';
import type { TaskMaker, WantedTask } from '../import/take-work.ts';
import type { ImportedTool } from '../import/imported.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Knowledge } from '../knowledge/knowledge-service.ts';
import type { MemoryService } from '../memory/memory-service.ts';
import type { Masker } from '../secrets/mask.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import type { Store } from '../store/store.ts';
import type { ToolSystem } from '../tools/create-tools.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';

interface ImportNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: () => Promise<Store>;
  readonly masker: () => Promise<Masker>;
  readonly secrets: () => Promise<SecretService>;
  readonly memory: () => Promise<MemoryService>;
  readonly knowledge: () => Promise<Knowledge>;
  readonly groups: () => Promise<GroupService>;
  readonly tools: () => Promise<ToolSystem>;
  readonly webhooks: () => Promise<WebhookService>;
}

export interface Imports {
  /** Takes over the folder, or tells what would be taken over. Throws as `runImport`. */
  run(by: Actor, request: ImportRequest): Promise<ImportReport>;
}

export async function buildImports(needs: ImportNeeds): Promise<Imports> {
  const { runImport } = await import('../import/import-service.ts');
  const { holdProcessLock } = await import('../store/sqlite/process-lock.ts');
  const { importLock, importScratch } = needs.config.paths;
  const place = { scratch: importScratch, hold: () => holdProcessLock(importLock) };
  const deps = {
    store: await needs.store(),
    clock: needs.clock,
    readers: () => Promise.all(READERS.map((load) => load())),
    place,
  };
  return { run: (by, request) => runImport({ ...deps, takers: (run) => buildTakers(needs, run) }, by, request) };
}

/** One line a source. */
const READERS: readonly (() => Promise<Reader>)[] = [
  async () => (await import('../import/flux/flux-reader.ts')).fluxReader,
  async () => (await import('../import/nanoclaw/nanoclaw-reader.ts')).nanoclawReader,
  async () => (await import('../import/nanoclaw/nanoclaw-reader.ts')).rustclawReader,
  async () => (await import('../import/openclaw/openclaw-reader.ts')).openclawReader,
];

async function buildTakers(needs: ImportNeeds, run: ImportRun): Promise<Takers> {
  const store = await needs.store();
  const { mask } = await needs.masker();
  const { takePeople } = await import('../import/take-people.ts');
  const { takeConversation, takeMessage } = await import('../import/take-conversations.ts');
  const { takeInstruction, takeRoom, takeSkill } = await import('../import/take-rooms.ts');
  const { takeSecret, takeSetting } = await import('../import/take-settings.ts');
  const { takeTask, takeWebhook } = await import('../import/take-work.ts');
  const { paths } = needs.config;
  const webhooks = await needs.webhooks();
  return {
    ...takePeople(store, run),
    ...(await takeTexts(needs, run)),
    conversation: takeConversation(store, run, mask),
    message: takeMessage(run, mask),
    room: takeRoom(store, run, (await needs.groups()).register),
    instruction: takeInstruction(paths),
    skill: takeSkill(paths),
    setting: takeSetting(await settingsPlace(needs.config)),
    secret: takeSecret(await needs.secrets()),
    task: takeTask(store, run, await taskMaker(needs)),
    webhook: takeWebhook(store, run, {
      check: webhooks.check,
      add: async (owner, webhook) => (await webhooks.add(run.by, owner, webhook)).id,
    }),
  };
}

/** What goes to the memory, the documents and the tools. */
async function takeTexts(needs: ImportNeeds, run: ImportRun): Promise<Pick<Takers, 'memory' | 'document' | 'tool'>> {
  const { takeDocument, takeMemory, takeTool } = await import('../import/take-knowledge.ts');
  const { addText } = await needs.knowledge();
  const maxBytes = Math.round(needs.config.valid().get('KNOWLEDGE_MAX_FILE_MB') * 1024 * 1024);
  const deps = { store: await needs.store(), run, memory: await needs.memory(), addText, maxBytes };
  const document = takeDocument(deps);
  const tools = {
    run,
    documents: document,
    draft: async (tool: ImportedTool) => draftTool(await needs.tools(), await needs.store(), run, tool),
    known: async () => new Set((await (await needs.tools()).registry.entries()).map(({ name }) => name)),
  };
  return { document, memory: takeMemory(deps, document), tool: takeTool(tools) };
}

/** Takes a source through the pipeline of tools; whatever comes of it, it waits for a person. */
async function draftTool(
  { examine, registry }: ToolSystem,
  store: Store,
  run: ImportRun,
  { name, source, language }: ImportedTool,
): Promise<string> {
  const { sha256 } = await import('../tools/registry/tool-folder.ts');
  const text = { source, language: language === 'js' ? ('js' as const) : ('ts' as const) };
  const examined = await examine(text);
  if (examined.verdict === 'failed')
    throw new ClawError('data-invalid', `it is no tool of claw: ${examined.reason ?? 'it does not describe itself'}`);
  const file = `${name}.${text.language}`;
  const hash = sha256(source);
  const row = await registry.store({ text, hash, file, origin: 'user', by: run.by.user.id, examined });
  if (row.state === 'draft')
    await store.tools.updateVersion(row.id, { state: 'pending', reason: `imported from ${run.label}` }, 'draft');
  return row.id;
}

async function settingsPlace(config: Config) {
  const { setConfigValue } = await import('../config/config-file.ts');
  return {
    settings: () => config.unchecked(),
    set: (name: string, value: unknown) => setConfigValue(config.paths, name, value),
  };
}

async function taskMaker({ config, clock, store: open }: ImportNeeds): Promise<TaskMaker> {
  const { checkTask, createTask } = await import('../tasks/create-task.ts');
  const settings = config.valid();
  const deps = {
    store: await open(),
    clock,
    maxPerUser: settings.get('TASKS_PER_USER'),
    maxPromptChars: settings.get('MAX_MESSAGE_CHARS'),
  };
  const actorOf = (owner: User) => ({ user: { ...owner, via: 'import' }, chatId: null, isAll: true });
  return {
    zone: settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    check: (owner, task: WantedTask) => checkTask(deps, actorOf(owner), task),
    create: async (owner, task: WantedTask) => (await createTask(deps, actorOf(owner), task)).id,
  };
}
