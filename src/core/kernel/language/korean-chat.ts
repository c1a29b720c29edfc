/** Owns what claw itself says on chat platforms, in Korean. */
import type { ENGLISH_CHAT } from './english-chat.ts';
import { josa } from './josa.ts';
import type { Texts } from './phrase.ts';

export const KOREAN_CHAT: Texts<typeof ENGLISH_CHAT> = {
  hello: (name) =>
    `안녕하세요, ${josa(name, '이에요/예요')}. 편하게 말을 걸어 주세요. 할 수 있는 일은 /help로 볼 수 있어요.`,
  help: {
    about: (name) =>
      `저는 ${josa(name, '이에요/예요')}. 질문에 답하고, 보내 주신 파일과 사진을 읽고, 정보를 찾아보고, 필요하면 도구를 써요.`,
    inRooms: (name) => `방에서는 @${josa(name, '으로/로')} 시작하거나, 저를 멘션하거나, 제 메시지에 답장해 주세요.`,
    reset: '/reset – 새 대화 시작하기',
    usage: '/usage – 오늘과 이번 달 사용량, 내 예산',
    stop: '/stop – 하던 일 멈추기',
    help: '/help – 이 도움말',
    pairCode: '/pair 코드 – 연결 코드를 받은 사람 들이기',
    pair: '/pair – 다른 사용자로 연결할 코드 받기',
  },
  readOnly: '여기서는 읽을 수만 있고 어시스턴트와 대화할 수는 없어요.',
  newConversation: '새 대화를 시작할게요. 지난 대화는 보관되지만 저는 더 이상 보지 않아요.',
  stopped: '멈췄어요.',
  notRunning: '지금은 하고 있는 일이 없어요.',
  onlyAdminPairs: '권한이 없어요. 관리자만 다른 사람을 들일 수 있어요.',
  writeCode: '뒤에 코드를 붙여 주세요: /pair K7QM-3WXD',
  letIn: (person, user) => `이제 ${person} 님이 ${josa(user, '으로/로')} 저와 대화할 수 있어요.`,
  codeStillGood: '얼마 전에 받은 코드를 아직 쓸 수 있어요. 아니면 잠시 뒤에 다시 해 주세요.',
  yourCode: (code) => `코드는 ${code}입니다. 관리자가 아래 명령으로 사용자 NAME에 연결해 드려요:`,
  stranger: {
    hello: (name) => `안녕하세요, 저는 ${josa(name, '이에요/예요')}. 아직 서로 모르는 사이네요.`,
    tellCode: (code) => `저를 운영하는 분께 이 코드를 알려 주세요: ${code}`,
    goodFor: (minutes, code) => `${minutes}분 동안 쓸 수 있어요. 운영자가 실행할 명령: claw user pair approve ${code}`,
  },
  welcome: '연결됐어요. 이제 저에게 메시지를 보낼 수 있어요.',
  unknownPerson: '누구신지 모르겠어요.',
  deadButton: '더 이상 쓸 수 없는 버튼이에요.',
  allowedOnce: '이번 한 번 허용했어요.',
  denied: '거부했어요.',
  didNotWork: (why) => `처리하지 못했어요: ${why}`,
  tooLong: (length, most) => `메시지가 ${length}자예요. ${most}자까지 받을 수 있으니 파일로 보내 주세요.`,
  tooMany: '짧은 시간에 메시지가 너무 많이 왔어요. 1분쯤 뒤에 다시 보내 주세요.',
  couldNotAnswer: (why) => `답하지 못했어요: ${why}`,
  internalError: '내부 오류',
  mayI: '이 작업을 해도 될까요?',
  lapses: (minutes) => `${minutes}분 안에 답해 주세요. 그 뒤에는 만료돼요.`,
  allowOnce: '이번만 허용',
  deny: '거부',
  usage: {
    today: '오늘',
    thisMonth: '이번 달',
    nothing: '사용 없음',
    tokens: (input, output, usd) => `입력 ${input}토큰, 출력 ${output}토큰, $${usd}`,
    unpriced: (unpriced, calls) => ` (호출 ${calls}번 중 ${unpriced}번은 가격을 몰라 빠졌어요)`,
    zone: (zone) => `날짜는 ${zone} 기준이에요.`,
  },
};
