/** Owns what a stored message says: its words, its files, its pictures, without what claw added for the model. Pure. */
import type { Api } from '../../api/types.ts';

export type PastMessage = Api['GET /conversations/{id}']['result']['messages'][number];

export type PastPart = PastMessage['parts'][number];

export interface MessageFile {
  readonly name: string;
  readonly text: string;
}

/** A member of a part, as text; what is not there is empty. */
export function memberOf(part: PastPart, name: string): string {
  const value = part[name];
  return typeof value === 'string' ? value : '';
}

/** The text file that the part is; undefined for words. Source of the form: `filePart` of `core/conversations/message-parts.ts`. */
export function fileOf(part: PastPart): MessageFile | undefined {
  if (part.type !== 'text' || part['provenance'] !== 'file') return undefined;
  const [, name, text] = /^<file name="([^"]*)">\n([\s\S]*)\n<\/file>\n?$/.exec(memberOf(part, 'text')) ?? [];
  if (name === undefined || text === undefined) return undefined;
  return { name, text: text.replaceAll(/&lt;(?=\/?\s*file\b)/gi, '<') };
}

/** Whether somebody said it: neither a file nor a remark of claw's own. */
function isSaid(part: PastPart): boolean {
  return part.type === 'text' && part['provenance'] !== 'claw' && fileOf(part) === undefined;
}

/** The words of the message, as they were written. */
export function wordsOf({ parts }: PastMessage): string {
  return parts.flatMap((part) => (isSaid(part) ? [memberOf(part, 'text')] : [])).join('\n\n');
}

/** Where the bytes of a picture are. */
export function pictureAddress(conversationId: string, seq: number, place: number): string {
  return `/api/v1/conversations/${encodeURIComponent(conversationId)}/messages/${seq}/pictures/${place}`;
}

/** The number of the message that began the turn in which `seq` stands, by what is known of the messages before it. */
export function turnStart(message: (seq: number) => PastMessage | undefined, seq: number): number {
  const turn = message(seq)?.turn_id;
  let first = seq;
  while (first > 1 && message(first - 1)?.turn_id === turn) first -= 1;
  return first;
}

/** How many messages stand above the turns that are drawn as they run: everything before the first answer of one of them. */
export function pastCount(
  message: (seq: number) => PastMessage | undefined,
  count: number,
  live: ReadonlySet<string>,
): number {
  let past = count;
  for (let seq = count; seq >= 1; seq -= 1) {
    const found = message(seq);
    if (found === undefined || !live.has(found.turn_id)) break;
    // What was said by a person stays where it is, unless it joined in the middle.
    past = found.role === 'user' ? past : seq - 1;
  }
  return past;
}
