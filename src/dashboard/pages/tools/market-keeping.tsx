/** Owns looking after what is installed, for admins: updates of all, whether it is still as it was signed, and the registries. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { TOOL_ROUTES } from './tool-words.ts';

type Verdict = Result<'GET /marketplace/verify'>[number];

export function MarketKeeping({ onSaid }: { readonly onSaid: (said: string) => void }): ReactNode {
  const { market } = useTexts();
  const isAdmin = useMay('admin');
  // Asked when the button is pressed: each file is read and its signature proved.
  const verify = useRead('GET /marketplace/verify', { query: {} }, { isEnabled: false });
  return (
    <>
      <div className="actions">
        {isAdmin ? <UpdateAll onSaid={onSaid} /> : null}
        <button type="button" disabled={verify.isFetching} onClick={() => void verify.refetch()}>
          {market.verify}
        </button>
      </div>
      {verify.error === null ? null : <Failure error={verify.error} />}
      {verify.data === undefined ? null : <Verdicts rows={verify.data} />}
      {isAdmin ? <Registries /> : null}
    </>
  );
}

const VERDICT_TONES = { ok: 'good', tampered: 'bad', missing: 'warn', revoked: 'bad' } as const;

function Verdicts({ rows }: { readonly rows: readonly Verdict[] }): ReactNode {
  const { market, words } = useTexts();
  if (rows.length === 0) return <p role="status">{market.noneInstalled}</p>;
  return (
    <div role="status">
      <Table
        caption={market.verified}
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { title: words.name, cell: ({ name, version }) => `${name} ${version}` },
          {
            title: words.state,
            cell: ({ status }) => <Badge tone={VERDICT_TONES[status]}>{market.verdicts[status]}</Badge>,
          },
          { title: words.details, cell: ({ detail }) => <VisibleText text={detail} /> },
        ]}
      />
    </div>
  );
}

/** Updates what wants no more than before, one after the other; what wants more is looked at by itself. */
function UpdateAll({ onSaid }: { readonly onSaid: (said: string) => void }): ReactNode {
  const { market } = useTexts();
  const offers = useRead('GET /marketplace/updates', {});
  const update = useChange('POST /marketplace/update', [...TOOL_ROUTES, 'GET /marketplace/updates']);
  const plan = useChange('POST /marketplace/plan');
  const [busy, setBusy] = useState<string>();
  const newer = (offers.data?.updates ?? []).filter(({ status }) => status === 'available');
  if (newer.length === 0) return null;
  const one = async (name: string, to: string | null): Promise<string> => {
    const { questions, sha256, version } = await plan.mutateAsync({ body: { package: `${name}@${to ?? ''}` } });
    if (questions.some((question) => question !== 'install')) return market.ownLook(name);
    await update.mutateAsync({ body: { name, yes: true, sha256 } });
    return market.didUpdate(name, version);
  };
  const all = async (): Promise<void> => {
    const said: string[] = [];
    for (const { name, to } of newer) {
      setBusy(name);
      said.push(await one(name, to).catch((failure: unknown) => `${name}: ${wordsOf(failure)}`));
    }
    setBusy(undefined);
    onSaid(said.join(' '));
  };
  return (
    <>
      <button type="button" disabled={busy !== undefined} onClick={() => void all()}>
        {market.updateAll(newer.length)}
      </button>
      {busy === undefined ? null : <p role="status">{market.fetching(busy)}</p>}
    </>
  );
}

function wordsOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

function Registries(): ReactNode {
  const { market } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="tools-fold" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{market.registries}</summary>
      <p className="quiet">{market.registriesLead}</p>
      {isOpen ? <RegistryTable /> : null}
    </details>
  );
}

function RegistryTable(): ReactNode {
  const { market, words } = useTexts();
  const list = useRead('GET /marketplace/registries', {});
  return (
    <Loaded of={list}>
      {({ registries, remarks }) => (
        <>
          {remarks.map((remark) => (
            <p key={remark} className="notice bad">
              <VisibleText text={remark} />
            </p>
          ))}
          <Table
            caption={market.registries}
            rows={registries}
            keyOf={({ location }) => location}
            columns={[
              {
                title: words.name,
                cell: ({ name, location }) => (
                  <>
                    <VisibleText text={name} />
                    <p className="tools-about">
                      <VisibleText text={location} />
                    </p>
                  </>
                ),
              },
              { title: words.size, cell: ({ packages, revoked }) => market.counts(packages, revoked) },
              { title: market.key, cell: ({ key_id: key }) => <code>{key}</code> },
              { title: market.changed, cell: ({ updated_at: at }) => <When at={at} /> },
              { title: market.remark, cell: ({ remark }) => <VisibleText text={remark ?? market.fine} /> },
              {
                title: words.actions,
                cell: ({ location }) => (
                  <ActionButton
                    route="POST /marketplace/registries/forget"
                    parts={{ body: { registry: location } }}
                    touches={['GET /marketplace/registries', 'GET /marketplace/search']}
                    question={market.forgetQuestion(location)}
                    needs="admin"
                  >
                    {market.forget}
                  </ActionButton>
                ),
              },
            ]}
          />
        </>
      )}
    </Loaded>
  );
}
