/** Owns what is asked of the marketplace without a model, in English and Korean, by the tool marketplace_tool. */
import type { JsonObject } from '../../kernel/messages.ts';
import type { Plan, Question } from './plan.ts';

const TOOL = 'marketplace_tool';
/** A longer text is no request that rules understand. */
const LONGEST = 200;

const NAME = '["\'`]?([a-z][a-z0-9_]{1,49})["\'`]?';
const PLACE_EN = String.raw`(?:the\s+|claw'?s\s+)?market\s?place`;
const PLACE_KO = '(?:마켓\\s?플레이스|마켓)';
const END_EN = String.raw`(?:\s*,?\s*please)?\s*[.!?]*$`;
const END_KO = '\\s*(?:해\\s?줘|해\\s?주세요|해\\s?줄래|하기|해)?[.!?]*$';

type Read = (text: string) => JsonObject | undefined;

const named =
  (action: string, ...patterns: readonly RegExp[]): Read =>
  (text) => {
    const name = patterns.map((pattern) => pattern.exec(text)?.[1]).find((found) => found !== undefined);
    return name === undefined ? undefined : { action, name: name.toLowerCase() };
  };

const english = (words: string): RegExp => new RegExp(`^(?:please\\s+)?${words}${END_EN}`, 'i');
const korean = (words: string): RegExp => new RegExp(`^${words}${END_KO}`, 'i');
const THING = String.raw`(?:the\s+)?(?:tool\s+|package\s+)?${NAME}(?:\s+(?:tool|package))?`;

/** In order. "install" alone names the marketplace, for other things are installed too. */
const READERS: readonly Read[] = [
  named(
    'install',
    english(String.raw`(?:install|get|add)\s+${THING}\s+from\s+${PLACE_EN}`),
    korean(String.raw`${PLACE_KO}\s*에서\s*${NAME}\s*(?:을|를)?\s*(?:도구\s*)?(?:을|를)?\s*설치`),
    korean(String.raw`${NAME}\s*(?:을|를)?\s*${PLACE_KO}\s*에서\s*설치`),
  ),
  named(
    'uninstall',
    english(String.raw`(?:uninstall|remove)\s+(?:the\s+)?(?:tool|package)\s+${NAME}`),
    english(String.raw`uninstall\s+${NAME}(?:\s+(?:tool|package))?`),
    korean(String.raw`(?:도구\s*)?${NAME}\s*(?:도구)?\s*(?:을|를)?\s*제거`),
  ),
  named(
    'update',
    english(String.raw`update\s+(?:the\s+)?(?:tool|package)\s+${NAME}`),
    english(String.raw`update\s+${NAME}\s+from\s+${PLACE_EN}`),
    korean(String.raw`(?:도구\s*)${NAME}\s*(?:을|를)?\s*업데이트`),
  ),
  readSearch,
  (text) => (LIST.test(text) ? { action: 'list' } : undefined),
];

const LIST =
  /^(?:(?:list|show)\s+(?:me\s+)?(?:the\s+|my\s+)?installed\s+(?:tools|packages)|설치(?:된|한)\s*도구(?:\s*(?:목록|보여|알려))?(?:\s*줘)?)\s*[.!?]*$/i;
const SEARCH_EN = new RegExp(`^(?:please\\s+)?(?:search|look\\s+in)\\s+${PLACE_EN}(?:\\s+for\\s+(.+?))?${END_EN}`, 'i');
const SEARCH_KO = new RegExp(
  `^${PLACE_KO}\\s*(?:에서)?\\s*(.*?)\\s*(?:을|를)?\\s*(?:찾아|검색해?|보여)\\s*(?:봐|줘|주세요)?[.!?]*$`,
);

function readSearch(text: string): JsonObject | undefined {
  const found = SEARCH_EN.exec(text) ?? SEARCH_KO.exec(text);
  if (found === null) return undefined;
  const query = found[1] ?? '';
  return query === '' ? { action: 'search' } : { action: 'search', query };
}

/** "install unit_converter from the marketplace", "마켓플레이스에서 unit_converter 설치해줘". */
export function planMarketplace({ text, tools, isKorean }: Question): Plan | undefined {
  const asked = text.trim();
  if (asked.length > LONGEST || !tools.some(({ name }) => name === TOOL)) return undefined;
  const input = READERS.map((read) => read(asked)).find((found) => found !== undefined);
  if (input === undefined) return undefined;
  return { calls: [() => ({ name: TOOL, input })], answer: ([output]) => answer(output ?? '', isKorean) };
}

interface Line {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
}

function answer(output: string, isKorean: boolean): string {
  if (!/^[[{]/.test(output)) return output;
  const value = JSON.parse(output) as readonly Line[] | { readonly packages: readonly Line[] };
  const lines = 'packages' in value ? value.packages : value;
  if (lines.length === 0) return isKorean ? '아무것도 없습니다.' : 'There is none.';
  return lines
    .map(({ name, version, description }) => `${name} ${version}${description === undefined ? '' : `: ${description}`}`)
    .join('\n');
}
