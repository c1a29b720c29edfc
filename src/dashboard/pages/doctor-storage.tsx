/** Owns what the home takes on the disk, how long what is kept, and taking away what is older. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { bytes, count } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';
import { COSTLY_MS } from './costly.ts';

type Stats = Result<'GET /stats'>;
type Round = Result<'POST /retention/run'>;

export function Storage(): ReactNode {
  const stats = useRead('GET /stats', { query: {} }, { freshMs: COSTLY_MS });
  return (
    <>
      <Loaded of={stats}>
        {(found) => (
          <>
            <Disk disk={found.disk} />
            <Counts stats={found} />
          </>
        )}
      </Loaded>
      <Retention />
    </>
  );
}

function Disk({ disk }: { readonly disk: Stats['disk'] }): ReactNode {
  const { health } = useTexts();
  if (disk === null) return null;
  const parts = [
    { name: health.database, size: disk.database },
    { name: health.wal, size: disk.wal },
    ...Object.entries(disk.folders).map(([name, size]) => ({ name, size })),
    { name: health.others, size: disk.other },
  ].toSorted((a, b) => b.size - a.size);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <Section title={health.onDisk(bytes(total), bytes(disk.disk_free))}>
        <Sizes caption={health.storage} parts={parts} total={total} />
      </Section>
      {disk.tables.groups === null ? null : (
        <Section title={health.inDatabase}>
          <Sizes
            caption={health.inDatabase}
            parts={[
              ...disk.tables.groups.map(({ group, bytes: size }) => ({ name: group, size })),
              { name: health.freePages, size: disk.tables.free },
            ]}
            total={disk.tables.groups.reduce((sum, { bytes: size }) => sum + size, disk.tables.free)}
          />
        </Section>
      )}
    </>
  );
}

interface SizesProps {
  readonly caption: string;
  readonly parts: readonly { readonly name: string; readonly size: number }[];
  readonly total: number;
}

function Sizes({ caption, parts, total }: SizesProps): ReactNode {
  const { health, words } = useTexts();
  return (
    <Table
      caption={caption}
      rows={parts}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, cell: ({ name }) => name },
        { title: words.size, cell: ({ size }) => bytes(size), isNumber: true },
        {
          title: health.share,
          cell: ({ name, size }) => (
            <progress
              className="health-share"
              value={size}
              max={Math.max(1, total)}
              aria-label={`${health.share}: ${name}`}
            />
          ),
        },
      ]}
    />
  );
}

/** The word for what is counted, or its name where there is none. */
function thing(words: Readonly<Record<string, string>>, name: string): string {
  return words[name] ?? name;
}

function Counts({ stats }: { readonly stats: Stats }): ReactNode {
  const { health, words } = useTexts();
  return (
    <Section title={health.howMuch}>
      <Table
        caption={health.howMuch}
        rows={Object.entries(stats.counts)}
        keyOf={([name]) => name}
        columns={[
          { title: words.name, cell: ([name]) => thing(health.things, name) },
          { title: health.number, cell: ([, number]) => count(number), isNumber: true },
        ]}
      />
    </Section>
  );
}

function Retention(): ReactNode {
  const { health, words } = useTexts();
  const rules = useRead('GET /retention', {});
  const [preview, setPreview] = useState<Round>();
  return (
    <Section
      title={health.retention}
      actions={
        <span className="actions">
          <ActionButton
            route="POST /retention/run"
            parts={{ body: { dry_run: true } }}
            touches={[]}
            needs="admin"
            onDone={setPreview}
          >
            {health.preview}
          </ActionButton>
          <ActionButton
            route="POST /retention/run"
            parts={{ body: {} }}
            touches={['GET /retention', 'GET /stats']}
            question={health.cleanQuestion}
            needs="admin"
            onDone={setPreview}
          >
            {health.clean}
          </ActionButton>
        </span>
      }
    >
      {preview === undefined ? null : <RoundReport round={preview} />}
      <Loaded of={rules}>
        {({ rules: rows, last, next_at: next }) => (
          <>
            <p className="quiet">
              {health.nextRound} <When at={next} />.{' '}
              {last === null ? (
                health.noRound
              ) : (
                <>
                  {health.lastRound(count(last.rows), bytes(last.bytes))} <When at={last.at} />.
                </>
              )}
            </p>
            <Table
              caption={health.retention}
              rows={rows}
              keyOf={({ setting }) => setting}
              columns={[
                {
                  title: health.whatIsKept,
                  cell: ({ kinds }) => kinds.map((kind) => thing(health.things, kind)).join(', '),
                },
                {
                  title: health.howLong,
                  cell: ({ keep, unit }) => (keep === 0 ? health.forEver : health.keeps[unit](count(keep))),
                },
                { title: words.source, cell: ({ setting }) => <code>{setting}</code> },
              ]}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}

function RoundReport({ round }: { readonly round: Round }): ReactNode {
  const { health, words } = useTexts();
  const gone = round.gone.filter(({ rows }) => rows > 0);
  return (
    <div className={round.dry_run ? 'notice ask' : 'notice good'} role="status">
      <p>{(round.dry_run ? health.wouldGo : health.hasGone)(count(round.rows), bytes(round.bytes))}</p>
      {gone.length === 0 ? (
        <Nothing>{health.nothingToClean}</Nothing>
      ) : (
        <Table
          caption={health.retention}
          rows={gone}
          keyOf={({ kind }) => kind}
          columns={[
            { title: words.kind, cell: ({ kind }) => thing(health.things, kind) },
            { title: health.number, cell: ({ rows }) => count(rows), isNumber: true },
            { title: words.size, cell: ({ bytes: size }) => bytes(size), isNumber: true },
          ]}
        />
      )}
    </div>
  );
}
