/** Owns what OpenClaw's configuration and pairing stores say of chat platforms: tokens, who may talk, and the groups that are named. */
import type { ForeignDatabase } from '../../store/sqlite/read-foreign-database.ts';
import { entriesOf, fieldsOf, firstOf, flagOf, lineOf, listOf, textOf, valueAt } from '../foreign-values.ts';
import type { ImportedItem } from '../imported.ts';
import { chatIdOf, DISCORD, letInRemark, type Platform, SLACK, TELEGRAM } from '../platforms.ts';
import { roomFolders } from '../room-folders.ts';
import { fileJson, type Sight } from '../source-files.ts';

interface TokenPlatform extends Platform {
  /** Field of a token: claw's name of the secret. */
  readonly tokens: Readonly<Record<string, string>>;
}

const PLATFORMS: readonly TokenPlatform[] = [
  { ...TELEGRAM, tokens: { botToken: 'TELEGRAM_BOT_TOKEN' } },
  { ...DISCORD, tokens: { token: 'DISCORD_BOT_TOKEN' } },
  { ...SLACK, tokens: { botToken: 'SLACK_BOT_TOKEN', appToken: 'SLACK_APP_TOKEN' } },
];

export interface FoundGroup {
  readonly jid: string;
  readonly name: string | undefined;
  readonly requiresTrigger: boolean;
  readonly systemPrompt: string | undefined;
}

/** What stands under `channels`, or at the top in older versions; of several accounts the default one. */
function channelOf(config: unknown, name: string): unknown {
  const channel = valueAt(config, 'channels', name) ?? valueAt(config, name);
  const account = valueAt(channel, 'accounts', 'default');
  return account === undefined ? channel : { ...fieldsOf(channel), ...fieldsOf(account) };
}

/** Tokens as secrets. */
export function* tokenItems(config: unknown): Generator<ImportedItem> {
  for (const { name, tokens } of PLATFORMS) {
    const channel = channelOf(config, name);
    for (const [field, secret] of Object.entries(tokens)) {
      const value = valueAt(channel, field);
      const token = typeof value === 'string' && !/^\$\{.*\}$/.test(value.trim()) ? lineOf(value, 1000) : undefined;
      if (token !== undefined) yield { kind: 'secret', sourceId: secret, name: secret, value: token };
      else if (value !== undefined && value !== '')
        yield {
          kind: 'remark',
          text: `channels.${name}.${field} names another place of the token; set it with: claw secret set ${secret}`,
        };
    }
    const others = entriesOf(valueAt(config, 'channels', name, 'accounts')).filter(([id]) => id !== 'default');
    if (others.length > 0)
      yield {
        kind: 'remark',
        text: `channels.${name} has ${others.length} further accounts; claw has one bot for each platform.`,
      };
  }
  const known = new Set(PLATFORMS.map(({ name }) => name));
  const missing = entriesOf(valueAt(config, 'channels')).filter(([name]) => !known.has(name) && name !== 'defaults');
  if (missing.length > 0)
    yield { kind: 'remark', text: `claw has no channel for ${missing.map(([name]) => lineOf(name, 40)).join(', ')}.` };
  for (const [name, channel] of missing) {
    const people = idsOf([...listOf(valueAt(channel, 'allowFrom')), ...listOf(valueAt(channel, 'dm', 'allowFrom'))]);
    const named = people.slice(0, 20).map((id) => lineOf(id, 60) ?? '');
    if (named.length > 0)
      yield {
        kind: 'remark',
        text: `${lineOf(name, 40)}: ${named.join(', ')} let in there cannot talk with claw that way.`,
      };
  }
}

/** Who was let in there, by the owner's own list or by a pairing that was approved. Wildcards and names that can change let nobody in. */
export async function* peopleItems(
  sight: Sight,
  config: unknown,
  state: ForeignDatabase | undefined,
): AsyncGenerator<ImportedItem> {
  for (const { name, allowed, person } of PLATFORMS) {
    const channel = channelOf(config, name);
    const written = [
      ...listOf(valueAt(channel, 'allowFrom')),
      ...listOf(valueAt(channel, 'dm', 'allowFrom')),
      ...(await pairedIn(sight, name, state)),
    ];
    const ids = idsOf(written);
    const people = ids.filter((id) => person.test(id));
    if (people.length > 0)
      yield { kind: 'setting', sourceId: allowed, name: allowed, value: [...new Set(people)].join(', ') };
    const inGroups = idsOf(listOf(valueAt(channel, 'groupAllowFrom'))).filter((id) => !people.includes(id));
    const remark = letInRemark(name, new Map(inGroups.map((id) => [id, 'in groups'])));
    if (remark !== undefined) yield { kind: 'remark', text: remark };
    const others = ids.filter((id) => !person.test(id)).map((id) => lineOf(id, 60) ?? '');
    if (others.length > 0)
      yield {
        kind: 'remark',
        text: `${name}: ${others.slice(0, 20).join(', ')} let in there is no id of a person, and nobody is let in by it.`,
      };
  }
}

