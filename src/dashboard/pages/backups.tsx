/** Owns the page of backups: which there are and whether they restore, one more at once, and how one is put back. Putting one back needs a stopped server, and so the command line. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { Command } from '../components/copy-button.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { bytes, count, instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Backup = Result<'GET /backups'>[number];
const TOUCHES = ['GET /backups', 'GET /backup-plan'] as const;

/** The name of a file, without its folder on the machine of the server. */
function nameOf(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}

export function Backups(): ReactNode {
  const { nav, backups } = useTexts();
  const [made, setMade] = useState<string>();
  return (
    <>
      <PageHead
        title={nav.backups}
        lead={backups.lead}
        actions={
          <ActionButton
            route="POST /backups"
            parts={{}}
            touches={TOUCHES}
            onDone={({ file, bytes: size }) => setMade(backups.made(nameOf(file), bytes(size)))}
            isMain
          >
            {backups.create}
          </ActionButton>
        }
      />
      <Plan />
      {made === undefined ? null : (
        <p className="notice good" role="status">
          {made}
        </p>
      )}
      <List />
      <Prune />
      <Restore />
      <Section title={backups.whatIsIn}>
        <p>{backups.isIn}</p>
        <p>{backups.isNotIn}</p>
      </Section>
    </>
  );
}

function Plan(): ReactNode {
  const { backups } = useTexts();
  const plan = useRead('GET /backup-plan', {});
  return (
    <Section title={backups.plan} actions={<Link to="/dashboard/settings?find=BACKUP">{backups.changePlan}</Link>}>
      <Loaded of={plan}>
        {({ folder, every_hours: hours, next_at: next, keep, encrypts, includes_secrets: hasSecrets }) => (
          <dl>
            <dt>{backups.next}</dt>
            <dd>
              {next === null ? (
                <Badge tone="warn">{backups.noPlan}</Badge>
              ) : (
                <>
                  <When at={next} />, {backups.every(hours)}
                </>
              )}
            </dd>
            <dt>{backups.goesTo}</dt>
            <dd>
              <code>{folder}</code>
            </dd>
            <dt>{backups.stay}</dt>
            <dd>{count(keep)}</dd>
            <dt>{backups.encrypted}</dt>
            <dd>
              {encrypts ? (
                <Badge tone="good">{hasSecrets ? backups.encryptsSecrets : backups.encrypts}</Badge>
              ) : (
                <>
                  <Badge tone="warn">{backups.plain}</Badge> <Command text="claw secret set BACKUP_PASSPHRASE" />
                </>
              )}
            </dd>
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

function List(): ReactNode {
  const { nav, backups, words } = useTexts();
  const list = useRead('GET /backups', {});
  const [proved, setProved] = useState<string>();
  return (
    <Section title={backups.there}>
      {proved === undefined ? null : (
        <p className="notice good" role="status">
          {proved}
        </p>
      )}
      <Loaded of={list} empty={backups.noneYet}>
        {(rows) => (
          <Table
            caption={nav.backups}
            rows={rows}
            keyOf={({ file }) => file}
            columns={[
              { title: backups.file, cell: ({ file }) => <code title={file}>{nameOf(file)}</code> },
              { title: words.created, cell: ({ created_at: at }) => <When at={at} /> },
              { title: words.size, cell: (row) => bytes(row.bytes), isNumber: true },
              { title: words.kind, cell: (row) => <Kind row={row} /> },
              { title: words.version, cell: ({ claw, schema }) => backups.version(claw, schema) },
              {
                title: backups.proof,
                cell: ({ verified_at: at }) =>
                  at === null ? (
                    <Badge>{backups.notProved}</Badge>
                  ) : (
                    <>
                      <Badge tone="good">{backups.verified}</Badge> <When at={at} />
                    </>
                  ),
              },
              {
                title: words.actions,
                cell: (row) => (
                  <RowActions
                    row={row}
                    onProved={({ file, files, rows: found }) =>
                      setProved(backups.proved(nameOf(file), count(files), count(found)))
                    }
                  />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

function Kind({ row: { encrypted, secrets, scheduled } }: { readonly row: Backup }): ReactNode {
  const { backups } = useTexts();
  return (
    <span className="actions">
      <Badge>{scheduled ? backups.scheduled : backups.byHand}</Badge>
      {encrypted ? <Badge tone="good">{backups.encrypted}</Badge> : <Badge tone="warn">{backups.plain}</Badge>}
      {secrets ? <Badge tone="info">{backups.withSecrets}</Badge> : null}
    </span>
  );
}

interface RowActionsProps {
  readonly row: Backup;
  readonly onProved: (proof: Result<'POST /backups/{name}/verify'>) => void;
}

function RowActions({ row: { file, encrypted }, onProved }: RowActionsProps): ReactNode {
  const { backups } = useTexts();
  const name = nameOf(file);
  return (
    <span className="actions">
      <ActionButton
        route="POST /backups/{name}/verify"
        parts={{ params: { name } }}
        touches={['GET /backups', 'GET /doctor']}
        onDone={onProved}
      >
        {backups.verify}
      </ActionButton>
      {encrypted ? (
        <a className="button" href={`/api/v1/backups/${encodeURIComponent(name)}/file`} download={name}>
          {backups.download}
        </a>
      ) : (
        <span className="quiet">{backups.noDownload}</span>
      )}
    </span>
  );
}

/** Which would go, before they do. */
function Prune(): ReactNode {
  const { backups } = useTexts();
  const standard = useRead('GET /backup-plan', {}).data?.keep;
  const [keep, setKeep] = useState<number>();
  const [would, setWould] = useState<readonly string[]>();
  const kept = keep ?? standard ?? 7;
  return (
    <Section title={backups.prune}>
      <div className="bar">
        <label className="field">
          {backups.keepNewest}
          <input
            type="number"
            min={1}
            value={kept}
            onChange={({ target }) => {
              setKeep(Math.max(1, Math.trunc(target.valueAsNumber) || 1));
              setWould(undefined);
            }}
          />
        </label>
        <ActionButton
          route="POST /backups/prune"
          parts={{ body: { keep: kept, dry_run: true } }}
          touches={[]}
          onDone={({ removed }) => setWould(removed)}
        >
          {backups.preview}
        </ActionButton>
      </div>
      {would === undefined ? null : would.length === 0 ? (
        <p role="status">{backups.nothingToPrune}</p>
      ) : (
        <div className="notice ask" role="status">
          <p>{backups.wouldGo(would.length)}</p>
          <ul>
            {would.map((file) => (
              <li key={file}>
                <code>{nameOf(file)}</code>
              </li>
            ))}
          </ul>
          <ActionButton
            route="POST /backups/prune"
            parts={{ body: { keep: kept } }}
            touches={TOUCHES}
            question={backups.pruneQuestion(would.length)}
            onDone={() => setWould(undefined)}
          >
            {backups.pruneNow}
          </ActionButton>
        </div>
      )}
    </Section>
  );
}

function Restore(): ReactNode {
  const { backups } = useTexts();
  const newest = useRead('GET /backups', {}).data?.[0];
  const restore = useRead('GET /backup-plan', {}).data?.restore ?? 'claw backup restore';
  const name = newest === undefined ? 'FILE' : nameOf(newest.file);
  return (
    <Section title={backups.restore}>
      <p>{backups.restoreHint}</p>
      <p>
        <Command text="claw service stop" />
      </p>
      <p>
        <Command text={`${restore} ${name}`} />
      </p>
      {newest === undefined ? null : <p className="quiet">{backups.newestIs(instant(newest.created_at))}</p>}
    </Section>
  );
}
