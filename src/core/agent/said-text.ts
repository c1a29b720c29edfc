/** Owns what of a stored message was said by people or the assistant; what claw, files, the web and tools add is no part of it. */
import type { Part } from '../kernel/messages.ts';
import { withoutInternal } from './visible-text.ts';

export function saidIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.type !== 'text') return [];
    if (part.provenance === 'assistant') return [withoutInternal(part.text)];
    return part.provenance === 'user' || part.provenance === 'owner' ? [outOfRoom(part.text)] : [];
  });
}

/** In a room a message is an element with its sender; see conversations/format-room-messages.ts. */
function outOfRoom(text: string): string {
  const [, sender, words] = /^<message sender="([^"]*)"[^>]*>([^<]*)<\/message>$/.exec(text) ?? [];
  if (sender === undefined || words === undefined) return text;
  return `${sender}: ${words}`.replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
