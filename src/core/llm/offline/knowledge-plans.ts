/** Owns looking things up in documents without a model, in English and Korean, by the tool knowledge_tool. */
import type { Plan, Question } from './plan.ts';

const TOOL = 'knowledge_tool';

const EN =
  /^(?:please\s+)?(?:search|look\s+(?:up\s+)?in|find\s+in)\s+(?:through\s+)?(?:my|the|our)?\s*(?:documents?|docs|knowledge(?:\s+base)?|files|notes)\s+(?:for|about|on)\s+(.+?)[?.!]*$/i;
const EN_OTHER =
  /^(?:what\s+do\s+)?(?:my|our)\s+(?:documents?|docs|notes)\s+say\s+about\s+(.+?)[?.!]*$|^(?:look\s+up|find|search(?:\s+for)?)\s+(.+?)\s+in\s+(?:my|the|our)\s+(?:documents?|docs|knowledge(?:\s+base)?|notes)[?.!]*$/i;
const KO =
  /^(?:내|제|나의|저의|우리)?\s*(?:문서|자료|지식|노트)(?:들)?\s*(?:에서|에)\s*(.+?)\s*(?:을|를|에\s*대해(?:서)?)?\s*(?:찾아|검색해?|알려)\s*(?:봐|줘|주세요|줄래)?[?.!]*$/;

/** "Search my documents for the warranty", "내 문서에서 보증 기간 찾아줘". */
export function planSearchDocuments({ text, tools, isKorean }: Question): Plan | undefined {
  if (text.length > 500 || !tools.some(({ name }) => name === TOOL)) return undefined;
  const asked = text.trim();
  const other = EN_OTHER.exec(asked);
  const query = EN.exec(asked)?.[1] ?? other?.[1] ?? other?.[2] ?? KO.exec(asked)?.[1];
  if (query === undefined) return undefined;
  const head = isKorean ? `문서에서 찾은 "${query}":` : `From your documents, about "${query}":`;
  return {
    calls: [() => ({ name: TOOL, input: { action: 'search', query, limit: 3 } })],
    answer: (outputs) => `${head}\n\n${outputs[0] ?? ''}`,
  };
}
