/** Owns what /compact, /memory, /knowledge and /tasks do: looks into what claw keeps for the user, and shortening a conversation on request. */
import type { Finding } from './chat-port.ts';
import { current, report, say, textsOf, type SlashContext } from './slash-context.ts';
import { findingsReport } from './slash-reports.ts';

/** Gives the older part of the conversation to the model in short, or takes that back (`undo`). */
export async function compactConversation(context: SlashContext, argument: string): Promise<void> {
  const { store, port } = context;
  const id = current(context);
  if (argument.toLowerCase() === 'undo') {
    await port.conversations.undoCompaction(id);
    return say(store, textsOf(store).compactUndone);
  }
  const upTo = await port.conversations.compact(id);
  if (upTo === undefined) return say(store, textsOf(store).nothingToCompact);
  say(store, textsOf(store).compactedUpTo(upTo));
}

export async function lookIntoMemory(context: SlashContext, query: string): Promise<void> {
  const texts = textsOf(context.store);
  const none = query === '' ? texts.nothingRemembered : texts.noMemoryMatches;
  show(context, await context.port.lookups.memories(query), none, texts.changeMemories);
}

export async function lookIntoKnowledge(context: SlashContext, query: string): Promise<void> {
  const texts = textsOf(context.store);
  const none = query === '' ? texts.noDocuments : texts.noDocumentMatches;
  const footer = query === '' ? texts.searchDocuments : '';
  show(context, await context.port.lookups.knowledge(query), none, footer);
}

export async function showTasks(context: SlashContext): Promise<void> {
  const { nothingScheduled, changeTasks } = textsOf(context.store);
  show(context, await context.port.lookups.tasks(), nothingScheduled, changeTasks);
}

function show({ store }: SlashContext, findings: readonly Finding[], none: string, footer: string): void {
  if (findings.length === 0) say(store, none);
  else report(store, findingsReport(findings, footer));
}
