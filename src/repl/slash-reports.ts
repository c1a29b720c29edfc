/** Owns what slash commands answer, as Markdown: help, tools, cost, context and the recap of a conversation. Pure. */
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import { safeLine, safeText } from '../core/kernel/terminal-text.ts';
import type { CallCost, Finding, StoredMessage } from './chat-port.ts';
import type { ItemBody, Session } from './repl-state.ts';
import { cacheRate, contextLeft, formatCost, formatTokens, modelName } from './status-line.ts';

/** Messages of a conversation that are shown when it goes on. */
const RECAP_MESSAGES = 4;
/** Characters of each. */
const RECAP_LENGTH = 1200;
/** Characters of a finding. */
const FINDING_LENGTH = 300;

type ReplTexts = Catalogue['repl'];

/** Keys as they stand on a keyboard, or by the name of their text, with what they do. */
const KEYS: readonly (readonly [
  key: string | { readonly text: keyof ReplTexts['keys'] },
  meaning: keyof ReplTexts['keyMeanings'],
])[] = [
  [{ text: 'enter' }, 'enter'],
  [{ text: 'newLine' }, 'newLine'],
  ['Esc', 'escape'],
  [{ text: 'upDown' }, 'upDown'],
  ['Tab', 'tab'],
  ['@file', 'file'],
  [{ text: 'rule' }, 'rule'],
  ['Ctrl-A, Ctrl-E, Alt-B, Alt-F', 'move'],
  ['Ctrl-W, Ctrl-U, Ctrl-K, Ctrl-Y', 'cut'],
  ['Ctrl-L', 'clear'],
  ['Ctrl-C', 'stop'],
  ['Ctrl-D', 'end'],
];

/** The commands and keys. */
export function helpReport(
  commands: readonly { name: string; argument: string; summary: string }[],
  texts: ReplTexts,
): string {
  const rows = commands.map(
    ({ name, argument, summary }) =>
      `| /${name}${argument === '' ? '' : ` ${argument.replaceAll('|', '\\|')}`} | ${summary} |`,
  );
  const keys = KEYS.map(([key, meaning]) => {
    const name = typeof key === 'string' ? key : texts.keys[key.text];
    return `| ${name.replaceAll('\\', '\\\\')} | ${texts.keyMeanings[meaning]} |`;
  });
  return [`| ${texts.helpCommand} | |`, '|---|---|', ...rows, '', `| ${texts.helpKey} | |`, '|---|---|', ...keys].join(
    '\n',
  );
}

export function toolsReport(
  tools: readonly { name: string; description: string }[],
  isOn: boolean,
  texts: ReplTexts,
): string {
  if (!isOn) return texts.toolsOff;
  if (tools.length === 0) return texts.noTools;
  return tools.map(({ name, description }) => `- **${escape(name)}** ${escape(firstSentence(description))}`).join('\n');
}

/** A list of what was found; long texts by their beginning. */
export function findingsReport(findings: readonly Finding[], footer: string): string {
  const lines = findings.map(({ name, text }) => {
    const line = safeLine(text);
    const short = line.length <= FINDING_LENGTH ? line : `${line.slice(0, FINDING_LENGTH)} …`;
    return `- **${escape(name)}** ${escape(short)}`;
  });
  return [lines.join('\n'), ...(footer === '' ? [] : [footer])].join('\n\n');
}

/** Money and tokens of the session and of the conversation, by model. */
export function costReport(session: Session, calls: readonly CallCost[], texts: ReplTexts): string {
  const own = texts.sessionCost(formatCost(session.costUsd), session.turns, session.hasUnknownCost);
  if (calls.length === 0) return [own, texts.noCallYet].join('  \n');
  const heads = texts.costHeads;
  const rows = [...Map.groupBy(calls, ({ model }) => model)].map(([model, group]) => {
    const sum = (pick: (call: CallCost) => number): number => group.reduce((total, call) => total + pick(call), 0);
    const known = formatCost(sum(({ costUsd }) => costUsd ?? 0));
    const cost = group.every(({ costUsd }) => costUsd === null)
      ? '$?'
      : `${known}${group.some(({ costUsd }) => costUsd === null) ? '+?' : ''}`;
    const cells = [
      model,
      String(group.length),
      formatTokens(sum((call) => call.inputTokens)),
      formatTokens(sum((call) => call.cachedTokens)),
      formatTokens(sum((call) => call.outputTokens)),
      cost,
    ];
    return `| ${cells.map(escape).join(' | ')} |`;
  });
  return [
    `${own} ${texts.conversationCost}`,
    '',
    `| ${[heads.model, heads.calls, heads.in, heads.cached, heads.out, heads.cost].join(' | ')} |`,
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

/** What the model sees of the conversation. */
export function contextReport(session: Session, messages: number, { context }: ReplTexts): string {
  const left = contextLeft(session);
  const cached = cacheRate(session.lastUsage);
  return [
    context.model(escape(modelName(session.model))),
    context.messages(messages),
    ...(session.usedTokens === null || session.usedTokens === 0
      ? []
      : [context.lastCall(formatTokens(session.usedTokens))]),
    ...(session.contextTokens === null ? [] : [context.takes(formatTokens(session.contextTokens), left)]),
    ...(cached === undefined ? [] : [context.cached(cached)]),
    ...(session.conversationId === undefined ? [] : [context.conversation(session.conversationId)]),
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

/** The last messages of a conversation that goes on. */
export function recapItems(messages: readonly StoredMessage[]): ItemBody[] {
  return messages
    .flatMap((message): ItemBody[] => {
      const text = spokenText(message);
      if (text === '' || message.role === 'tool') return [];
      const short = text.length <= RECAP_LENGTH ? text : `${text.slice(0, RECAP_LENGTH)} …`;
      return [
        message.role === 'user'
          ? { kind: 'user', text: safeText(short), joined: false }
          : { kind: 'answer', source: safeText(short), continuesAt: undefined },
      ];
    })
    .slice(-RECAP_MESSAGES);
}

/** What was said, without the remarks and files that came along. */
function spokenText({ parts }: StoredMessage): string {
  return parts
    .map((part) => (part.type === 'text' && part.provenance !== 'claw' && part.provenance !== 'file' ? part.text : ''))
    .join('')
    .trim();
}

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`; `ms` is the age in milliseconds. */
export function describeAge(ms: number, { repl }: Catalogue = ENGLISH): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return repl.justNow;
  if (minutes < 60) return repl.minutesAgo(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return repl.hoursAgo(hours);
  return repl.daysAgo(Math.floor(hours / 24));
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
}

/** Others' words inside our Markdown. */
function escape(text: string): string {
  return safeLine(text).replaceAll(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
}

/** `text` as a code block whose fence is longer than any inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
