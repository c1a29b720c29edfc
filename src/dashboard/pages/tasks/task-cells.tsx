/** Owns how the schedule, the state and the last run of a task are told. */
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { type Run, RUN_TONES, scheduleWords, STATE_TONES, type Task } from './task-words.ts';

export function ScheduleCell({ task: { schedule_value: value, tz } }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  const words = scheduleWords(value, tasks.words, document.documentElement.lang);
  return (
    <>
      {words ?? (
        <code>
          <VisibleText text={value} />
        </code>
      )}
      <p className="tasks-about">{tz}</p>
    </>
  );
}

export function TaskState({ task: { state, reason } }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  // That somebody paused it is what the word says.
  const isTold = reason !== null && state !== 'paused' && state !== 'cancelled';
  return (
    <span title={reason ?? undefined}>
      <Badge tone={STATE_TONES[state]}>{tasks.states[state]}</Badge>
      {isTold ? (
        <p className="tasks-about">
          <VisibleText text={reason} />
        </p>
      ) : null}
    </span>
  );
}

export function NextCell({ task: { next_at: at, state } }: { readonly task: Task }): ReactNode {
  const { tasks } = useTexts();
  return at == null || state !== 'active' ? <span className="quiet">{tasks.noNext}</span> : <When at={at} />;
}

export function LastRun({ run }: { readonly run: Run | null | undefined }): ReactNode {
  const { tasks } = useTexts();
  if (run == null) return <span className="quiet">{tasks.neverRan}</span>;
  return (
    <>
      <RunBadge state={run.state} />
      <p className="tasks-about">
        <When at={run.due_at} />
      </p>
    </>
  );
}

export function RunBadge({ state }: { readonly state: keyof typeof RUN_TONES }): ReactNode {
  const { tasks } = useTexts();
  return <Badge tone={RUN_TONES[state]}>{tasks.runStates[state]}</Badge>;
}
