/** Owns remembering, forgetting and recalling without a model, in English and Korean, by the tool memory_manage. */
import type { JsonObject } from '../../kernel/messages.ts';
import type { Plan, Question } from './plan.ts';

const TOOL = 'memory_manage';
const MOST_ANSWERED = 3;
/** A longer text is no request to remember and no question that rules understand. */
const LONGEST = 500;

interface Fact {
  readonly category: 'user_info' | 'facts' | 'notes';
  readonly key: string;
  readonly value: string;
}

/** "Remember that my birthday is 3 May", "내 생일은 5월 3일이야. 기억해 줘", "forget my birthday", "내 생일 잊어 줘". */
export function planRemember(question: Question): Plan | undefined {
  const text = question.text.trim();
  if (!hasTool(question) || text.length > LONGEST) return undefined;
  const forgotten = readForget(text);
  if (forgotten !== undefined) {
    const done = { en: `I have forgotten ${forgotten}.`, ko: `${forgotten}: 잊었습니다.` };
    return { calls: [call({ action: 'forget', key: forgotten })], answer: () => inLanguage(question, done) };
  }
  const fact = readFact(text);
  if (fact === undefined) return undefined;
  const done = {
    en: `I will remember: ${fact.key} = ${fact.value}`,
    ko: `기억하겠습니다: ${fact.key} = ${fact.value}`,
  };
  return { calls: [call({ action: 'add', ...fact })], answer: () => inLanguage(question, done) };
}

/** Any question is looked up in memory; what is not there is answered by `otherwise`. */
export function planRecall(question: Question, otherwise: string): Plan | undefined {
  const text = question.text.trim();
  if (!hasTool(question) || text.length > LONGEST || !isQuestion(text)) return undefined;
  const input: JsonObject = asksForAll(text) ? { action: 'list' } : { action: 'search', query: text };
  return { calls: [call(input)], answer: (outputs) => recalled(question, outputs[0] ?? '', otherwise) };
}

const hasTool = ({ tools }: Question): boolean => tools.some(({ name }) => name === TOOL);
const call = (input: JsonObject) => () => ({ name: TOOL, input });
const inLanguage = ({ isKorean }: Question, text: { en: string; ko: string }): string => (isKorean ? text.ko : text.en);

const FORGET_EN = /^(?:please\s+)?forget\s+(?:about\s+|that\s+)?(?:my\s+|the\s+)?(.+?)[.!]*$/i;
const FORGET_KO = /^(?:(?:내|제|나의|저의)\s*)?(.+?)(?:은|는|을|를)?\s*(?:잊어|지워)\s*(?:줘|주세요|버려)?[.!]*$/;

function readForget(text: string): string | undefined {
  return (FORGET_EN.exec(text) ?? FORGET_KO.exec(text))?.[1];
}

const ASK_EN = /^(?:please\s+)?(?:remember|note|memori[sz]e)\b(?:\s+that\b)?[:,]?\s+/i;
const ASK_EN_END = /[,.;]?\s+(?:please\s+)?(?:remember\s+(?:that|it|this))[.!]*$/i;
const NAME_EN = /^my\s+name\s+is\s+(.+?)[.!]*$/i;
const MINE_EN = /^(?:my|our|the)\s+(.+?)\s+(?:is|are)\s+(.+?)[.!]*$/i;
const ASK_KO =
  /^기억해\s*(?:줘|주세요|둬|두세요)?\s*[:,.!]\s*|[,.]?\s*(?:(?:이?라고|라는\s*것|는\s*것|ㄴ\s*것)(?:을|를)?\s*)?기억\s*해\s*(?:줘|주세요|둬|두세요)?[.!]*$/;
const NAME_KO = /^(?:내|제|나의|저의)\s*이름은\s*(.+?)(?:이야|야|예요|이에요|입니다)?[.!]*$/;
const MINE_KO =
  /^(?:(?:내|제|나의|저의|우리)\s*)?(.+?)(?:은|는|이|가)\s+(.+?)(?:이야|야|예요|이에요|입니다|이다)?[.!]*$/;

function readFact(text: string): Fact | undefined {
  const said = text.replace(ASK_EN, '').replace(ASK_EN_END, '').replace(ASK_KO, '').trim();
  const isAsked = said !== text && said !== '';
  const name = (NAME_EN.exec(said) ?? NAME_KO.exec(said))?.[1];
  if (name !== undefined && !isQuestion(said)) return { category: 'user_info', key: 'name', value: name };
  if (!isAsked) return undefined;
  const [, key, value] = MINE_EN.exec(said) ?? MINE_KO.exec(said) ?? [];
  if (key !== undefined && value !== undefined && key.length <= 60) return { category: 'facts', key, value };
  return { category: 'notes', key: said.split(/\s+/).slice(0, 5).join(' ').slice(0, 60), value: said };
}

function isQuestion(text: string): boolean {
  return (
    /[?？]\s*$/.test(text) ||
    /^(?:what|when|where|who|whose|which|how|why|do you (?:remember|know|recall)|tell me|recall)\b/i.test(text) ||
    /(?:뭐|무엇|언제|어디|누구|누가|몇|얼마|어떤|어느|알려|알아|기억나|기억하)\S*[.!?？\s]*\S*$/.test(text)
  );
}

function asksForAll(text: string): boolean {
  return (
    /^(?:what|tell me what)\s+do\s+you\s+(?:remember|know)(?:\s+about\s+me)?[?.\s]*$/i.test(text) ||
    /^(?:나에 대해|저에 대해|내|제)?\s*(?:뭘|무엇을|뭐를?)\s*(?:기억|알)\S*[?.\s]*$/.test(text)
  );
}

function recalled(question: Question, output: string, otherwise: string): string {
  // The shape that tools/memory_manage.ts answers with.
  const { memories } = JSON.parse(output) as { memories: readonly { name: string; value: string }[] };
  if (memories.length === 0) return otherwise;
  const limit = asksForAll(question.text.trim()) ? memories.length : MOST_ANSWERED;
  const lines = memories.slice(0, limit).map(({ name, value }) => `${name.replace(/^[a-z_]+\//, '')}: ${value}`);
  return `${inLanguage(question, { en: 'From memory:', ko: '기억하고 있는 것:' })}\n${lines.join('\n')}`;
}
