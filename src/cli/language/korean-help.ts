/** Owns what --help says in Korean. */
import type { HelpWords } from './help-words.ts';
import { KOREAN_DESCRIPTIONS } from './korean-descriptions.ts';
import { KOREAN_HOME_FLAGS } from './korean-flags-home.ts';
import { KOREAN_TALK_FLAGS } from './korean-flags-talk.ts';
import { KOREAN_TOOL_FLAGS } from './korean-flags-tools.ts';
import { KOREAN_FLAGS } from './korean-flags.ts';
import { KOREAN_SUMMARIES } from './korean-summaries.ts';
import { KOREAN_TOPICS } from './korean-topics.ts';

export const KOREAN_HELP: HelpWords = {
  texts: {
    claw: 'claw: 내 컴퓨터에서 직접 운영하는 AI 어시스턴트.',
    usage: '사용법',
    commands: '명령',
    everyFlag: '모든 명령의 옵션',
    exitCodes: '종료 코드',
    more: (version) => `버전 ${version}. 자세히 보기: claw 명령 --help`,
    command: '명령',
    folder: '폴더',
    question: '2 더하기 3은?',
    success: '성공',
    flags: {
      help: '사용법과 예시 보기.',
      home: '~/.claw 대신 쓸 홈 폴더(CLAW_HOME).',
      json: '표준 출력에 JSON 값 하나만 출력.',
      version: '버전 보기(명령 없이).',
    },
  },
  topics: KOREAN_TOPICS,
  summaries: KOREAN_SUMMARIES,
  descriptions: KOREAN_DESCRIPTIONS,
  headings: {
    USAGE: '사용법',
    ARGUMENTS: '인수',
    FLAGS: '옵션',
    'GLOBAL FLAGS': '공통 옵션',
    DESCRIPTION: '설명',
    EXAMPLES: '예시',
    ALIASES: '다른 이름',
  },
  marks: { '[default: ': '[기본값: ', '(required) ': '(필수) ', '<options: ': '<선택: ' },
  flags: { ...KOREAN_FLAGS, ...KOREAN_HOME_FLAGS, ...KOREAN_TALK_FLAGS, ...KOREAN_TOOL_FLAGS },
};
