/** Owns what slash commands answer, as Markdown: help, tools, cost, context and the recap of a conversation. Pure. */
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

const KEYS: readonly (readonly [string, string])[] = [
  ['Enter', 'send; while a turn runs, give it the message at its next step'],
  ['Alt+Enter, Ctrl-J, \\ then Enter', 'new line'],
  ['Esc', 'interrupt the turn; what was said is kept'],
  ['Up, Down', 'lines of the input, then earlier messages'],
  ['Tab', 'complete a /command or an @file'],
  ['@file', 'attach a text file or an image'],
  ['rule: …, /pin …', 'a rule that is kept word for word however long the conversation gets'],
  ['Ctrl-A, Ctrl-E, Alt-B, Alt-F', 'start, end, word back, word forward'],
  ['Ctrl-W, Ctrl-U, Ctrl-K, Ctrl-Y', 'cut word, line start, line end; put back'],
  ['Ctrl-L', 'clear the screen'],
  ['Ctrl-C', 'clear the input; twice leaves'],
  ['Ctrl-D', 'leave, when the input is empty'],
];

/** The commands and keys. */
export function helpReport(commands: readonly { name: string; argument: string; summary: string }[]): string {
  const rows = commands.map(
    ({ name, argument, summary }) =>
      `| /${name}${argument === '' ? '' : ` ${argument.replaceAll('|', '\\|')}`} | ${summary} |`,
  );
  const keys = KEYS.map(([key, meaning]) => `| ${key.replaceAll('\\', '\\\\')} | ${meaning} |`);
  return ['| Command | |', '|---|---|', ...rows, '', '| Key | |', '|---|---|', ...keys].join('\n');
}

export function toolsReport(tools: readonly { name: string; description: string }[], isOn: boolean): string {
  if (!isOn) return 'Tools are off in this session (`--no-tools`).';
  if (tools.length === 0) return 'There are no tools.';
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
export function costReport(session: Session, calls: readonly CallCost[]): string {
  const unknown = session.hasUnknownCost ? ', and turns whose price is unknown' : '';
  const lines = [
    `This session: ${formatCost(session.costUsd)} in ${session.turns} ${session.turns === 1 ? 'turn' : 'turns'}${unknown}.`,
  ];
  if (calls.length === 0) return [...lines, 'This conversation: no model call yet.'].join('  \n');
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
    `${lines[0] ?? ''} This conversation:`,
    '',
    '| Model | Calls | In | Cached | Out | Cost |',
    '|---|--:|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

/** What the model sees of the conversation. */
export function contextReport(session: Session, messages: number): string {
  const left = contextLeft(session);
  const cached = cacheRate(session.lastUsage);
  return [
    `- Model: ${escape(modelName(session.model))}`,
    `- Messages: ${messages}`,
    ...(session.usedTokens === null || session.usedTokens === 0
      ? []
      : [`- Tokens at the last call: ${formatTokens(session.usedTokens)}`]),
    ...(session.contextTokens === null
      ? []
      : [
          `- Tokens the model takes: ${formatTokens(session.contextTokens)}${left === undefined ? '' : ` (${left} % left)`}`,
        ]),
    ...(cached === undefined ? [] : [`- Read from the provider's cache in the last turn: ${cached} %`]),
    ...(session.conversationId === undefined ? [] : [`- Conversation: ${session.conversationId}`]),
  ].join('\n');
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
export function describeAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? 'yesterday' : `${days} days ago`;
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
