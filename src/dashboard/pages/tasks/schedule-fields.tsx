/** Owns choosing when a task runs: by a builder, or by the text that it makes, which can be typed as well. */
import { type ReactNode, useId } from 'react';
import { useTexts } from '../../language/use-texts.ts';
import { localNow, NextTimes } from './next-times.tsx';
import {
  beginKind,
  type Kind,
  KINDS,
  type Plan,
  planOf,
  textOf,
  typeOfText,
  type Unit,
  UNITS,
} from './schedule-plan.ts';
import { ownZone, weekdayName } from './task-words.ts';

export interface Schedule {
  /** As the API takes it. */
  readonly value: string;
  readonly zone: string;
  readonly kind: Kind;
}

/** A schedule that is there already, or the beginning of a new one. */
export function scheduleFrom(value = '0 9 * * *', zone = ownZone()): Schedule {
  return { value, zone, kind: kindOf(value) };
}

/** An interval that has no short form is one all the same. */
function kindOf(value: string): Kind {
  const { kind } = planOf(value);
  return kind === 'cron' && typeOfText(value) === 'interval' ? 'interval' : kind;
}

interface ScheduleFieldsProps {
  readonly schedule: Schedule;
  readonly onSchedule: (schedule: Schedule) => void;
  /** What the server found wrong with the text. */
  readonly problem: string | undefined;
}

export function ScheduleFields({ schedule, onSchedule, problem }: ScheduleFieldsProps): ReactNode {
  const { tasks } = useTexts();
  const base = useId();
  const { value, zone, kind } = schedule;
  const plan = planOf(value);
  const type = (text: string): void => {
    const isCron = kind === 'cron' && typeOfText(text) === 'cron';
    onSchedule({ ...schedule, value: text, kind: isCron ? 'cron' : kindOf(text) });
  };
  const take = (next: Plan): void => onSchedule({ ...schedule, value: textOf(next) ?? value });
  return (
    <>
      <div className="tasks-when">
        <div className="field">
          <label htmlFor={`${base}-kind`}>{tasks.type}</label>
          <select
            id={`${base}-kind`}
            data-kind="select"
            value={kind}
            onChange={({ target }) => {
              const next = KINDS.find((each) => each === target.value) ?? 'cron';
              onSchedule({ ...schedule, kind: next, value: beginKind(next, value, localNow(zone)) });
            }}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {tasks.kinds[each]}
              </option>
            ))}
          </select>
        </div>
        {plan.kind === kind ? <PlanFields plan={plan} onPlan={take} /> : null}
      </div>
      <div className="tasks-when">
        <div className="field">
          <label htmlFor={`${base}-value`}>{tasks.scheduleValue}</label>
          <input
            id={`${base}-value`}
            data-kind="text"
            required
            autoComplete="off"
            spellCheck={false}
            className="mono"
            value={value}
            aria-invalid={problem !== undefined}
            onChange={({ target }) => type(target.value)}
          />
          {problem === undefined ? null : <span className="bad-text">{problem}</span>}
        </div>
        <ZoneField zone={zone} onZone={(next) => onSchedule({ ...schedule, zone: next })} />
      </div>
      <NextTimes type={typeOfText(value)} value={value} zone={zone} warns />
    </>
  );
}

function ZoneField({ zone, onZone }: { readonly zone: string; readonly onZone: (zone: string) => void }): ReactNode {
  const { tasks } = useTexts();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{tasks.zone}</label>
      <input
        id={id}
        data-kind="text"
        list={`${id}-zones`}
        autoComplete="off"
        value={zone}
        onChange={({ target }) => onZone(target.value)}
      />
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf('timeZone').map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}

function PlanFields({ plan, onPlan }: { readonly plan: Plan; readonly onPlan: (plan: Plan) => void }): ReactNode {
  const { tasks } = useTexts();
  switch (plan.kind) {
    case 'daily':
      return <TimeField time={plan.time} onTime={(time) => onPlan({ ...plan, time })} />;
    case 'weekly':
      return (
        <>
          <WeekdayFields days={plan.days} onDays={(days) => onPlan({ ...plan, days })} />
          <TimeField time={plan.time} onTime={(time) => onPlan({ ...plan, time })} />
        </>
      );
    case 'monthly':
      return (
        <>
          <DayField day={plan.day} onDay={(day) => onPlan({ ...plan, day })} />
          <TimeField time={plan.time} onTime={(time) => onPlan({ ...plan, time })} />
        </>
      );
    case 'interval':
      return <EveryFields plan={plan} onPlan={onPlan} />;
    case 'once':
      return (
        <label className="field">
          {tasks.at}
          <input
            type="datetime-local"
            required
            value={plan.at}
            onChange={({ target }) => onPlan({ kind: 'once', at: target.value })}
          />
        </label>
      );
    case 'cron':
      return null;
  }
}

function TimeField({ time, onTime }: { readonly time: string; readonly onTime: (time: string) => void }): ReactNode {
  const { tasks } = useTexts();
  return (
    <label className="field">
      {tasks.time}
      <input type="time" required value={time} onChange={({ target }) => onTime(target.value || '00:00')} />
    </label>
  );
}

interface WeekdayFieldsProps {
  readonly days: readonly number[];
  readonly onDays: (days: readonly number[]) => void;
}

function WeekdayFields({ days, onDays }: WeekdayFieldsProps): ReactNode {
  const { tasks } = useTexts();
  const language = document.documentElement.lang;
  return (
    <fieldset className="ways tasks-days">
      <legend>{tasks.days}</legend>
      {[1, 2, 3, 4, 5, 6, 0].map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={days.includes(day)}
            // The last day cannot be taken away: a week without days is no schedule.
            disabled={days.length === 1 && days.includes(day)}
            onChange={({ target }) => onDays(target.checked ? [...days, day] : days.filter((each) => each !== day))}
          />
          <span title={weekdayName(day, language)}>{weekdayName(day, language, 'short')}</span>
        </label>
      ))}
    </fieldset>
  );
}

function DayField({ day, onDay }: { readonly day: string; readonly onDay: (day: string) => void }): ReactNode {
  const { tasks } = useTexts();
  return (
    <label className="field">
      {tasks.day}
      <select value={day} onChange={({ target }) => onDay(target.value)}>
        {Array.from({ length: 31 }, (_, at) => (
          <option key={at + 1} value={at + 1}>
            {at + 1}
          </option>
        ))}
        <option value="L">{tasks.lastDay}</option>
      </select>
    </label>
  );
}

type Interval = Extract<Plan, { kind: 'interval' }>;

function EveryFields({ plan, onPlan }: { readonly plan: Interval; readonly onPlan: (plan: Plan) => void }): ReactNode {
  const { tasks } = useTexts();
  const label = useId();
  const takeUnit = (text: string): Unit => UNITS.find((each) => each === text) ?? plan.unit;
  return (
    <div className="field" role="group" aria-labelledby={label}>
      <span id={label}>{tasks.every}</span>
      <div className="tasks-every">
        <input
          type="number"
          min={1}
          max={999_999}
          required
          aria-label={tasks.every}
          value={plan.every}
          onChange={({ target }) => onPlan({ ...plan, every: Math.max(1, Math.trunc(Number(target.value))) })}
        />
        <select
          aria-label={tasks.kinds.interval}
          value={plan.unit}
          onChange={({ target }) => onPlan({ ...plan, unit: takeUnit(target.value) })}
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {tasks.units[unit]}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
