/** Owns the Korean texts of the pages of conversations, memory and documents. */
import type { Texts } from './texts.ts';

export const koreanData: Pick<Texts, 'memory' | 'knowledge' | 'conversations'> = {
  memory: {
    add: '기억 추가',
    category: '분류',
    key: '키',
    importance: '중요도 (1–5)',
    why: '기억된 이유',
    archived: '보관함',
    active: '사용 중',
    restore: '되돌리기',
    removeQuestion: '이 기억을 완전히 지울까요?',
  },
  knowledge: {
    add: '글 추가',
    addUrl: '웹 페이지 추가',
    upload: '파일 추가',
    passages: '단락',
    question: '문서 검색',
    score: '점수',
    place: '위치',
    url: '주소',
    removeQuestion: '이 문서를 삭제할까요?',
    uploaded: (done, of) => `${of}개 중 ${done}개를 추가했습니다`,
  },
  conversations: {
    find: '대화 내용 찾기',
    open: '열기',
    story: '진행 과정',
    failed: '전달하지 못한 메시지',
    resend: '다시 보내기',
    remove: '삭제',
    removeQuestion: '이 대화와 메시지를 삭제할까요?',
    tags: '태그',
    messages: '메시지',
    none: '찾은 것이 없습니다.',
  },
};
