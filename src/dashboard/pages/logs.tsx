/** Owns the page of the log: its last lines, filtered by level and words, followed, and each with what was around it. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { Badge } from '../components/badge.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { preciseInstant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { isId, type LogLine, readLogLine } from './log-line.ts';
import './logs.css';

const LINES = 500;
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

/** What is asked for stands in the address, so that other pages can lead to it. */
function useFilter() {
  const [search, setSearch] = useSearchParams();
  const level = LEVELS.find((each) => each === search.get('level'));
  const text = search.get('text') ?? '';
  const set = (name: 'level' | 'text', value: string): void => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  return { level, text, set };
}

export function Logs(): ReactNode {
  const { nav, logs, words } = useTexts();
  const { level, text, set } = useFilter();
  const [kept, setKept] = useState<Result<'GET /logs'>>();
  const [wraps, setWraps] = useState(true);
  const query = { limit: LINES, ...(text === '' ? {} : { text }), ...(level === undefined ? {} : { level }) };
  const log = useRead('GET /logs', { query }, { isEnabled: kept === undefined });
  return (
    <>
      <PageHead title={nav.logs} lead={logs.lead} />
      <div className="bar logs-bar">
        <label className="field">
          {words.search}
          <input type="search" value={text} maxLength={200} onChange={({ target }) => set('text', target.value)} />
        </label>
        <label className="field">
          {logs.level}
          <select value={level ?? ''} onChange={({ target }) => set('level', target.value)}>
            <option value="">{words.all}</option>
            {LEVELS.map((each) => (
              <option key={each} value={each}>
                {logs.fromLevel[each]}
              </option>
            ))}
          </select>
        </label>
        <label className="logs-wrap">
          <input type="checkbox" checked={wraps} onChange={({ target }) => setWraps(target.checked)} /> {logs.wrap}
        </label>
        <button
          type="button"
          aria-pressed={kept !== undefined}
          onClick={() => setKept(kept === undefined ? log.data : undefined)}
        >
          {kept === undefined ? logs.pause : logs.goOn}
        </button>
        <CopyButton text={(kept ?? log.data)?.lines.join('\n') ?? ''} label={logs.shown} />
      </div>
      {text === '' || !isId(text) ? null : (
        <p className="notice" role="status">
          {logs.ofOneId} <code>{text}</code>{' '}
          <button type="button" onClick={() => set('text', '')}>
            {logs.showAll}
          </button>
        </p>
      )}
      {kept === undefined ? (
        <Loaded of={log}>
          {({ lines }) => <Lines lines={lines} wraps={wraps} onId={(id) => set('text', id)} isFollowed />}
        </Loaded>
      ) : (
        <>
          <p className="quiet" role="status">
            {logs.paused}
          </p>
          <Lines lines={kept.lines} wraps={wraps} onId={(id) => set('text', id)} isFollowed={false} />
        </>
      )}
    </>
  );
}

interface LinesProps {
  readonly lines: readonly string[];
  readonly wraps: boolean;
  readonly onId: (id: string) => void;
  /** New lines come in at the end, which is kept in sight unless somebody looks further up. */
  readonly isFollowed: boolean;
}

function Lines({ lines, wraps, onId, isFollowed }: LinesProps): ReactNode {
  const { logs, nav } = useTexts();
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [around, setAround] = useState<LogLine>();
  useEffect(() => {
    const element = list.current;
    if (element !== null && lines.length > 0 && isFollowed && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [lines, isFollowed]);
  if (lines.length === 0) return <Nothing />;
  return (
    <>
      <div
        ref={list}
        className={wraps ? 'log wraps' : 'log'}
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={nav.logs}
        onScroll={({ currentTarget: at }) => {
          isAtEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 40;
        }}
      >
        {lines.map((raw, at) => (
          <Line key={`${at} ${raw}`} line={readLogLine(raw)} onId={onId} onAround={setAround} />
        ))}
      </div>
      <p className="quiet">{logs.count(lines.length, LINES)}</p>
      {around === undefined ? null : <Around line={around} onId={onId} onClose={() => setAround(undefined)} />}
    </>
  );
}

const TONES: Readonly<Record<Level, 'bad' | 'warn' | 'info' | 'quiet'>> = {
  error: 'bad',
  warn: 'warn',
  info: 'info',
  debug: 'quiet',
};

interface LineProps {
  readonly line: LogLine;
  readonly onId: (id: string) => void;
  readonly onAround?: (line: LogLine) => void;
}

function Line({ line, onId, onAround }: LineProps): ReactNode {
  const { logs } = useTexts();
  const { at, level, message, fields } = line;
  return (
    <div className={`log-line ${level ?? ''}`}>
      {at === null ? null : onAround === undefined ? (
        <time dateTime={at}>{preciseInstant(at)}</time>
      ) : (
        <button type="button" className="log-time" title={logs.around} onClick={() => onAround(line)}>
          <time dateTime={at}>{preciseInstant(at)}</time>
        </button>
      )}{' '}
      {level === null ? null : <Badge tone={TONES[level]}>{logs.levels[level]}</Badge>} <span>{message}</span>
      {fields.map(([name, value]) => (
        <span key={name} className="log-field">
          {' '}
          <span className="quiet">{name}=</span>
          {isId(value) ? (
            <button type="button" className="log-id" title={logs.allOfId} onClick={() => onId(value)}>
              {value}
            </button>
          ) : (
            value
          )}
        </span>
      ))}
    </div>
  );
}

const AROUND = 41;

interface AroundProps {
  readonly line: LogLine;
  readonly onId: (id: string) => void;
  readonly onClose: () => void;
}

/** A line as it is written, and the lines before and after it. */
function Around({ line, onId, onClose }: AroundProps): ReactNode {
  const { logs, state } = useTexts();
  const found = useRead('GET /logs', { query: { limit: AROUND, around: line.at ?? '' } });
  return (
    <Dialog title={logs.aroundTitle} onClose={onClose}>
      <pre tabIndex={0}>{line.raw}</pre>
      <CopyButton text={line.raw} label={logs.thisLine} />
      <Loaded of={found}>
        {({ lines }) => (
          <div className="log wraps log-around" tabIndex={0} role="region" aria-label={logs.aroundTitle}>
            {lines.map((raw, at) => (
              <div key={`${at} ${raw}`} className={raw === line.raw ? 'log-this' : undefined}>
                <Line
                  line={readLogLine(raw)}
                  onId={(id) => {
                    onClose();
                    onId(id);
                  }}
                />
              </div>
            ))}
          </div>
        )}
      </Loaded>
      <form method="dialog" className="actions">
        <button type="submit">{state.close}</button>
      </form>
    </Dialog>
  );
}
