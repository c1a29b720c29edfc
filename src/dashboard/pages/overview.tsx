/** Owns the first look: whether everything is all right, what needs somebody, and what goes on. Each part leads to its page. */
import type { ReactNode } from 'react';
import { useRead } from '../api/use-api.ts';
import { FirstSteps } from '../components/first-steps.tsx';
import { Loading } from '../components/states.tsx';
import { PageHead } from '../components/page-head.tsx';
import { useTexts } from '../language/use-texts.ts';
import { useMay, usePerson } from '../session-gate.tsx';
import { useNow } from '../components/use-now.ts';
import { COSTLY_MS } from './costly.ts';
import { type Alert, alertsOf, type Status } from './overview-alerts.ts';
import { AlertList, Approvals } from './overview-needs.tsx';
import './overview.css';
import { LastConversations, NextTasks, SpentTile } from './overview-own.tsx';
import { Channels, DayPlots, DiskTile, LastErrors, QueueTile, ServerTile } from './overview-server.tsx';

export function Overview(): ReactNode {
  return useMay('admin') ? <AdminOverview /> : <OwnOverview />;
}

/** What the doctor found is taken from the server as long, in seconds: looking takes it a process of its own. */
const CHECKS_SECONDS = 10 * 60;
const SHOWN_MS = 30_000;

function AdminOverview(): ReactNode {
  const { nav, overview } = useTexts();
  const status = useStatus();
  const alerts = useAlerts(status);
  if (status === undefined) return <Waiting />;
  const isBusy = alerts === undefined;
  const urgent = (alerts ?? []).filter(({ tone }) => tone !== 'info').length;
  return (
    <>
      <PageHead
        title={nav.overview}
        lead={isBusy ? overview.looking : urgent === 0 ? overview.allWell : overview.needsYou(urgent)}
      />
      {status.safe_mode === true ? (
        <p className="notice bad" role="alert">
          <b>{overview.safeModeTitle}</b> {overview.safeModeHelp}
        </p>
      ) : null}
      <FirstSteps />
      {alerts === undefined || alerts.length === 0 ? null : <AlertList alerts={alerts} />}
      <Approvals />
      <div className="tiles overview-tiles">
        <ServerTile status={status} />
        <SpentTile isAll />
        <QueueTile status={status} />
        <DiskTile />
      </div>
      <DayPlots />
      <div className="overview-pairs">
        <Channels channels={status.channels ?? []} />
        <NextTasks />
        <LastErrors errors={status.last_errors ?? []} />
        <LastConversations />
      </div>
    </>
  );
}

function OwnOverview(): ReactNode {
  const { nav, overview } = useTexts();
  const { username } = usePerson();
  const status = useStatus();
  return (
    <>
      <PageHead title={nav.overview} lead={overview.hello(username)} />
      {status?.safe_mode === true ? <p className="notice ask">{overview.safeModeTitle}</p> : null}
      <Approvals />
      <div className="tiles overview-tiles">
        <SpentTile isAll={false} />
      </div>
      <div className="overview-pairs">
        <LastConversations />
        <NextTasks />
      </div>
    </>
  );
}

function Waiting(): ReactNode {
  const { nav } = useTexts();
  return (
    <>
      <PageHead title={nav.overview} />
      <Loading />
    </>
  );
}

function useStatus(): Status | undefined {
  return useRead('GET /status', {}).data;
}

/** Undefined until the doctor was heard: before, nobody can say that all is well. */
function useAlerts(status: Status | undefined): readonly Alert[] | undefined {
  const now = useNow(false);
  const checks = useRead('GET /doctor', { query: { max_age_seconds: CHECKS_SECONDS } }, { freshMs: SHOWN_MS });
  const budgets = useRead('GET /budgets', { query: { all: 'true' } }).data;
  const plan = useRead('GET /backup-plan', {}).data;
  const backups = useRead('GET /backups', {}).data;
  const updates = useRead('GET /marketplace/updates', {}, { freshMs: COSTLY_MS }).data?.updates;
  const approvals = useRead('GET /approvals', { query: {} }).data?.length;
  const people = useRead('GET /pairings', { query: {} }).data?.length ?? 0;
  const browsers = useRead('GET /devices', {}).data?.filter(({ state }) => state === 'pending').length ?? 0;
  if (checks.data === undefined && checks.error === null) return undefined;
  return alertsOf({
    status,
    checks: checks.data,
    budgets,
    plan,
    backups,
    updates,
    approvals,
    strangers: people + browsers,
    now,
  });
}
