/** Owns what the first page tells admins of the server: what runs, what waits, its channels, its last day, its errors. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../api/use-api.ts';
import { Badge, type Tone } from '../components/badge.tsx';
import { BarChart } from '../components/bar-chart.tsx';
import { LinePlot } from '../components/line-plot.tsx';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { When } from '../components/when.tsx';
import { bytes, clockTime, count, money, shortDay } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { filledDays, pivotDaily } from './cost-series.ts';
import type { ChannelState, LastError, Status } from './overview-alerts.ts';
import { COSTLY_MS } from './costly.ts';

const STATE_TONES: Readonly<Record<string, Tone>> = {
  ready: 'good',
  connected: 'good',
  connecting: 'info',
  starting: 'info',
  waiting: 'warn',
  stopping: 'warn',
  failed: 'bad',
  'safe-mode': 'bad',
};

/** The word for a state, or the state itself where there is none. */
function wordOf(words: Readonly<Record<string, string>>, state: string): string {
  return words[state] ?? state;
}

export function ServerTile({ status }: { readonly status: Status }): ReactNode {
  const { overview } = useTexts();
  const { state, version, started_at: since, recent_crashes: crashes = 0 } = status;
  return (
    <Section
      title={overview.server}
      actions={<Badge tone={STATE_TONES[state] ?? 'quiet'}>{wordOf(overview.states, state)}</Badge>}
    >
      <dl>
        <dt>{overview.version}</dt>
        <dd>{version ?? '–'}</dd>
        <dt>{overview.since}</dt>
        <dd>{since == null ? '–' : <When at={since} />}</dd>
        {crashes === 0 ? null : (
          <>
            <dt>{overview.crashes}</dt>
            <dd className="bad-text">{count(crashes)}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}

export function QueueTile({ status: { queues } }: { readonly status: Status }): ReactNode {
  const { overview } = useTexts();
  if (queues === undefined) return null;
  const { failed = 0, uncertain = 0, ...open } = queues.outbox;
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, each) => total + each, 0);
  return (
    <Section title={overview.queues} actions={<Link to="/dashboard/metrics">{overview.details}</Link>}>
      <dl>
        <dt>{overview.running}</dt>
        <dd>{count(queues.running_turns)}</dd>
        <dt>{overview.waiting}</dt>
        <dd>{count(sum(queues.inbound))}</dd>
        <dt>{overview.toSend}</dt>
        <dd>{count(sum(open))}</dd>
        <dt>{overview.notSent}</dt>
        <dd>
          {failed + uncertain === 0 ? (
            count(0)
          ) : (
            <Link to="/dashboard/conversations">{overview.failedAndUncertain(failed, uncertain)}</Link>
          )}
        </dd>
      </dl>
    </Section>
  );
}

export function DiskTile(): ReactNode {
  const { overview } = useTexts();
  const stats = useRead('GET /stats', { query: {} }, { freshMs: COSTLY_MS });
  return (
    <Section title={overview.disk} actions={<Link to="/dashboard/doctor?tab=storage">{overview.details}</Link>}>
      <Loaded of={stats}>
        {({ disk }) =>
          disk === null ? (
            <Nothing />
          ) : (
            <>
              <p className="figure">
                {bytes(disk.database + disk.wal + disk.other + Object.values(disk.folders).reduce((a, b) => a + b, 0))}
              </p>
              <p className="quiet">{overview.diskFree(bytes(disk.disk_free))}</p>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

export function Channels({ channels }: { readonly channels: readonly ChannelState[] }): ReactNode {
  const { overview } = useTexts();
  return (
    <Section title={overview.channels} actions={<Link to="/dashboard/channels">{overview.setUp}</Link>}>
      {channels.length === 0 ? <Nothing>{overview.noChannels}</Nothing> : null}
      <ul className="overview-list">
        {channels.map(({ name, state, account, detail }) => (
          <li key={name}>
            <Link to="/dashboard/channels">{name}</Link>
            <Badge tone={STATE_TONES[state] ?? 'quiet'}>{wordOf(overview.states, state)}</Badge>
            <span className="quiet overview-cut" title={detail ?? undefined}>
              {account ?? detail}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function LastErrors({ errors }: { readonly errors: readonly LastError[] }): ReactNode {
  const { overview } = useTexts();
  return (
    <Section title={overview.errors} actions={<Link to="/dashboard/logs?level=error">{overview.toLog}</Link>}>
      {errors.length === 0 ? <Nothing>{overview.noErrors}</Nothing> : null}
      <ul className="overview-list">
        {errors.map(({ id, direction, reason, at }) => (
          <li key={id}>
            <Badge tone="bad">{direction === 'in' ? overview.notAnswered : overview.notDelivered}</Badge>
            <Link className="overview-cut" to={`/dashboard/logs?text=${encodeURIComponent(id)}`}>
              {reason ?? overview.noReason}
            </Link>
            <When at={at} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

const PLOT_HEIGHT = 120;

/** Turns of the last day, and money of the last two weeks. */
export function DayPlots(): ReactNode {
  const { overview, metrics } = useTexts();
  const history = useRead('GET /metrics/history', { query: { minutes: 1440 } }, { freshMs: 60_000 });
  const costs = useRead('GET /costs/daily', { query: { by: 'model', days: 14 } });
  const points = history.data?.points ?? [];
  const today = useRead('GET /costs/total', { query: { days: 1 } }).data?.now.last_day;
  const spent = pivotDaily(costs.data ?? [], 'model', ({ cost_usd: cost }) => cost);
  const filled = today === undefined ? spent : filledDays(spent, today, 14);
  return (
    <div className="overview-pairs">
      <Section title={overview.dayTurns} actions={<Link to="/dashboard/metrics">{overview.details}</Link>}>
        {points.length < 2 ? (
          <Nothing>{metrics.tooEarly}</Nothing>
        ) : (
          <LinePlot
            label={overview.dayTurns}
            places={points.map(({ at }) => clockTime(at))}
            series={[
              { name: metrics.turns, values: points.map(({ turns }) => turns) },
              { name: metrics.errors, values: points.map(({ errors }) => errors) },
            ]}
            write={count}
            isWhole
            height={PLOT_HEIGHT}
          />
        )}
      </Section>
      <Section title={overview.twoWeeks} actions={<Link to="/dashboard/costs">{overview.details}</Link>}>
        {filled.series.every(({ values }) => values.every((value) => value === 0)) ? (
          <Nothing>{overview.nothingSpent}</Nothing>
        ) : (
          <BarChart
            label={overview.twoWeeks}
            places={filled.days.map(shortDay)}
            series={filled.series}
            write={money}
            height={PLOT_HEIGHT}
          />
        )}
      </Section>
    </div>
  );
}
