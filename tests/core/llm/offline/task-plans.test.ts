import { describe, expect, it } from 'vitest';
import { planFor } from '../../../../src/core/llm/offline/plans.ts';

const tools = ['schedule_task', 'add_two_numbers', 'memory_manage'].map((name) => ({
  name,
  description: '',
  inputSchema: {},
}));
const first = (text: string): unknown => planFor({ text, isKorean: /[가-힣]/.test(text), tools }).calls[0]?.([])?.input;

describe('requests for later', () => {
  it.each([
    ['Remind me in 10 minutes to call Kim', 'in', '10m', 'Remind me: call Kim'],
    ['remind me to drink water in an hour.', 'in', '1h', 'Remind me: drink water'],
    ['in 2 hours, remind me about the bread', 'in', '2h', 'Remind me: the bread'],
    ['every day at 9 what is 2 plus 3', 'cron', '0 9 * * *', 'what is 2 plus 3'],
    ['Every weekday at 9:30 pm remind me to stretch', 'cron', '30 21 * * 1-5', 'Remind me: stretch'],
    ['every monday at 12 am: read notes.txt', 'cron', '0 0 * * 1', 'read notes.txt'],
    ['every 30 minutes remind me to look up', 'interval', '30m', 'Remind me: look up'],
    ['매일 아침 9시에 약 먹으라고 알려줘', 'cron', '0 9 * * *', '알림: 약 먹기'],
    ['10분 뒤에 물 마시라고 알려줘', 'in', '10m', '알림: 물 마시기'],
    ['평일 오후 6시 반에 퇴근하라고 말해 줘', 'cron', '30 18 * * 1-5', '알림: 퇴근하기'],
    ['매주 월요일 오전 10시 5분에 2 더하기 3은?', 'cron', '5 10 * * 1', '2 더하기 3은?'],
    ['30분마다 스트레칭 알려줘', 'interval', '30m', '알림: 스트레칭'],
  ])('%s', (text, schedule_type, schedule_value, prompt) => {
    expect(first(text)).toEqual({ action: 'schedule', schedule_type, schedule_value, prompt });
  });

  it.each([
    'every day at 25 remind me to sleep',
    'remind me in 10 minutes',
    '월요일 9시에 회의',
    'how far do I walk in 30 minutes?',
  ])('makes no task of %s', (text) => expect(first(text)).not.toMatchObject({ action: 'schedule' }));

  it('lists, pauses, resumes and cancels', () => {
    expect(first('list my tasks')).toEqual({ action: 'list' });
    expect(first('내 작업 보여줘')).toEqual({ action: 'list' });
    expect(first('cancel task news-1')).toEqual({ action: 'cancel', id: 'news-1' });
    expect(first('작업 news-1 일시 정지해 줘')).toEqual({ action: 'pause', id: 'news-1' });
    expect(first('resume the task news-1.')).toEqual({ action: 'resume', id: 'news-1' });
  });

  it('a due reminder is said', () => {
    const said = (text: string): string => planFor({ text, isKorean: false, tools }).answer([]);
    expect(said('Remind me: call Kim')).toBe('Reminder: call Kim');
    expect(said('알림: 약 먹기')).toBe('알림: 약 먹기');
  });
});
