/** Owns what the codes of errors mean in Korean. */
import type { ErrorCode } from '../errors.ts';

export const KOREAN_MEANINGS: Readonly<Record<ErrorCode, string>> = {
  'internal-error': 'claw의 버그예요. 로그와 함께 알려 주세요.',
  'usage-invalid': '명령이나 요청의 형식이 올바르지 않아요.',
  'config-invalid': '설정이 없거나, 알 수 없거나, 범위를 벗어났어요.',
  'auth-missing': '이 작업에 필요한 자격 증명이 없어요.',
  'auth-rejected': '자격 증명이 거부됐어요.',
  'permission-denied': '이 사용자나 방, 도구에는 허용되지 않아요.',
  'not-found': '그런 것이 없어요.',
  conflict: '이미 있거나 다른 쪽에서 쓰고 있어요.',
  locked: '다른 프로세스가 쓰고 있어요. 끝난 뒤에 다시 해 주세요.',
  'upstream-failed': '제공자나 플랫폼, 웹 서버에서 오류가 났어요.',
  'upstream-rate-limited': '제공자가 잠시 기다리라고 했어요.',
  'sandbox-refused': '샌드박스가 이 작업을 막았어요.',
  'sandbox-unavailable': '이 도구에 필요한 샌드박스가 이 컴퓨터에 없어요.',
  'data-invalid': '파일이나 저장된 값이 손상됐거나 형식이 달라요.',
  'limit-reached': '한도나 예산을 다 썼어요.',
  'too-large': '문서가 받을 수 있는 크기보다 커요.',
  cancelled: '사용자가 멈췄어요.',
};
