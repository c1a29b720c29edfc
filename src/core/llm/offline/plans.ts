/** Owns what can be understood without a model: each plan is a few tool calls and a sentence made of their results. A plan whose tool is not there is not offered. */
import type { JsonObject } from '../../kernel/messages.ts';
import { type Operand, readArithmetic, type Step } from './arithmetic.ts';
import { planSearchDocuments } from './knowledge-plans.ts';
import { planMarketplace } from './marketplace-plans.ts';
import { planRecall, planRemember } from './memory-plans.ts';
import type { Plan, PlannedCall, Question } from './plan.ts';
import { planReminder, planTask } from './task-plans.ts';

/** In order; the first that understands the question answers it. */
const READERS: readonly ((question: Question) => Plan | undefined)[] = [
  planNamedTool,
  planMarketplace,
  planReminder,
  planTask,
  planArithmetic,
  planReadFile,
  planGreeting,
  planHelp,
  planSearchDocuments,
  planRemember,
];

export function planFor(question: Question): Plan {
  for (const read of READERS) {
    const plan = read(question);
    if (plan !== undefined) return plan;
  }
  const otherwise = question.isKorean
    ? `지금은 오프라인 모드이고 언어 모델이 아니어서 그 질문에는 답할 수 없습니다. ${abilities(question, 'ko')}`
    : `I am in offline mode and not a language model, so I cannot answer that. ${abilities(question, 'en')}`;
  return planRecall(question, otherwise) ?? { calls: [], answer: () => otherwise };
}

function planNamedTool({ text, tools }: Question): Plan | undefined {
  const match = /^(?:run|use|call|실행:?|도구)\s+([a-z][a-z0-9_]*)\s*(\{[\s\S]*\})?\s*(?:실행(?:해\s*줘)?)?$/i.exec(
    text.trim(),
  );
  const tool = tools.find(({ name }) => name === match?.[1]);
  if (match === null || tool === undefined) return undefined;
  let input: JsonObject;
  try {
    input = JSON.parse(match[2] ?? '{}') as JsonObject;
  } catch {
    return { calls: [], answer: () => `The input is not valid JSON. Write: run ${tool.name} {"key": "value"}` };
  }
  return { calls: [() => ({ name: tool.name, input })], answer: (outputs) => outputs[0] ?? '' };
}

function planArithmetic(question: Question): Plan | undefined {
  const steps = readArithmetic(question.text);
  if (steps === undefined) return undefined;
  const needed = new Set(steps.map(({ operator }) => toolOf(operator)));
  if (![...needed].every((name) => question.tools.some((tool) => tool.name === name))) return undefined;
  return {
    calls: steps.map((step) => (outputs) => arithmeticCall(step, outputs)),
    answer: (outputs) => tidy(Number(outputs.at(-1))),
  };
}

const toolOf = (operator: Step['operator']): string =>
  operator === '+' || operator === '-' ? 'add_two_numbers' : 'multiply_two_numbers';

function arithmeticCall({ operator, left, right }: Step, outputs: readonly string[]): PlannedCall {
  const value = (operand: Operand): number => ('number' in operand ? operand.number : Number(outputs[operand.step]));
  const a = value(left);
  const b = operator === '-' ? -value(right) : operator === '/' ? 1 / value(right) : value(right);
  return { name: toolOf(operator), input: { a, b } };
}

/** 12 significant digits: what is left of binary fractions is no news. */
function tidy(value: number): string {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(12)))
    : 'That has no finite result (결과가 유한하지 않습니다).';
}

function planReadFile({ text, tools }: Question): Plan | undefined {
  if (!tools.some(({ name }) => name === 'read_text_file')) return undefined;
  const match =
    /^(?:read|show|open)\s+(?:me\s+)?(?:the\s+)?(?:file\s+)?["'`]?([^\s"'`]+\.[\w]+)["'`]?[.!]?$/i.exec(text.trim()) ??
    /^(?:파일\s+)?["'`]?([^\s"'`]+\.[\w]+)["'`]?(?:\s*(?:을|를|파일을?))?\s*(?:읽어|보여|열어)\s*(?:줘|주세요)?[.!]?$/.exec(
      text.trim(),
    );
  const path = match?.[1];
  if (path === undefined) return undefined;
  return { calls: [() => ({ name: 'read_text_file', input: { path } })], answer: (outputs) => outputs[0] ?? '' };
}

function planGreeting(question: Question): Plan | undefined {
  const isGreeting = /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|안녕(?:하세요)?|반가워요?)[\s!.~?]*$/i.test(
    question.text.trim(),
  );
  if (!isGreeting) return undefined;
  return say(question, {
    en: `Hello. I am claw in offline mode: no model is set up, so I only do what needs none. ${abilities(question, 'en')}`,
    ko: `안녕하세요. claw 오프라인 모드입니다. 설정된 모델이 없어 모델이 필요 없는 일만 합니다. ${abilities(question, 'ko')}`,
  });
}

function planHelp(question: Question): Plan | undefined {
  if (!/^(?:help|what can you do|도움말?|뭘? ?할 수 있(?:어|나요|니))[\s?!.]*$/i.test(question.text.trim()))
    return undefined;
  return say(question, { en: abilities(question, 'en'), ko: abilities(question, 'ko') });
}

function abilities({ tools }: Question, language: 'en' | 'ko'): string {
  const names = tools.map(({ name }) => name);
  if (language === 'ko') {
    const runnable = names.length === 0 ? '' : ` "run 도구이름 {JSON}"으로 실행할 수 있는 도구: ${names.join(', ')}.`;
    return `계산("2 더하기 3은?")과 파일 읽기("notes.txt 읽어줘")를 할 수 있습니다.${runnable} 모델을 쓰려면 \`claw secret set ANTHROPIC_API_KEY\`로 키를 넣거나 \`claw init\`을 실행하세요.`;
  }
  const runnable = names.length === 0 ? '' : ` With "run TOOL {JSON}" I run a tool: ${names.join(', ')}.`;
  return `I can calculate ("what is 2 plus 3") and read files ("read notes.txt").${runnable} For a real model, add a key with \`claw secret set ANTHROPIC_API_KEY\` or run \`claw init\`.`;
}

function say({ isKorean }: Question, text: { en: string; ko: string }): Plan {
  return { calls: [], answer: () => (isKorean ? text.ko : text.en) };
}
