/** Owns a conversation as a document: Markdown and text for people. (JSON is the story itself.) */
import type { Part } from '../kernel/messages.ts';
import { withoutInternal } from '../agent/visible-text.ts';
import type { ConversationStory } from './conversation-story.ts';

const SPEAKERS = { user: 'You', assistant: 'claw', tool: 'Tool' } as const;

/** The conversation as Markdown: title, date, then a section a message. claw's own context remarks are left out. */
export function exportMarkdown({ conversation, messages }: ConversationStory): string {
  const begun = new Date(conversation.created_at).toISOString();
  const sections = messages
    .map((message) => ({ who: SPEAKERS[message.role], body: message.parts.map(partMarkdown).join('').trim() }))
    .filter(({ body }) => body !== '')
    .map(({ who, body }) => `## ${who}\n\n${body}\n`);
  return [`# ${conversation.title}\n`, `Conversation ${conversation.id}, begun ${begun}\n`, ...sections].join('\n');
}

/** The conversation as plain text: a paragraph a message, without what tools did. */
export function exportText({ conversation, messages }: ConversationStory): string {
  const begun = new Date(conversation.created_at).toISOString();
  const said = messages
    .map(({ role, parts }) => ({
      who: SPEAKERS[role],
      body: parts
        .map((part) => (part.type === 'text' ? partMarkdown(part) : ''))
        .join('')
        .trim(),
    }))
    .filter(({ body }) => body !== '')
    .map(({ who, body }) => `${who}: ${body}\n`);
  return [`${conversation.title}\n${conversation.id}, ${begun}\n`, ...said].join('\n');
}

function partMarkdown(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.provenance === 'claw' ? '' : withoutInternal(part.text);
    case 'image':
      return `\n[image, ${part.mediaType}]\n`;
    case 'reasoning':
      return '';
    case 'tool-call':
      return `\n- calls \`${part.name}\` with \`${JSON.stringify(part.input)}\`\n`;
    case 'tool-result':
      return `\n- \`${part.name}\` answers ${part.status}:\n\n${fenced(part.output)}\n`;
  }
}

/** A code fence longer than any inside the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
