/** Owns the Korean texts of the palette, the keys and the connection. */
import type { Texts } from './texts.ts';

export const koreanLive: Pick<Texts, 'palette' | 'shortcuts' | 'live'> = {
  palette: {
    open: '찾기 …',
    title: '페이지, 작업, 대화 찾기',
    placeholder: '페이지, 작업, 대화를 찾아보세요',
    nothing: (query) => `‘${query}’에 맞는 것이 없습니다.`,
    hint: '화살표로 고르고 Enter로 열고 Escape로 닫습니다.',
    groups: {
      recent: '최근',
      pages: '페이지',
      actions: '실행',
      conversations: '대화',
      tools: '도구',
      tasks: '예약 작업',
      settings: '설정',
      users: '사용자',
    },
    actions: {
      chat: '새 대화',
      task: '새 작업',
      files: '지식 문서에 파일 추가',
      doctor: '상태 진단',
      verify: '감사 기록 검증',
      keys: '키보드 단축키 보기',
      light: '밝은 테마',
      dark: '어두운 테마',
      system: '시스템 테마',
    },
  },
  shortcuts: {
    title: '키보드 단축키',
    palette: '찾기 창 열기',
    help: '이 목록 보기',
    search: '페이지의 검색으로 이동',
  },
  live: {
    open: '실시간',
    connecting: '연결하는 중 …',
    unreachable: '연결 끊김',
    waiting: (count) => `승인을 기다리는 요청 ${count}건`,
  },
};
