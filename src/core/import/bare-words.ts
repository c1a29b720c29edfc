/** Owns what programs put around the words of people and of the assistant: wrappers, times, marks, calls of the program itself. Taken off, the words stay. Pure. */
import { lineOf, textOf, valueAt } from './foreign-values.ts';
import { readJson } from './json-lines.ts';

export interface Words {
  /** Who said it, where the wrapper tells. */
  readonly author: string | undefined;
  readonly text: string;
}

/** What was put before the talk, or is a call of the program to its agent: no words of anybody. */
const NO_WORDS =
  /^\s*(<(environment_context|user_instructions|system-reminder|permissions|INSTRUCTIONS)\b|# AGENTS\.md instructions|Read HEARTBEAT\.md if it exists)/;
/** Answers by which an agent of OpenClaw says that it has nothing to say. */
const NO_ANSWER = /^\s*(HEARTBEAT_OK|NO_REPLY|ANNOUNCE_SKIP|REPLY_SKIP)\s*$/;

/** The words of people in one message: none, one, or several when people of a room were put together. */
export function wordsOfPeople(text: string): Words[] {
  if (NO_WORDS.test(text)) return [];
  if (text.includes('<messages>')) return ofRoom(text);
  return ofOpenclaw(text);
}

/** The words of the assistant; undefined when it said that it says nothing. */
export function wordsOfAssistant(text: string): string | undefined {
  if (NO_ANSWER.test(text)) return undefined;
  return textOf(text.replace(/^\s*\[\[reply_to[^\]\n]{0,80}\]\]\s*/, ''));
}

const OPENS = '<message';
const CLOSES = '</message>';

/** NanoClaw and RustClaw wrap what people of a room said in `<messages>`. */
function ofRoom(text: string): Words[] {
  const messages = [...wrapped(text)].flatMap(({ attributes, inside }) => {
    const said = textOf(unescaped(inside));
    const author = lineOf(unescaped(/\bsender="([^"]*)"/.exec(attributes)?.[1] ?? ''));
    return said === undefined ? [] : [{ author, text: said }];
  });
  return messages.length > 0 ? messages : [{ author: undefined, text }];
}

/** What stands between `<message …>` and `</message>`: one look from the beginning to the end, however often one is opened and not closed. */
function* wrapped(text: string): Generator<{ readonly attributes: string; readonly inside: string }> {
  let open = text.indexOf(OPENS);
  while (open !== -1) {
    const from = open + OPENS.length;
    let next = from;
    // `<messages>` is another word.
    if (!/[A-Za-z0-9_]/.test(text.charAt(from))) {
      const end = text.indexOf('>', from);
      const close = end === -1 ? -1 : text.indexOf(CLOSES, end);
      if (close === -1) return;
      yield { attributes: text.slice(from, end), inside: text.slice(end + 1, close) };
      next = close + CLOSES.length;
    }
    open = text.indexOf(OPENS, next);
  }
}

/** The text of a line that is a point of a list; undefined for any other. */
export function pointOf(line: string): string | undefined {
  const trimmed = line.trim();
  const isPoint = (trimmed.startsWith('-') || trimmed.startsWith('*')) && /\s/.test(trimmed.charAt(1));
  return isPoint ? trimmed.slice(2).trim() : undefined;
}

const TIME = /^\[[A-Z][a-z]{2} \d{4}-\d{2}-\d{2}[^\]\n]{0,30}\]\s*/;
/** `Sender (untrusted metadata):` and JSON in a fence. */
const FACTS = /^[A-Z][\w ]{2,60} \(untrusted[^)\n]{0,60}\):\n```json\n([\s\S]*?)\n```\s*/;
const MAX_FACTS = 8;

/** OpenClaw puts the time and blocks of facts before the words, and the id of the message after them. */
function ofOpenclaw(written: string): Words[] {
  let text = written.trimStart();
  let author: string | undefined;
  for (let count = 0; count < MAX_FACTS; count += 1) {
    const bare = text.replace(TIME, '');
    const facts = FACTS.exec(bare);
    if (facts === null) break;
    const known = readJson(facts[1] ?? '', () => {});
    author = lineOf(valueAt(known, 'name'), 80) ?? author ?? lineOf(valueAt(known, 'sender'), 80);
    text = bare.slice(facts[0].length);
  }
  if (text !== written.trimStart() || TIME.test(text)) text = text.replace(TIME, '');
  const said = textOf(text.replace(/\n\[message_id: [^\]\n]{1,80}\]\s*$/, ''));
  return said === undefined ? [] : [{ author, text: said }];
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescaped(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
