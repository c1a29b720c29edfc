/** Owns the sentences of errors and their hints in Korean. */
import type { ENGLISH_ERRORS } from './english-errors.ts';
import { josa } from './josa.ts';
import type { Texts } from './phrase.ts';

export const KOREAN_ERRORS: Texts<typeof ENGLISH_ERRORS> = {
  noSlashCommand: (name) => `/${name} 명령어는 없어요.`,
  seeHelp: '/help를 확인해 보세요.',
  didYouMean: (near) => `혹시 ${near}인가요?`,
  nothingSaid: '이 대화에서는 아직 나눈 말이 없어요.',
  resumeEarlier: '지난 대화를 이어 가려면: /resume',
  waitsForTurn: (command) => `${josa(command, '은/는')} 턴이 끝난 뒤에 쓸 수 있어요.`,
  pressEsc: '멈추려면 Esc를 누르세요.',
  noQuestion: '질문이 없어요.',
  askQuestion: 'claw chat -p "질문"처럼 쓰거나 파이프로 넘겨 주세요.',
};
