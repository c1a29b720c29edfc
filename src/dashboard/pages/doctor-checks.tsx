/** Owns what the doctor found, by group, each with the command that mends it, and the mending of what is safe to mend. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { Command } from '../components/copy-button.tsx';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { useTexts } from '../language/use-texts.ts';
import { grouped } from './doctor-groups.ts';
import { COSTLY_MS } from './costly.ts';

type Check = Result<'GET /doctor'>[number];
type Mended = Result<'POST /doctor/fix'>;

const TONES = { ok: 'good', warning: 'warn', error: 'bad' } as const;

export function Checks(): ReactNode {
  const { health } = useTexts();
  const checks = useRead('GET /doctor', { query: {} }, { freshMs: COSTLY_MS });
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [mended, setMended] = useState<Mended>();
  return (
    <>
      <div className="bar">
        <label className="health-only">
          <input type="checkbox" checked={onlyProblems} onChange={({ target }) => setOnlyProblems(target.checked)} />{' '}
          {health.onlyProblems}
        </label>
        <button type="button" disabled={checks.isFetching} onClick={() => void checks.refetch()}>
          {checks.isFetching ? health.looking : health.again}
        </button>
        <ActionButton
          route="POST /doctor/fix"
          parts={{ body: {} }}
          touches={['GET /doctor', 'GET /security/audit']}
          question={health.fixQuestion}
          needs="admin"
          onDone={setMended}
          isMain
        >
          {health.fix}
        </ActionButton>
      </div>
      {mended === undefined ? null : <MendReport report={mended} />}
      <Loaded of={checks}>{(rows) => <Groups rows={rows} onlyProblems={onlyProblems} />}</Loaded>
    </>
  );
}

function Groups({
  rows,
  onlyProblems,
}: {
  readonly rows: readonly Check[];
  readonly onlyProblems: boolean;
}): ReactNode {
  const { health } = useTexts();
  const problems = rows.filter(({ status }) => status !== 'ok');
  const shown = onlyProblems ? problems : rows;
  return (
    <>
      <p role="status">
        {problems.length === 0 ? health.allOk(rows.length) : health.someProblems(problems.length, rows.length)}
      </p>
      {shown.length === 0 ? <Nothing>{health.noProblems}</Nothing> : null}
      {grouped(shown).map(([group, found]) => (
        <Section key={group} title={health.groups[group]}>
          <ul className="health-list">
            {found.map((each) => (
              <CheckRow key={each.check} row={each} />
            ))}
          </ul>
        </Section>
      ))}
    </>
  );
}

function CheckRow({ row: { check, status, detail, fix } }: { readonly row: Check }): ReactNode {
  const { health } = useTexts();
  return (
    <li>
      <Badge tone={TONES[status]}>{health.statuses[status]}</Badge>
      <div>
        <b>{check}</b> <span className="quiet">{detail}</span>
        {fix === null ? null : (
          <p className="health-fix">
            {health.mendsIt} <Command text={fix} />
          </p>
        )}
      </div>
    </li>
  );
}

const OUTCOMES = { fixed: 'good', 'not-fixed': 'bad', 'needs-you': 'warn' } as const;

function MendReport({ report: { snapshot, results } }: { readonly report: Mended }): ReactNode {
  const { health } = useTexts();
  return (
    <section className="notice good" role="status">
      <p>{snapshot === null ? health.nothingFixed : health.fixedWithCopy(snapshot)}</p>
      <ul className="health-list">
        {results.map(({ check, outcome, detail, fix }) => (
          <li key={check}>
            <Badge tone={OUTCOMES[outcome]}>{health.outcomes[outcome]}</Badge>
            <div>
              <b>{check}</b> {detail} {fix === null ? null : <Command text={fix} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
