/** Owns the sentences of core in Korean. */
import { josa } from './josa.ts';
import { KOREAN_ERRORS } from './korean-errors.ts';
import type { Phrases } from './phrase.ts';

export const KOREAN_PHRASES: Phrases = {
  ...KOREAN_ERRORS,

  offline: (why) => `오프라인 모드예요. ${why}`,
  noProvider: '설정된 모델 제공자가 없어요. 이렇게 추가하세요: claw secret set ANTHROPIC_API_KEY',
  providerChosen: (ref) => `설정된 제공자인 ${josa(ref, '을/를')} 써요. 바꾸려면: claw model set 제공자/모델`,
  chosenModelUnusable: (scope, models, why) => `이 ${scopeName(scope)}에 지정한 모델(${models})을 쓸 수 없어요: ${why}`,
  runThis: (message, command) => `${message} 이렇게 해 보세요: ${command}`,
  retrying: (why, seconds, made, most) => `${why} ${seconds}초 뒤에 다시 시도해요(${most}번 중 ${made}번째).`,
  goingOnWith: (why, ref) => `${why} ${josa(ref, '으로/로')} 이어 가요.`,
  leftAlone: (provider) => `${josa(provider, '은/는')} 잠시 쓰지 않아요.`,

  steered: '실행 중인 턴에 메시지를 전달했어요.',
  waitsForTurnBefore: '이 대화에서 다른 턴이 실행 중이에요. 끝나면 바로 시작해요.',
  compacted: (upTo, id) =>
    `대화가 길어서 메시지 1~${upTo}번은 이제 모델에 줄여서 보내요. 원문은 그대로 보관되고 검색할 수 있어요. 되돌리려면: \`claw conversation compact ${id} --undo\``,
  unprovenClaim: (claim) =>
    `답에는 "${claim}"라고 되어 있지만 이번 턴에서 작업을 마친 도구가 없어요. 바뀐 것은 없어요.`,
  answerCut: (tokens) => `답이 ${tokens}토큰에서 잘렸어요(MAX_TOKENS). 이어서 말해 달라고 하거나 한도를 올려 주세요.`,
  stoppedByRounds: (rounds) => `도구를 ${rounds}번 연이어 호출해서 멈췄어요(MAX_TOOL_ROUNDS).`,
  stoppedByTokens: (tokens) => `이번 턴의 토큰 ${tokens}개를 다 써서 멈췄어요(MAX_TURN_TOKENS).`,
  stoppedByCost: (usd) => `한 턴에 쓸 수 있는 비용 $${usd}에 이르러 멈췄어요.`,
  stoppedByTime: (seconds) => `한 턴에 쓸 수 있는 시간 ${seconds}초가 지나서 멈췄어요(MAX_TURN_SECONDS).`,
  stoppedBySameCalls: (times) => `같은 도구를 똑같이 ${times}번 연이어 호출해서 멈췄어요.`,
  stoppedByFailures: (times) => `도구 호출이 ${times}번 연이어 실패해서 멈췄어요.`,
  declined: '모델이 답하지 않겠다고 했어요.',
  interrupted: '멈췄어요. 지금까지의 답은 보관했어요.',

  budgetLeaves: (tokens) => `남은 예산으로는 이번 답에 ${tokens}토큰까지 쓸 수 있어요.`,
  budgetMostlyUsed: (percent, used) => `예산을 ${percent}% 썼어요: ${used}.`,
  usedOf: (used, amount, unit) =>
    unit === 'money' ? `${amount} 중 ${used}` : `${amount}${unitName(unit)} 중 ${used}${unitName(unit)}`,
  homeBudget: (period) => `이 홈의 ${periodName(period)} 예산`,
  budgetOf: (period, scope, name) => `${scopeName(scope)} ${name}의 ${periodName(period)} 예산`,
  homeCalls: '이 홈의 하루 모델 호출 한도(MAX_DAILY_CALLS)',
  userCalls: (name) => `${name}의 하루 모델 호출 한도(PER_USER_DAILY_CALLS)`,
  budgetLine: (name, used) => `${name}: ${used} 사용.`,
  budgetUsedUp: (name, used, isHeld, renews) =>
    `${josa(name, '으로/로')}는 모델을 더 호출할 수 없어요: ${used} 사용${isHeld === 1 ? ', 나머지는 실행 중인 호출이 잡고 있어요' : ''}. ${renews}에 다시 채워져요.`,
  waitOrRaiseBudget: '그때까지 기다리거나 관리자에게 늘려 달라고 하세요: claw budget set --help',
  runBudgetUsedUp: (used) => `이 작업의 1회 실행 예산으로는 모델을 더 호출할 수 없어요: ${used} 사용.`,
  raiseRunBudget: '예산을 늘리려면: claw task update ID --budget USD',
  billedForNothing: '요금이 나간 호출이 답 없이 끝났고, 이번 턴에는 한 번 더 호출할 비용이 남지 않았어요.',

  accountRefuses: (title, why) => `${josa(title, '이/가')} 로그인을 거부했어요. ${why}`,
  accountLimited: (title, until) => `${josa(title, '은/는')} ${until}까지 호출을 더 받지 않아요.`,
  accountBack: (title) => `다시 ${josa(title, '을/를')} 써요.`,
  keyStandsInWhileLimited: (title, until, key) =>
    `${josa(title, '이/가')} ${until}까지 호출을 더 받지 않아서 요금이 드는 ${josa(key, '을/를')} 대신 써요. 확인: claw auth status`,
  keyStandsIn: (title, key) =>
    `지금은 ${josa(title, '을/를')} 쓸 수 없어서 요금이 드는 ${josa(key, '을/를')} 대신 써요. 확인: claw auth status`,
  accountNeedsLogIn: (title, why, name) =>
    `${title}에 다시 로그인해야 해요. ${why} 어시스턴트가 있는 컴퓨터에서 실행하세요: claw auth login ${name}`,
  accountNotRenewed: (title, times, why) =>
    `${title} 로그인을 ${times}번 연이어 갱신하지 못했어요. ${why} 자동으로 다시 시도해요. 확인: claw auth status`,

  taskNews: (name, news) => `작업 ${name}: ${news}`,
  taskDisabled: (reason) => `사용이 중지됐어요: ${reason}.`,
  taskFailed: (reason, goesOn) => `실패했어요: ${reason}.${goesOn === 1 ? ' 다음 차례는 그대로 실행해요.' : ''}`,
  runsMissed: (count, since, reason) => `예정된 실행 ${count}번을 놓쳤어요(${since} 예정): ${reason}.`,
};

function periodName(period: string): string {
  return period === 'day' ? '하루' : '한 달';
}

function unitName(unit: string): string {
  return unit === 'tokens' ? '토큰' : '회';
}

function scopeName(scope: string): string {
  const names: Readonly<Record<string, string>> = {
    user: '사용자',
    room: '방',
    task: '작업',
    tool: '도구',
    conversation: '대화',
    home: '홈',
  };
  return names[scope] ?? scope;
}
