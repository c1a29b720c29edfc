/** Owns the slash commands: a table, and what each does. Only commands that work stand in it. */
import { nearestName } from '../core/kernel/nearest-name.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { Catalogue } from '../core/kernel/language/catalogue.ts';
import { inWords, phrase } from '../core/kernel/language/phrase.ts';
import type { ConversationSummary } from './chat-port.ts';
import { current, enter, report, say, textsOf, type SlashCommand, type SlashContext } from './slash-context.ts';
import { compactConversation, lookIntoKnowledge, lookIntoMemory, showTasks } from './slash-lookups.ts';
import { contextReport, costReport, describeAge, helpReport, recapItems, toolsReport } from './slash-reports.ts';
import type { ReplStore } from './repl-store.ts';
import type { Picker, Session } from './repl-state.ts';
import { editorWith } from './input-editor.ts';

const RESUME_CHOICES = 20;

const SLASH_COMMANDS: readonly SlashCommand[] = [
  { name: 'help', needsIdle: false, run: showHelp },
  { name: 'new', needsIdle: true, run: beginNew },
  { name: 'resume', argument: 'resume', needsIdle: true, run: resume },
  { name: 'branch', needsIdle: true, run: branch },
  { name: 'compact', argument: 'compact', needsIdle: true, run: compactConversation },
  { name: 'model', argument: 'model', needsIdle: true, run: changeModel },
  { name: 'tools', needsIdle: false, run: showTools },
  { name: 'memory', argument: 'words', needsIdle: false, run: lookIntoMemory },
  { name: 'knowledge', argument: 'words', needsIdle: false, run: lookIntoKnowledge },
  { name: 'tasks', needsIdle: false, run: showTasks },
  { name: 'cost', needsIdle: false, run: showCost },
  { name: 'context', needsIdle: false, run: showContext },
  { name: 'approve', needsIdle: false, run: askPending },
  { name: 'undo', needsIdle: true, run: undo },
  { name: 'export', argument: 'export', needsIdle: false, run: exportConversation },
  { name: 'clear', needsIdle: false, run: ({ screen }) => screen.clear() },
  { name: 'quit', needsIdle: false, run: ({ screen }) => screen.leave() },
];

/** The commands as they are told of, in the words of a language. */
export function describedCommands({
  repl,
}: Catalogue): readonly { readonly name: string; readonly argument: string; readonly summary: string }[] {
  return SLASH_COMMANDS.map(({ name, argument }) => ({
    name,
    argument: argument === undefined ? '' : repl.arguments[argument],
    summary: repl.commands[name],
  }));
}

/** Splits `/name argument`; undefined when `text` is no command. A path such as `/etc/hosts` is a message, and so is `/pin RULE`. */
export function parseSlash(text: string): { name: string; argument: string } | undefined {
  const match = /^\/(\p{L}[\p{L}\d-]*)?(?:\s+([\s\S]*))?$/u.exec(text.trim());
  const [name, argument] = [(match?.[1] ?? '').toLowerCase(), (match?.[2] ?? '').trim()];
  return match === null || (name === 'pin' && argument !== '') ? undefined : { name, argument };
}

/** The command named `name`; throws with the nearest one. */
export function findSlashCommand(name: string): SlashCommand {
  const found = SLASH_COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const near = nearestName(
    name,
    SLASH_COMMANDS.map((command) => command.name),
  );
  throw new ClawError('usage-invalid', phrase('noSlashCommand', name), {
    hint: near === undefined ? phrase('seeHelp') : phrase('didYouMean', `/${near}`),
  });
}

function showHelp({ store }: SlashContext): void {
  const { catalogue } = store.state();
  report(store, helpReport(describedCommands(catalogue), catalogue.repl));
}

/** How long a pass over an ended conversation may take, in milliseconds. */
const LEARN_MS = 120_000;

function beginNew(context: SlashContext): void {
  const { conversationId } = context.store.state().session;
  if (conversationId !== undefined)
    context.port.learn(conversationId, LEARN_MS).catch((error: unknown) => say(context.store, toError(error).message));
  enter(context, undefined);
  say(context.store, textsOf(context.store).newBegins);
}

async function resume(context: SlashContext, argument: string): Promise<void> {
  const { port, store } = context;
  if (argument === '') {
    const options = (await port.conversations.list(RESUME_CHOICES)).map(({ id, title, updatedAt }) => ({
      value: id,
      label: title,
      hint: describeAge(Date.now() - updatedAt, store.state().catalogue),
    }));
    if (options.length === 0) return say(store, textsOf(store).noEarlier);
    return pick(store, { title: textsOf(store).goOnWith, options, chosen: 0, command: 'resume' });
  }
  await enterConversation(context, await port.conversations.find(argument));
}

