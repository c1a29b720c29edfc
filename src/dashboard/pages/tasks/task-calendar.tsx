/** Owns the calendar of tasks: a month or a week by the clock of one zone, gone through by keyboard; days in a list where the screen is small. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { Loaded } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { CalendarDayList, CalendarGrid, DayDetails } from './calendar-grid.tsx';
import { addDays, addMonths, shownDays, weekStartOf } from './calendar-days.ts';
import { localTime } from './schedule-plan.ts';
import { ownZone } from './task-words.ts';

const VIEWS = ['month', 'week', 'days'] as const;
type View = (typeof VIEWS)[number];

/** Where a grid has no room. */
const SMALL = '(max-width: 40rem)';

export function TaskCalendar(): ReactNode {
  const { tasks } = useTexts();
  const [zone, setZone] = useState(ownZone);
  const [view, setView] = useState<View>(() => (window.matchMedia(SMALL).matches ? 'days' : 'month'));
  const today = todayIn(zone);
  const [date, setDate] = useState(today);
  const [isByKey, setByKey] = useState(false);
  const look = (next: string, isKey: boolean): void => {
    setDate(next);
    setByKey(isKey);
  };
  const weekStart = weekStartOf(document.documentElement.lang);
  const days = view === 'days' ? upcomingDays(date) : shownDays(date, view, weekStart);
  const query = { from: days[0] ?? date, to: days.at(-1) ?? date, tz: zone };
  const calendar = useRead('GET /task-calendar', { query });
  const step = (by: number): string => (view === 'month' ? addMonths(date, by) : addDays(date, 7 * by));
  return (
    <>
      <Bar
        title={titleOf(date, view, days)}
        steps={{ before: step(-1), today, after: step(1) }}
        view={view}
        zone={zone}
        onDate={(next) => look(next, false)}
        onView={setView}
        onZone={setZone}
      />
      <Loaded of={calendar} isEmpty={() => false}>
        {(data) =>
          view === 'days' ? (
            <CalendarDayList days={data.days} zone={data.tz} />
          ) : (
            <>
              <CalendarGrid
                days={data.days}
                zone={data.tz}
                date={date}
                today={today}
                weekStart={weekStart}
                isWeek={view === 'week'}
                isByKey={isByKey}
                onDate={look}
              />
              <p className="quiet">{tasks.cal.hint}</p>
              <DayDetails day={data.days.find((day) => day.date === date)} zone={data.tz} />
            </>
          )
        }
      </Loaded>
    </>
  );
}

interface BarProps {
  readonly title: string;
  /** Where each button leads. */
  readonly steps: Readonly<Record<'before' | 'today' | 'after', string>>;
  readonly view: View;
  readonly zone: string;
  readonly onDate: (date: string) => void;
  readonly onView: (view: View) => void;
  readonly onZone: (zone: string) => void;
}

function Bar({ title, steps, view, zone, onDate, onView, onZone }: BarProps): ReactNode {
  const { tasks } = useTexts();
  return (
    <div className="bar tasks-calendar-bar">
      <h2 aria-live="polite">{title}</h2>
      <div className="actions">
        {(['before', 'today', 'after'] as const).map((step) => (
          <button key={step} type="button" onClick={() => onDate(steps[step])}>
            {tasks.cal[step]}
          </button>
        ))}
      </div>
      <label className="field">
        {tasks.cal.view}
        <select value={view} onChange={({ target }) => onView(VIEWS.find((each) => each === target.value) ?? 'month')}>
          {VIEWS.map((each) => (
            <option key={each} value={each}>
              {tasks.cal[each]}
            </option>
          ))}
        </select>
      </label>
      <ZoneSelect zone={zone} onZone={onZone} />
    </div>
  );
}

const LIST_DAYS = 14;

function upcomingDays(date: string): string[] {
  return Array.from({ length: LIST_DAYS }, (_, at) => addDays(date, at));
}

function todayIn(zone: string): string {
  return (localTime(Date.now(), zone) ?? new Date().toISOString()).slice(0, 10);
}

/** The month, or from which day to which. */
function titleOf(date: string, view: View, days: readonly string[]): string {
  const language = document.documentElement.lang;
  if (view === 'month')
    return new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
      Date.parse(`${date}T00:00:00Z`),
    );
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const at = (day: string | undefined): number => Date.parse(`${day ?? date}T00:00:00Z`);
  return format.formatRange(at(days[0]), at(days.at(-1)));
}

interface ZoneSelectProps {
  readonly zone: string;
  readonly onZone: (zone: string) => void;
}

/** The zone of this browser, and those that tasks are in. */
function ZoneSelect({ zone, onZone }: ZoneSelectProps): ReactNode {
  const { tasks } = useTexts();
  const list = useRead('GET /tasks', { query: {} });
  const zones = [...new Set([ownZone(), zone, ...(list.data ?? []).map(({ tz }) => tz), 'UTC'])];
  return (
    <label className="field">
      {tasks.cal.zone}
      <select value={zone} onChange={({ target }) => onZone(target.value)}>
        {zones.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </label>
  );
}
