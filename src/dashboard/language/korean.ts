/** Owns the texts of the dashboard in Korean. */
import { koreanWords } from './korean-words.ts';
import { koreanWork } from './korean-work.ts';
import { koreanMarket } from './korean-market.ts';
import { koreanTasks } from './korean-tasks.ts';
import { koreanPermissions } from './korean-permissions.ts';
import { koreanConversations } from './korean-conversations.ts';
import { koreanMemory } from './korean-memory.ts';
import { koreanKnowledge } from './korean-knowledge.ts';
import { koreanPeople } from './korean-people.ts';
import { koreanPlaces } from './korean-places.ts';
import { koreanPermits } from './korean-permits.ts';
import { koreanSettings } from './korean-settings.ts';
import { koreanHealth } from './korean-health.ts';
import { koreanRunning } from './korean-running.ts';
import { koreanChat } from './korean-chat.ts';
import { koreanGate } from './korean-gate.ts';
import { koreanLive } from './korean-live.ts';
import type { Texts } from './texts.ts';

export const korean: Texts = {
  ...koreanWords,
  ...koreanWork,
  ...koreanMarket,
  ...koreanTasks,
  ...koreanPermissions,
  ...koreanConversations,
  ...koreanMemory,
  ...koreanKnowledge,
  ...koreanPeople,
  ...koreanPlaces,
  ...koreanPermits,
  ...koreanSettings,
  ...koreanRunning,
  ...koreanHealth,
  ...koreanChat,
  ...koreanGate,
  ...koreanLive,
  name: '한국어',
  nav: {
    overview: '개요',
    chat: '대화',
    conversations: '대화 기록',
    approvals: '승인',
    tools: '도구',
    tasks: '예약 작업',
    memory: '기억',
    knowledge: '지식 문서',
    users: '사용자와 키',
    channels: '그룹과 채널',
    costs: '비용',
    metrics: '지표',
    audit: '감사 기록',
    backups: '백업',
    settings: '설정',
    accounts: '계정 연결',
    webhooks: '웹훅',
    logs: '로그',
    doctor: '상태 점검',
  },
  shell: {
    groups: { talk: '대화', work: '할 수 있는 일', people: '사람과 연결', running: '운영' },
    skip: '본문으로 건너뛰기',
    menu: '메뉴',
    pages: '페이지',
    theme: '테마',
    light: '밝게',
    dark: '어둡게',
    system: '시스템 설정에 따름',
    language: '언어',
    signOut: '로그아웃',
    signedInAs: (name, role) => `${name} (${role})`,
    offline: '서버에 연결할 수 없습니다. 다시 응답하면 이 페이지가 이어집니다.',
    notFound: '없는 페이지입니다.',
    crashed: '페이지에 문제가 생겼습니다. 새로 고쳐 주세요. 계속되면 브라우저 콘솔에서 원인을 볼 수 있습니다.',
  },
  state: {
    loading: '불러오는 중 …',
    retry: '다시 시도',
    nothing: '아직 아무것도 없습니다.',
    failed: (why) => `실패했습니다: ${why}`,
    unreachable: '서버가 응답하지 않습니다.',
    yes: '예',
    cancel: '취소',
    save: '저장',
    close: '닫기',
  },
};
