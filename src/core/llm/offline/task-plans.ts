/** Owns tasks and reminders without a model, in English and Korean, by the tool schedule_task. */
import type { JsonObject } from '../../kernel/messages.ts';
import type { Plan, Question } from './plan.ts';
import { readWhen } from './when.ts';

const TOOL = 'schedule_task';
/** A longer text is no request that rules understand. */
const LONGEST = 500;

/** "Remind me in 10 minutes to call Kim", "every day at 9 what is 2 plus 3", "매일 아침 9시에 약 먹으라고 알려줘", "list my tasks", "cancel task abc". */
export function planTask(question: Question): Plan | undefined {
  const text = question.text.trim();
  if (!question.tools.some(({ name }) => name === TOOL) || text.length > LONGEST) return undefined;
  return planManage(question, text) ?? planSchedule(question, text);
}

/** A due reminder is said as it stands. */
export function planReminder({ text }: Question): Plan | undefined {
  const [, what] = /^(?:remind me|알림):\s*(.+)$/is.exec(text.trim()) ?? [];
  if (what === undefined) return undefined;
  const answer = text.trim().startsWith('알림') ? `알림: ${what}` : `Reminder: ${what}`;
  return { calls: [], answer: () => answer };
}

function planSchedule(question: Question, text: string): Plan | undefined {
  const found = readWhen(text);
  const prompt = found === undefined ? undefined : promptOf(found.rest);
  if (found === undefined || prompt === undefined) return undefined;
  // Other text that happens to name a time asks for nothing.
  if (!text.endsWith(found.rest) && !/^(?:Remind me|알림): /.test(prompt)) return undefined;
  const { type: schedule_type, value: schedule_value } = found;
  return {
    calls: [call({ action: 'schedule', schedule_type, schedule_value, prompt })],
    answer: ([output]) => {
      const { id, schedule, next, tz } = JSON.parse(output ?? '{}') as Shown;
      const often = schedule_type === 'in' ? '' : ` ${schedule}.`;
      return question.isKorean
        ? `작업 ${id}을(를) 만들었습니다.${often} 다음 실행: ${next} (${tz}).`
        : `I made the task ${id}.${often} Next: ${next} (${tz}).`;
    },
  };
}

const REMIND_EN = /^(?:please\s+)?remind\s+me\s+(?:to\s+|that\s+|of\s+|about\s+)?(.+)$/is;
const REMIND_KO = /^(.+?)\s*(?:알려|말해|얘기해|상기시켜|리마인드해)\s*(?:줘|주세요|주라)?[.!]*$/s;

/** What is asked when it is due; undefined when nothing is left to ask. */
function promptOf(rest: string): string | undefined {
  const said = rest.replace(/[.!]+$/, '').trim();
  const english = REMIND_EN.exec(said)?.[1];
  if (english !== undefined) return `Remind me: ${english.trim()}`;
  if (/^(?:please\s+)?remind\s+me$/i.test(said)) return undefined;
  const korean = REMIND_KO.exec(said)?.[1];
  if (korean !== undefined) return `알림: ${asNoun(korean.trim())}`;
  return said === '' ? undefined : said;
}

/** "약 먹으라고" is "약 먹기". */
function asNoun(text: string): string {
  return text
    .replace(/으라고$/, '기')
    .replace(/([하시가오보내나쓰사주타])라고$/, '$1기')
    .replace(/(?:이?라고|고)$/, '')
    .replace(/(?<=\S)[을를]$/, '');
}

const LIST_EN =
  /^(?:please\s+)?(?:list|show)\s+(?:me\s+)?(?:my\s+|all\s+|the\s+)*(?:scheduled\s+)?(?:tasks|reminders|schedules)[.!?]*$/i;
const LIST_KO =
  /^(?:내|제|모든)?\s*(?:예약\s*)?(?:작업|알림|일정)(?:들)?\s*(?:목록)?(?:을|를)?\s*(?:보여|알려)\s*(?:줘|주세요)[.!]*$/;
const ACT_EN =
  /^(?:please\s+)?(pause|resume|cancel)\s+(?:the\s+|my\s+)?(?:task|reminder|schedule)\s+([A-Za-z0-9._-]+?)[.!]*$/i;
const ACT_KO =
  /^(?:작업|알림|일정)\s*([A-Za-z0-9._-]+?)\s*(?:을|를|은|는)?\s*(일시\s*정지|멈춰|재개|다시\s*시작|취소)\s*(?:해)?\s*(?:줘|주세요)?[.!]*$/;

function planManage(question: Question, text: string): Plan | undefined {
  if (LIST_EN.test(text) || LIST_KO.test(text)) {
    return { calls: [call({ action: 'list' })], answer: ([output]) => listed(question, output ?? '{}') };
  }
  const english = ACT_EN.exec(text);
  const korean = ACT_KO.exec(text);
  const id = english?.[2] ?? korean?.[1];
  if (id === undefined) return undefined;
  const action = english?.[1]?.toLowerCase() ?? actionOf(korean?.[2] ?? '');
  return {
    calls: [call({ action, id })],
    answer: ([output]) => {
      const task = JSON.parse(output ?? '{}') as Shown;
      return question.isKorean
        ? `작업 ${task.id}: ${STATES_KO[task.state] ?? task.state}.`
        : `Task ${task.id} is ${task.state}.`;
    },
  };
}

const STATES_KO: Readonly<Record<string, string>> = { active: '재개됨', paused: '일시 정지됨', cancelled: '취소됨' };

function actionOf(korean: string): string {
  if (korean.startsWith('취소')) return 'cancel';
  return korean.startsWith('일시') || korean === '멈춰' ? 'pause' : 'resume';
}

function listed({ isKorean }: Question, output: string): string {
  const { tasks = [] } = JSON.parse(output) as { tasks?: readonly Shown[] };
  if (tasks.length === 0) return isKorean ? '예약된 작업이 없습니다.' : 'There are no tasks.';
  return tasks
    .map(({ id, state, next, tz, prompt, tool }) => `- ${id} (${state}, ${next ?? '-'} ${tz}): ${prompt ?? tool ?? ''}`)
    .join('\n');
}

/** The shape that tools/schedule_task.ts answers with. */
interface Shown {
  readonly id: string;
  readonly state: string;
  readonly schedule: string;
  readonly next: string | null;
  readonly tz: string;
  readonly prompt: string | null;
  readonly tool: string | null;
}

const call = (input: JsonObject) => () => ({ name: TOOL, input });
