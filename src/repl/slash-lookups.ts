/** Owns what /compact, /memory, /knowledge and /tasks do: looks into what claw keeps for the user, and shortening a conversation on request. */
import type { Finding } from './chat-port.ts';
import { current, report, say, type SlashContext } from './slash-context.ts';
import { findingsReport } from './slash-reports.ts';

/** Gives the older part of the conversation to the model in short, or takes that back (`undo`). */
export async function compactConversation(context: SlashContext, argument: string): Promise<void> {
  const { store, port } = context;
  const id = current(context);
  if (argument.toLowerCase() === 'undo') {
    await port.conversations.undoCompaction(id);
    return say(store, 'Undone: the model gets the messages themselves again.');
  }
  const upTo = await port.conversations.compact(id);
  if (upTo === undefined) return say(store, 'There is nothing to compact yet.');
  say(
    store,
    `Messages 1 to ${upTo} are given to the model in short from now on. Nothing is deleted; take it back with /compact undo.`,
  );
}

export async function lookIntoMemory(context: SlashContext, query: string): Promise<void> {
  const none = query === '' ? 'Nothing is remembered of you yet.' : 'No memory matches.';
  show(context, await context.port.lookups.memories(query), none, 'Change them with `claw memory`.');
}

export async function lookIntoKnowledge(context: SlashContext, query: string): Promise<void> {
  const none = query === '' ? 'There are no documents. Add one with: claw knowledge add FILE' : 'No document matches.';
  const footer = query === '' ? 'Search them with `/knowledge WORDS`.' : '';
  show(context, await context.port.lookups.knowledge(query), none, footer);
}

export async function showTasks(context: SlashContext): Promise<void> {
  show(context, await context.port.lookups.tasks(), 'Nothing is scheduled.', 'Change them with `claw task`.');
}

function show({ store }: SlashContext, findings: readonly Finding[], none: string, footer: string): void {
  if (findings.length === 0) say(store, none);
  else report(store, findingsReport(findings, footer));
}