/** Ids without the words that OpenClaw may put before them. */
function idsOf(entries: readonly unknown[]): string[] {
  const texts = entries.flatMap((entry) => textOf(entry) ?? []);
  return [...new Set(texts.map((text) => text.trim().replace(/^(telegram|tg|discord|slack|user):/i, '')))];
}

/** People whose pairing was approved; requests that wait are told. */
async function pairedIn(sight: Sight, name: string, state: ForeignDatabase | undefined): Promise<unknown[]> {
  const paired: unknown[] = [];
  for (const entry of await sight.source.files.list('credentials')) {
    if (entry.name === `${name}-pairing.json`) {
      const requests = listOf(valueAt(await fileJson(sight, entry.path), 'requests'));
      if (requests.length > 0)
        sight.source.tell(entry.path, `${requests.length} people wait to be let in; they ask again in claw`);
    }
    const isList = entry.name.startsWith(`${name}-`) && entry.name.endsWith('allowFrom.json');
    if (isList) paired.push(...listOf(valueAt(await fileJson(sight, entry.path), 'allowFrom')));
  }
  for (const { values } of state?.rows('channel_pairing_allow_entries') ?? []) {
    if (values['channel_key'] === name) paired.push(values['entry']);
  }
  return paired;
}

/** The groups that the configuration names by their id and does not switch off. */
export function groupsOf(config: unknown): FoundGroup[] {
  const groups: FoundGroup[] = [];
  const add = (channel: string, id: string, rule: unknown, above?: unknown): void => {
    const jid = chatIdOf(channel, id);
    const isOff = flagOf(valueAt(rule, 'enabled')) === false || flagOf(valueAt(rule, 'allow')) === false;
    if (jid === undefined || isOff) return;
    const requiresTrigger = flagOf(valueAt(rule, 'requireMention')) ?? flagOf(valueAt(above, 'requireMention')) ?? true;
    const name = lineOf(firstOf(rule, 'name', 'displayName', 'slug'));
    groups.push({ jid, name, requiresTrigger, systemPrompt: textOf(valueAt(rule, 'systemPrompt')) });
  };
  const telegram = entriesOf(valueAt(channelOf(config, 'telegram'), 'groups'));
  const anyTelegram = telegram.find(([id]) => id === '*')?.[1];
  for (const [id, rule] of telegram) add('telegram', id, rule, anyTelegram);
  for (const [, guild] of entriesOf(valueAt(channelOf(config, 'discord'), 'guilds'))) {
    for (const [id, rule] of entriesOf(valueAt(guild, 'channels'))) add('discord', id, rule, guild);
  }
  const slack = channelOf(config, 'slack');
  for (const [id, rule] of entriesOf(valueAt(slack, 'channels'))) add('slack', id, rule, slack);
  return groups.filter(({ jid }, index) => groups.findIndex((other) => other.jid === jid) === index);
}

/** Whether it answered in any group of the platform, named or not. */
export function answersAnyGroup(config: unknown, name: string): boolean {
  const channel = channelOf(config, name);
  if (valueAt(channel, 'groupPolicy') === 'open') return true;
  return ['groups', 'guilds', 'channels'].some((field) => fieldsOf(valueAt(channel, field, '*')) !== undefined);
}

/** The folder that a chat gets here: `telegram-100123`. */
export function groupFolder(jid: string): string {
  const [prefix = '', id = ''] = jid.split(':');
  const names: Readonly<Record<string, string>> = { tg: 'telegram', dc: 'discord', slack: 'slack' };
  const name = `${names[prefix] ?? prefix}-${id.replace(/^-/, '')}`.toLowerCase();
  return roomFolders([name]).get(name) ?? name;
}
