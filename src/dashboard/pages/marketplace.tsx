/** Owns finding and installing tools that others published: what each may do is shown by claw before anything is installed. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useChange, useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Failure, Loaded, Nothing } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { useTexts } from '../language/use-texts.ts';

type Package = Result<'GET /marketplace/search'>['packages'][number];
type Plan = Result<'POST /marketplace/plan'>;
const TOUCHED = ['GET /marketplace/search', 'GET /marketplace/installed', 'GET /tools'] as const;

export function Marketplace(): ReactNode {
  const { market, words } = useTexts();
  const [query, setQuery] = useState('');
  const found = useRead('GET /marketplace/search', { query: query === '' ? {} : { q: query } });
  return (
    <section>
      <div className="bar">
        <h2>{market.title}</h2>
        <label className="field">
          {words.search}
          <input type="search" value={query} onChange={({ target }) => setQuery(target.value)} />
        </label>
      </div>
      <Loaded of={found}>
        {({ packages, remarks }) => (
          <>
            {remarks.map((remark) => (
              <p key={remark} className="notice bad">
                {remark}
              </p>
            ))}
            {packages.length === 0 ? <Nothing /> : <PackageTable rows={packages} />}
          </>
        )}
      </Loaded>
    </section>
  );
}

function PackageTable({ rows }: { readonly rows: readonly Package[] }): ReactNode {
  const { market, words } = useTexts();
  return (
    <Table
      caption={market.title}
      rows={rows}
      keyOf={({ name, registry }) => `${name} ${registry}`}
      columns={[
        { title: words.name, cell: ({ name }) => name },
        { title: words.version, cell: ({ version }) => version },
        { title: words.details, cell: ({ description }) => description },
        { title: market.author, cell: ({ author, key_id: key }) => `${author} (${key})` },
        { title: words.actions, cell: (row) => <PackageActions row={row} /> },
      ]}
    />
  );
}

function PackageActions({ row }: { readonly row: Package }): ReactNode {
  const { market } = useTexts();
  const { name, version, registry, installed, revoked } = row;
  if (revoked !== null) return <span className="bad-text">{revoked}</span>;
  if (installed === null) return <Install name={name} registry={registry} />;
  return (
    <div className="actions">
      {installed === version ? null : <Install name={name} registry={registry} isUpdate />}
      <ActionButton
        route="POST /marketplace/uninstall"
        parts={{ body: { name } }}
        touches={TOUCHED}
        question={market.uninstallQuestion}
        needs="admin"
      >
        {market.uninstall}
      </ActionButton>
    </div>
  );
}

interface InstallProps {
  readonly name: string;
  readonly registry: string;
  readonly isUpdate?: boolean;
}

function Install({ name, registry, isUpdate = false }: InstallProps): ReactNode {
  const { market } = useTexts();
  const [plan, setPlan] = useState<Plan>();
  return (
    <>
      <ActionButton
        route="POST /marketplace/plan"
        parts={{ body: { package: name, registry } }}
        touches={[]}
        needs="admin"
        onDone={setPlan}
      >
        {isUpdate ? market.update : market.install}
      </ActionButton>
      {plan === undefined ? null : <PlanDialog plan={plan} isUpdate={isUpdate} onClose={() => setPlan(undefined)} />}
    </>
  );
}

interface PlanDialogProps {
  readonly plan: Plan;
  readonly isUpdate: boolean;
  readonly onClose: () => void;
}

/** What somebody says yes to: all of it is on the screen. */
function PlanDialog({ plan, isUpdate, onClose }: PlanDialogProps): ReactNode {
  const { market, state } = useTexts();
  const { name, version, registry, key_id: key, sha256, trust, may, questions } = plan;
  const install = useChange('POST /marketplace/install', TOUCHED);
  const update = useChange('POST /marketplace/update', TOUCHED);
  // Another key than the one that was agreed to before is not agreed to by a click: the server says how.
  const trusted = trust === 'changed' ? {} : { trust: key };
  const agreed = { yes: true, allow_new_permissions: true, sha256, ...trusted };
  const act = (): void => {
    if (isUpdate) update.mutate({ body: { name, ...agreed } }, { onSuccess: onClose });
    else install.mutate({ body: { package: name, registry, ...agreed } }, { onSuccess: onClose });
  };
  const error = install.error ?? update.error;
  return (
    <Dialog title={`${name} ${version}`} onClose={onClose}>
      <p className="quiet">
        {registry}, {key}
      </p>
      <h3>{market.may}</h3>
      {may.length === 0 ? <p>{market.nothing}</p> : null}
      <ul>
        {may.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {questions.map((question) => (
        <p key={question} className="notice ask">
          {question}
        </p>
      ))}
      {error === null ? null : <Failure error={error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {state.cancel}
        </button>
        <button type="button" className="main" disabled={install.isPending || update.isPending} onClick={act}>
          {isUpdate ? market.update : market.install}
        </button>
      </div>
    </Dialog>
  );
}
