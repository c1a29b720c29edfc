/** Owns the Korean texts of the chat. */
import type { Texts } from './texts.ts';

export const koreanChat: Pick<Texts, 'chat'> = {
  chat: {
    title: '대화',
    fresh: '새 대화',
    placeholder: '메시지를 입력하세요',
    send: '보내기',
    stop: '중지',
    you: '나',
    assistant: '어시스턴트',
    empty: '무엇이든 물어보세요. Enter로 보내고 Shift+Enter로 줄을 바꿉니다.',
    connecting: '연결하는 중 …',
    broken: '연결이 끊어져 다시 연결하고 있습니다.',
    interrupted: '중지했습니다.',
    approve: '이번만 허용',
    deny: '거부',
    wants: '승인이 필요합니다',
    running: '실행 중',
    took: (ms) => `${(ms / 1000).toFixed(1)}초`,
    picture: (address) => `${address}의 그림 (불러오지 않음)`,
    earlier: '이전 메시지',
    history: '대화 목록',
    copy: '복사',
    copied: '복사했습니다',
    usage: (tokens, cost) => `토큰 ${tokens}개, ${cost}`,
    tool: '도구',
  },
};
