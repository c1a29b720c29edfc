/** Owns the reading of a command line into words, for programs that are started without a shell. Knows quotes and nothing else: what a shell would act on is refused, never passed on to mean something else. */

export type Words = { readonly words: readonly string[] } | { readonly reason: string };

const MAX_LENGTH = 16_384;
const MAX_WORDS = 256;

/** What a shell acts on outside quotes, and why it is refused. */
const OPERATORS: Readonly<Record<string, string>> = {
  '|': 'a pipe',
  '&': 'a background or chained command',
  ';': 'a second command',
  '<': 'a redirection',
  '>': 'a redirection',
  '(': 'a subshell',
  ')': 'a subshell',
  '`': 'a command substitution',
  $: 'a variable or substitution',
  '\\': 'an escape; use quotes',
  '*': 'a file pattern; quote it',
  '[': 'a file pattern; quote it',
  ']': 'a file pattern; quote it',
  '{': 'a brace expansion; quote it',
  '}': 'a brace expansion; quote it',
  '!': 'a history expansion; quote it',
};

/** Splits `line`. Single quotes keep all; double quotes refuse what a shell would still act on in them. */
export function tokenize(line: string): Words {
  if (line.length > MAX_LENGTH) return refuse(`the command is longer than ${MAX_LENGTH} characters`);
  const strange = refuseCharacters(line);
  if (strange !== undefined) return refuse(strange);
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === ' ' || char === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const quoted = readQuoted(line, at);
      if (typeof quoted === 'string') return refuse(quoted);
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (word === undefined && words.length > 0 && /^(!|\\[()])( |$)/.test(line.slice(at, at + 3))) {
      // What find combines its tests with: no shell reads more into it where it stands alone.
      word = char === '!' ? char : line.charAt(at + 1);
      at += char === '!' ? 0 : 1;
    } else {
      const reason = refuseUnquoted(char, word);
      if (reason !== undefined) return refuse(reason);
      word = (word ?? '') + char;
    }
  }
  if (word !== undefined) words.push(word);
  return checkWords(words);
}

/** Checks words that came as a list. */
export function checkWords(words: readonly string[]): Words {
  const [program] = words;
  if (program === undefined || program === '') return refuse('there is no command');
  if (words.length > MAX_WORDS) return refuse(`the command has more than ${MAX_WORDS} words`);
  if (words.reduce((sum, word) => sum + word.length, 0) > MAX_LENGTH) return refuse('the command is too long');
  const strange = words.map(refuseCharacters).find((reason) => reason !== undefined);
  if (strange !== undefined) return refuse(strange);
  if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(program)) return refuse('it sets a variable for the command');
  return { words };
}

function readQuoted(line: string, start: number): { text: string; end: number } | string {
  const quote = line.charAt(start);
  const end = line.indexOf(quote, start + 1);
  if (end === -1) return 'a quote is not closed';
  const text = line.slice(start + 1, end);
  if (quote === '"' && /[$`]/.test(text)) return 'it holds a variable or substitution in double quotes';
  if (quote === '"' && /\\([\\"]|$)/.test(text)) return 'it holds an escape in double quotes; use single quotes';
  return { text, end };
}

function refuseUnquoted(char: string, word: string | undefined): string | undefined {
  if (isAddressBracket(char, word) || isRevisionBrace(char, word)) return undefined;
  const operator = OPERATORS[char];
  if (operator !== undefined) return `it holds ${operator} (${char}); no shell is used`;
  if (char === '?' && !/^https?:\/\//i.test(word ?? '')) return 'it holds a file pattern (?); quote it';
  if (word === undefined && (char === '#' || char === '~'))
    return `it holds a word that a shell reads otherwise (${char})`;
  if (/\s/u.test(char)) return 'it holds an unusual white space';
  return undefined;
}

/** The brackets of an IPv6 host stand for themselves. */
function isAddressBracket(char: string, word = ''): boolean {
  return (char === '[' && /^https?:\/\/$/i.test(word)) || (char === ']' && /^https?:\/\/\[[0-9a-f:.]+$/i.test(word));
}

/** `HEAD@{1}`, `v1^{tree}`: without a comma or `..` the braces stand for themselves. */
function isRevisionBrace(char: string, word = ''): boolean {
  return (char === '{' && /^[\w./-]*[@^]$/.test(word)) || (char === '}' && /^[\w./-]*[@^]\{[A-Za-z0-9-]*$/.test(word));
}

function refuseCharacters(text: string): string | undefined {
  if (!text.isWellFormed()) return 'it is no valid Unicode';
  if (/[\n\r\u2028\u2029\u0085]/.test(text)) return 'it holds a line break';
  if (/(?!\t)\p{Cc}/u.test(text)) return 'it holds a control character';
  if (/\p{Bidi_Control}|[\u200b\u2060\ufeff]/u.test(text))
    return 'it holds an invisible character that changes its display';
  return undefined;
}

function refuse(reason: string): Words {
  return { reason };
}