/** Goes on with `conversation` and shows how it stood. */
export async function enterConversation(context: SlashContext, conversation: ConversationSummary): Promise<void> {
  const { port, store } = context;
  enter(context, conversation.id);
  say(store, textsOf(store).goingOnWith(conversation.title));
  for (const item of recapItems(await port.conversations.messages(conversation.id)))
    store.dispatch({ type: 'print', item });
  await refreshContext(context);
}

async function branch(context: SlashContext): Promise<void> {
  const copy = await context.port.conversations.branch(current(context));
  enter(context, copy.id);
  await refreshContext(context);
  say(context.store, textsOf(context.store).inCopy);
}

async function undo(context: SlashContext): Promise<void> {
  const { port, store } = context;
  const before = await port.conversations.messages(current(context));
  const copy = await port.conversations.undo(current(context));
  const kept = (await port.conversations.messages(copy.id)).length;
  const said = before.slice(kept).find(({ role }) => role === 'user');
  enter(context, copy.id);
  await refreshContext(context);
  const text = (said?.parts ?? [])
    .map((part) =>
      part.type === 'text' && (part.provenance === 'owner' || part.provenance === 'user') ? part.text : '',
    )
    .join('');
  store.dispatch({ type: 'edit', editor: editorWith(text) });
  say(store, textsOf(store).takenBack);
}

async function changeModel(context: SlashContext, argument: string): Promise<void> {
  const { port, store, options } = context;
  if (argument === '') {
    const choices = await port.models.list();
    const now = store.state().session.model;
    const rows = choices.map(({ ref, missing }) => ({
      value: ref,
      label: ref,
      hint: ref === now ? textsOf(store).now : inWords(missing ?? '', store.state().catalogue.phrases),
    }));
    return pick(store, {
      title: textsOf(store).modelTitle,
      options: rows,
      chosen: Math.max(
        0,
        choices.findIndex(({ ref }) => ref === now),
      ),
      command: 'model',
    });
  }
  const { ref, contextTokens } = await port.models.choose(argument);
  options.model = ref;
  store.dispatch({ type: 'session', session: { model: ref, contextTokens } satisfies Partial<Session> });
  say(store, textsOf(store).nextGoesTo(ref));
}

function pick(store: ReplStore, picker: Picker): void {
  store.dispatch({ type: 'pick', picker });
}

async function askPending({ port, store }: SlashContext): Promise<void> {
  const approvals = await port.approvals.pending();
  if (approvals.length === 0) return say(store, textsOf(store).nothingToApprove);
  store.dispatch({ type: 'ask', approvals, now: Date.now() });
}

async function showTools({ port, store, options }: SlashContext): Promise<void> {
  report(store, toolsReport(await port.tools(), options.tools !== false, textsOf(store)));
}

async function showCost({ port, store }: SlashContext): Promise<void> {
  const { session } = store.state();
  const calls = session.conversationId === undefined ? [] : await port.conversations.calls(session.conversationId);
  const { phrases } = store.state().catalogue;
  const budgets = (await port.budgets()).map((budget) => inWords(budget, phrases));
  report(store, [costReport(session, calls, textsOf(store)), ...budgets].join('\n\n'));
}

async function showContext({ port, store }: SlashContext): Promise<void> {
  const { session } = store.state();
  const messages =
    session.conversationId === undefined ? [] : await port.conversations.messages(session.conversationId);
  report(store, contextReport(session, messages.length, textsOf(store)));
}

async function exportConversation(context: SlashContext, argument: string): Promise<void> {
  const id = current(context);
  const name = argument === '' ? `claw-${id.slice(-12)}.md` : argument;
  const format = name.toLowerCase().endsWith('.json') ? 'json' : 'markdown';
  const text = await context.port.conversations.export(id, format);
  await context.writeFile(name, text);
  say(context.store, textsOf(context.store).writtenTo(name));
}

async function refreshContext({ port, store }: SlashContext): Promise<void> {
  const { conversationId } = store.state().session;
  const last = conversationId === undefined ? undefined : await port.conversations.lastCall(conversationId);
  store.dispatch({
    type: 'session',
    session: { usedTokens: last === undefined ? null : last.inputTokens + last.outputTokens },
  });
}
