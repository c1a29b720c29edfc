/** Owns looking after what is installed, for admins: updates of all, whether it is still as it was signed, and the registries. */
import { type ReactNode, useState } from 'react';
import { ask, type ApiError, type Result } from '../../api/client.ts';
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
  const [verdicts, setVerdicts] = useState<readonly Verdict[]>();
  const isAdmin = useMay('admin');
  const verify = useVerify(setVerdicts);
  return (
    <>
      <div className="actions">
        {isAdmin ? <UpdateAll onSaid={onSaid} /> : null}
        <button type="button" disabled={verify.isPending} onClick={verify.start}>
          {market.verify}
        </button>
      </div>
      {verify.error === undefined ? null : <Failure error={verify.error} />}
      {verdicts === undefined ? null : <Verdicts rows={verdicts} />}
      {isAdmin ? <Registries /> : null}
    </>
  );
}

function useVerify(onDone: (verdicts: readonly Verdict[]) => void) {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<ApiError>();
  const start = (): void => {
    setPending(true);
    setError(undefined);
    ask('GET /marketplace/verify', { query: {} })
      .then(onDone, (failure: ApiError) => setError(failure))
      .finally(() => setPending(false));
  };
  return { isPending, error, start };
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
  const [busy, setBusy] = useState<string>();
  const [remarks, setRemarks] = useState<readonly string[]>([]);
  const newer = (offers.data?.updates ?? []).filter(({ status }) => status === 'available');
  if (newer.length === 0) return null;
  const one = async (name: string, to: string | null): Promise<string> => {
    const plan = await ask('POST /marketplace/plan', { body: { package: `${name}@${to ?? ''}` } });
    const isMore = plan.questions.some((question) => question !== 'install');
    if (isMore) return market.ownLook(name);
    await update.mutateAsync({ body: { name, yes: true, sha256: plan.sha256, trust: plan.key_id } });
    return market.didUpdate(name, plan.version);
  };
  const all = async (): Promise<void> => {
    const said: string[] = [];
    for (const { name, to } of newer) {
      setBusy(name);
      said.push(await one(name, to).catch((failure: ApiError) => `${name}: ${failure.message}`));
      setRemarks([...said]);
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
      {busy === undefined
        ? null
        : remarks.map((remark) => (
            <p key={remark} className="quiet">
              {remark}
            </p>
          ))}
    </>
  );
}

function Registries(): ReactNode {
  const { market } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
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
