/** Owns the next times of a schedule: how far they are, when they are by the clock of its zone, and what is likely a mistake. */
import { type ReactNode, useEffect, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { localTime, type Mistake, mistakesOf, type ScheduleType } from './schedule-plan.ts';
import { instantIn } from './task-words.ts';

interface NextTimesProps {
  readonly type: ScheduleType;
  readonly value: string;
  readonly zone: string;
  /** Says what is likely a mistake; not where nobody types. */
  readonly warns?: boolean;
}

const SHOWN = 5;
const PAUSE_MS = 200;

export function NextTimes({ type, value, zone, warns = false }: NextTimesProps): ReactNode {
  const { tasks, state } = useTexts();
  const asked = usePaused(JSON.stringify([type, value, zone]));
  const [schedule_type, schedule_value, tz] = JSON.parse(asked) as [ScheduleType, string, string];
  const query = { schedule_type, schedule_value, count: SHOWN, ...(tz === '' ? {} : { tz }) };
  const times = useRead('GET /task-preview', { query }, { isEnabled: schedule_value.trim() !== '' });
  if (value.trim() === '') return null;
  if (times.error !== null) return <output className="bad-text">{state.failed(times.error.message)}</output>;
  const list = times.data ?? [];
  return (
    <output className="tasks-next">
      <span className="quiet">{tasks.previewIn(zone)}</span>
      <ol>
        {list.map((at) => (
          <li key={at}>
            {instantIn(at, zone, document.documentElement.lang)} <span className="quiet">(</span>
            <When at={at} />
            <span className="quiet">)</span>
          </li>
        ))}
      </ol>
      {warns && times.data !== undefined
        ? mistakesOf(schedule_value, zone, list).map((mistake) => (
            <span key={mistake.kind} className="notice ask tasks-mistake">
              <MistakeWords mistake={mistake} />
            </span>
          ))
        : null}
    </output>
  );
}

function MistakeWords({ mistake }: { readonly mistake: Mistake }): ReactNode {
  const { tasks } = useTexts();
  switch (mistake.kind) {
    case 'past':
      return tasks.mistakes.past;
    case 'skipped':
      return tasks.mistakes.skipped(mistake.at.replace('T', ' '));
    case 'often':
      return tasks.mistakes.often(mistake.aDay);
  }
}

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(text), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return paused;
}

/** Now by the clock of a zone, `2026-02-01T15:30`. */
export function localNow(zone: string): string {
  return localTime(Date.now(), zone) ?? new Date().toISOString().slice(0, 16);
}
