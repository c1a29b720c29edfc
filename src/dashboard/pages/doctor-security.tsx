/** Owns what the security audit found: a score, each finding with its reason and remedy, and the hardening of what can be taken back. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge } from '../components/badge.tsx';
import { Command } from '../components/copy-button.tsx';
import { Section } from '../components/section.tsx';
import { Loaded, Nothing } from '../components/states.tsx';
import { useTexts } from '../language/use-texts.ts';
import { COSTLY_MS } from './costly.ts';

type Report = Result<'GET /security/audit'>;
type Finding = Report['findings'][number];
type Hardened = Result<'POST /security/harden'>;

const TONES = { critical: 'bad', high: 'bad', medium: 'warn', low: 'info', info: 'quiet' } as const;

export function Security(): ReactNode {
  const { health } = useTexts();
  const audit = useRead('GET /security/audit', { query: {} }, { freshMs: COSTLY_MS });
  const [plan, setPlan] = useState<Hardened>();
  const [done, setDone] = useState<Hardened>();
  return (
    <>
      <div className="bar">
        <p className="quiet health-lead">{health.securityLead}</p>
        <button type="button" disabled={audit.isFetching} onClick={() => void audit.refetch()}>
          {audit.isFetching ? health.looking : health.again}
        </button>
        <ActionButton
          route="POST /security/harden"
          parts={{ body: { dry_run: true } }}
          touches={[]}
          needs="admin"
          onDone={(report) => {
            setDone(undefined);
            setPlan(report);
          }}
        >
          {health.harden}
        </ActionButton>
      </div>
      {plan === undefined ? null : (
        <HardenPlan
          plan={plan}
          onDone={(report) => {
            setPlan(undefined);
            setDone(report);
          }}
          onLeave={() => setPlan(undefined)}
        />
      )}
      {done === undefined ? null : <HardenDone report={done} />}
      <Loaded of={audit}>{(report) => <Findings report={report} />}</Loaded>
    </>
  );
}

function Findings({ report: { score, findings } }: { readonly report: Report }): ReactNode {
  const { health } = useTexts();
  return (
    <>
      <Section title={health.score}>
        <p className="health-score">
          <span className="figure">{health.ofHundred(score)}</span>
          <meter value={score} min={0} max={100} low={50} high={80} optimum={100} aria-label={health.score} />
        </p>
        <p className="quiet">{health.scoreWhy}</p>
      </Section>
      <Section title={health.findings(findings.length)}>
        {findings.length === 0 ? <Nothing>{health.noFindings}</Nothing> : null}
        <ul className="health-list">
          {findings.map((finding) => (
            <FindingRow key={finding.id} finding={finding} />
          ))}
        </ul>
      </Section>
    </>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }): ReactNode {
  const { health } = useTexts();
  const { id, severity, title, detail, evidence, fix, is_auto_fixable: isFixable } = finding;
  return (
    <li>
      <Badge tone={TONES[severity]}>{health.severities[severity]}</Badge>
      <div>
        <b>{title}</b> <code className="quiet">{id}</code> {isFixable ? <Badge>{health.canHarden}</Badge> : null}
        <p className="health-why">{detail}</p>
        <p className="quiet health-why">
          {health.seen}: {evidence}
        </p>
        {fix === null ? null : (
          <p className="health-fix">
            {health.mendsIt} <Command text={fix} />
          </p>
        )}
      </div>
    </li>
  );
}

interface HardenPlanProps {
  readonly plan: Hardened;
  readonly onDone: (report: Hardened) => void;
  readonly onLeave: () => void;
}

/** What would change, before it does. */
function HardenPlan({ plan: { changes }, onDone, onLeave }: HardenPlanProps): ReactNode {
  const { health, state } = useTexts();
  if (changes.length === 0) {
    return (
      <p className="notice" role="status">
        {health.nothingToHarden}
      </p>
    );
  }
  return (
    <section className="notice ask" aria-label={health.harden}>
      <p>{health.hardenWould}</p>
      <Changes changes={changes} />
      <div className="actions">
        <button type="button" onClick={onLeave}>
          {state.cancel}
        </button>
        <ActionButton
          route="POST /security/harden"
          parts={{ body: {} }}
          touches={['GET /security/audit', 'GET /doctor', 'GET /config']}
          needs="admin"
          onDone={onDone}
          isMain
        >
          {health.hardenNow(changes.length)}
        </ActionButton>
      </div>
    </section>
  );
}

function Changes({ changes }: { readonly changes: Hardened['changes'] }): ReactNode {
  const { health } = useTexts();
  return (
    <ul>
      {changes.map(({ name, before, after }) => (
        <li key={name}>
          <code>{name}</code>: {valueText(before)} → {after === null ? health.byDefault : valueText(after)}
        </li>
      ))}
    </ul>
  );
}

/** A value of a setting, as it is written. */
function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return Array.isArray(value)
    ? value.map(valueText).join(', ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}

function HardenDone({ report }: { readonly report: Hardened }): ReactNode {
  const { health } = useTexts();
  const { score_before: before, score_after: after, snapshot, undo, changes } = report;
  return (
    <section className="notice good" role="status">
      <p>{health.hardened(changes.length, before, after ?? before)}</p>
      {snapshot === null ? null : <p className="quiet">{health.fixedWithCopy(snapshot)}</p>}
      {undo === null ? null : (
        <p>
          {health.undoBy} <Command text={undo} />
        </p>
      )}
    </section>
  );
}
