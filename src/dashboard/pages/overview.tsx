/** Owns the first look: what runs, what waits, what it costs, what went wrong. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { FirstSteps } from '../components/first-steps.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { instant, money } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

/** Milliseconds between looks at what changes by itself. */
const FRESH_MS = 10_000;

/** The part of the status that is shown; what a role may not see is absent. */
interface Status {
  readonly state: string;
  readonly version: string | null;
  readonly started_at?: number | null;
  readonly channels?: readonly { readonly name: string; readonly state: string; readonly detail?: string | null }[];
  readonly queues?: { readonly inbound: Counts; readonly outbox: Counts; readonly running_turns: number };
  readonly last_errors?: readonly { readonly id: string; readonly reason: string | null; readonly at: number }[];
}
type Counts = Readonly<Record<string, number>>;

export function Overview(): ReactNode {
  const { nav } = useTexts();
  const status = useRead('GET /status', {}, { everyMs: FRESH_MS });
  return (
    <>
      <h1>{nav.overview}</h1>
      <FirstSteps />
      <div className="tiles">
        <Loaded of={status}>{(data) => <ServerTiles status={data} />}</Loaded>
        <ApprovalTile />
        <SpentTile />
      </div>
    </>
  );
}

function ServerTiles({ status }: { readonly status: Status }): ReactNode {
  const { overview } = useTexts();
  const { channels = [], queues, last_errors: errors } = status;
  return (
    <>
      <section className="card">
        <h2>{overview.server}</h2>
        <dl>
          <dt>{overview.state}</dt>
          <dd>{status.state}</dd>
          <dt>{overview.version}</dt>
          <dd>{status.version ?? '–'}</dd>
          <dt>{overview.since}</dt>
          <dd>{status.started_at == null ? '–' : instant(status.started_at)}</dd>
        </dl>
      </section>
      <section className="card">
        <h2>{overview.channels}</h2>
        {channels.length === 0 ? <Nothing>{overview.noChannels}</Nothing> : null}
        <ul>
          {channels.map(({ name, state, detail }) => (
            <li key={name}>
              {name}: {state} {detail == null ? null : <span className="quiet">{detail}</span>}
            </li>
          ))}
        </ul>
      </section>
      {queues === undefined ? null : (
        <section className="card">
          <h2>{overview.waiting}</h2>
          <p className="figure">{sum(queues.inbound) + sum(queues.outbox) + queues.running_turns}</p>
        </section>
      )}
      {errors === undefined ? null : (
        <section className="card">
          <h2>{overview.errors}</h2>
          {errors.length === 0 ? <Nothing>{overview.noErrors}</Nothing> : null}
          <ul>
            {errors.map(({ id, reason, at }) => (
              <li key={id}>
                <time>{instant(at)}</time> {reason ?? id}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

function ApprovalTile(): ReactNode {
  const { overview } = useTexts();
  const waiting = useRead('GET /approvals', { query: {} }, { everyMs: FRESH_MS });
  return (
    <section className="card">
      <h2>{overview.approvals}</h2>
      <Loaded of={waiting} empty={overview.noErrors}>
        {(rows) => (
          <Link className="figure" to="/dashboard/approvals">
            {rows.length}
          </Link>
        )}
      </Loaded>
    </section>
  );
}

function SpentTile(): ReactNode {
  const { overview } = useTexts();
  const costs = useRead('GET /costs', { query: { by: 'day', days: 1 } });
  const total = (rows: Result<'GET /costs'>): number => rows.reduce((all, { cost_usd: cost }) => all + cost, 0);
  return (
    <section className="card">
      <h2>{overview.spent}</h2>
      <Loaded of={costs} isEmpty={() => false}>
        {(rows) => <p className="figure">{money(total(rows))}</p>}
      </Loaded>
    </section>
  );
}
