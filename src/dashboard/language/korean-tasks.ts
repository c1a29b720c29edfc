/** Owns the Korean texts of the page of tasks. */
import type { Texts } from './texts.ts';

export const koreanTasks: Pick<Texts, 'tasks'> = {
  tasks: {
    create: '새 작업',
    schedule: '일정',
    next: '다음 실행',
    prompt: '할 일',
    type: '일정 종류',
    scheduleValue: '언제 (cron, 90m 또는 ISO 날짜)',
    zone: '시간대',
    misfire: '시각을 놓쳤을 때',
    pause: '일시 중지',
    resume: '다시 시작',
    cancel: '취소',
    runNow: '지금 실행',
    ledger: '각 시각의 결과',
    due: '예정 시각',
    preview: '다음 시각',
    cancelQuestion: '이 작업을 완전히 취소할까요?',
  },
};
