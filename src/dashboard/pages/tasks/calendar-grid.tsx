/** Owns how the days of the calendar look: cells of a grid that the arrow keys lead through, one day in full, or a list of days. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { Section } from '../../components/section.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { usePerson } from '../../session-gate.tsx';
import { dayAfterKey } from './calendar-days.ts';
import { RunBadge } from './task-cells.tsx';
import { weekdayName } from './task-words.ts';

export type Day = Result<'GET /task-calendar'>['days'][number];
type Item = Day['items'][number];

interface CalendarGridProps {
  readonly days: readonly Day[];
  readonly zone: string;
  /** The day that is looked at. */
  readonly date: string;
  readonly today: string;
  readonly weekStart: number;
  readonly isWeek: boolean;
  /** The keyboard led to the day, and takes the focus along. */
  readonly isByKey: boolean;
  readonly onDate: (date: string, isByKey: boolean) => void;
}

const WEEK = 7;

export function CalendarGrid(props: CalendarGridProps): ReactNode {
  const { days, date, weekStart, isWeek, onDate } = props;
  const { tasks } = useTexts();
  const language = document.documentElement.lang;
  const onKey = (event: KeyboardEvent): void => {
    const next = dayAfterKey(date, event.key, weekStart);
    if (next === undefined) return;
    event.preventDefault();
    onDate(next, true);
  };
  const weeks = Array.from({ length: Math.ceil(days.length / WEEK) }, (_, at) =>
    days.slice(at * WEEK, (at + 1) * WEEK),
  );
  return (
    <table role="grid" aria-label={tasks.calendar} className="tasks-grid" onKeyDown={onKey}>
      <thead>
        <tr>
          {Array.from({ length: WEEK }, (_, at) => (weekStart + at) % WEEK).map((day) => (
            <th key={day} scope="col">
              <abbr title={weekdayName(day, language)}>{weekdayName(day, language, 'short')}</abbr>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.date}>
            {week.map((day) => (
              <DayCell key={day.date} day={day} most={isWeek ? 20 : 3} {...props} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayCellProps extends CalendarGridProps {
  readonly day: Day;
  readonly most: number;
}

function DayCell({ day, zone, date, today, isWeek, most, isByKey, onDate }: DayCellProps): ReactNode {
  const { tasks } = useTexts();
  const cell = useRef<HTMLTableCellElement>(null);
  const isChosen = day.date === date;
  useEffect(() => {
    if (isChosen && isByKey) cell.current?.focus();
  }, [isChosen, isByKey]);
  const isOther = !isWeek && day.date.slice(0, 7) !== date.slice(0, 7);
  const classes = ['tasks-day', ...(day.date === today ? ['tasks-today'] : []), ...(isOther ? ['tasks-other'] : [])];
  return (
    <td
      ref={cell}
      role="gridcell"
      className={classes.join(' ')}
      tabIndex={isChosen ? 0 : -1}
      aria-selected={isChosen}
      aria-current={day.date === today ? 'date' : undefined}
      onClick={() => onDate(day.date, false)}
    >
      <span className="unseen">{`${dayTitle(day.date)}, ${tasks.cal.count(countOf(day))}`}</span>
      <span className="tasks-day-number" aria-hidden="true">
        {Number(day.date.slice(8))}
      </span>
      {rareFirst(day.items)
        .slice(0, most)
        .map((item) => (
          <span key={`${item.uid} ${item.state}`} className={`tasks-item tasks-item-${item.state}`}>
            <span className="tasks-item-time">{timesWords(item, zone, tasks.cal)}</span> <VisibleText text={item.id} />
          </span>
        ))}
      {day.items.length > most ? (
        <span className="quiet tasks-item-more">{tasks.cal.more(day.items.length - most)}</span>
      ) : null}
    </td>
  );
}

const countOf = (day: Day): number => day.items.reduce((sum, { at }) => sum + at.length, 0);

/** `2026-03-29` in the words of the page. */
function dayTitle(date: string): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'full', timeZone: 'UTC' }).format(
    Date.parse(`${date}T00:00:00Z`),
  );
}

function timeIn(at: string, zone: string): string {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: 'short', timeZone: zone }).format(
    new Date(at),
  );
}

type CalendarWords = ReturnType<typeof useTexts>['tasks']['cal'];

/** One time, or how often: a cell has no room for more. */
function timesWords({ at, is_more: isMore }: Item, zone: string, words: CalendarWords): string {
  const [first] = at;
  if (at.length === 1 && !isMore && first !== undefined) return timeIn(first, zone);
  return isMore ? words.many(at.length) : words.times(String(at.length));
}

interface DayProps {
  readonly day: Day | undefined;
  readonly zone: string;
}

/** Everything of one day, with the way to each task. */
export function DayDetails({ day, zone }: DayProps): ReactNode {
  const { tasks } = useTexts();
  if (day === undefined) return null;
  const hours = (Date.parse(day.ends_at) - Date.parse(day.starts_at)) / 3_600_000;
  return (
    <Section title={dayTitle(day.date)}>
      {hours === 24 ? null : <p className="notice ask">{tasks.cal.change(String(hours))}</p>}
      {day.items.length === 0 ? <p className="quiet">{tasks.cal.nothing}</p> : <Items day={day} zone={zone} />}
    </Section>
  );
}

/** Days that have something, one below the other. */
export function CalendarDayList({ days, zone }: { readonly days: readonly Day[]; readonly zone: string }): ReactNode {
  const { tasks } = useTexts();
  const busy = days.filter(({ items }) => items.length > 0);
  if (busy.length === 0) return <p className="quiet">{tasks.cal.nothingShown}</p>;
  return busy.map((day) => <DayDetails key={day.date} day={day} zone={zone} />);
}

const MOST_TIMES = 12;
const FEW_TIMES = 3;
/** A task that is due more often on a day comes after those that are not. */
const RARE = 6;

function rareFirst(items: readonly Item[]): Item[] {
  return items.toSorted((a, b) => Number(a.at.length > RARE) - Number(b.at.length > RARE));
}

function Items({ day, zone }: { readonly day: Day; readonly zone: string }): ReactNode {
  const { tasks } = useTexts();
  const { role } = usePerson();
  return (
    <ul className="tasks-items">
      {rareFirst(day.items).map((item) => (
        <li key={`${item.uid} ${item.state}`}>
          <RunBadge state={item.state} />{' '}
          <Link to={`/dashboard/tasks/${encodeURIComponent(role === 'admin' ? item.uid : item.id)}`}>{item.id}</Link>{' '}
          <span className="quiet">
            {item.at
              .slice(0, item.is_more ? FEW_TIMES : MOST_TIMES)
              .map((at) => timeIn(at, zone))
              .join(', ')}
            {item.is_more ? ` … ${tasks.cal.many(item.at.length)}` : ''}
            {!item.is_more && item.at.length > MOST_TIMES ? ` ${tasks.cal.more(item.at.length - MOST_TIMES)}` : ''}
          </span>
        </li>
      ))}
    </ul>
  );
}
