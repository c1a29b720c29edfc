/** Owns how Slack's message text becomes words: mentions and links out of angle brackets, entities back to characters. Source of the format: https://docs.slack.dev/messaging/formatting-message-text */

export interface NameLookups {
  /** Name of a person by id; the id itself when it cannot be told. */
  readonly user: (id: string) => Promise<string>;
  /** Name of a conversation by id. */
  readonly channel: (id: string) => Promise<string | undefined>;
}

/** `<@U…>`, `<#C…|name>`, `<!here>`, `<https://…|label>`. */
const TOKEN = /<([^<>\n]{1,4000})>/g;
const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** True when `text` mentions this user. */
export function mentions(text: string, userId: string): boolean {
  return text.includes(`<@${userId}>`) || text.includes(`<@${userId}|`);
}

/** The words of a message as a person reads them. */
export async function readSlackText(text: string, names: NameLookups): Promise<string> {
  let words = '';
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    words += unescapeEntities(text.slice(end, match.index)) + (await readToken(match[1] ?? '', names));
    end = match.index + match[0].length;
  }
  return words + unescapeEntities(text.slice(end));
}

async function readToken(token: string, names: NameLookups): Promise<string> {
  const bar = token.indexOf('|');
  const target = bar === -1 ? token : token.slice(0, bar);
  const label = bar === -1 ? '' : unescapeEntities(token.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith('@')) return `@${label === '' ? await names.user(id) : label}`;
  if (target.startsWith('#')) return `#${label === '' ? ((await names.channel(id)) ?? id) : label}`;
  if (target.startsWith('!')) return readSpecial(id, label);
  const address = unescapeEntities(target);
  const plain = address.replace(/^(?:mailto:|tel:|https?:\/\/)/, '');
  return label === '' || label === address || label === plain ? label || address : `${label} (${address})`;
}

/** `!here`, `!subteam^S…|@group`, `!date^…^…|written out`. */
function readSpecial(name: string, label: string): string {
  if (label !== '') return label;
  return `@${name.replace(/^subteam\^/, '').split('^')[0]}`;
}

function unescapeEntities(text: string): string {
  return text.replaceAll(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
