/** Owns finding and installing tools that others published: what each may do is shown by claw before anything is installed. */
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { PermissionList } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { InstallButton } from './market-install.tsx';
import { MarketKeeping } from './market-keeping.tsx';
import { TOOL_ROUTES } from './tool-words.ts';

type Package = Result<'GET /marketplace/search'>['packages'][number];

/** So long somebody may stop typing before it is asked, in milliseconds. */
const PAUSE_MS = 250;

export function Marketplace(): ReactNode {
  const { market, words } = useTexts();
  const [typed, setTyped] = useState('');
  const query = usePaused(typed);
  const found = useRead('GET /marketplace/search', { query: query === '' ? {} : { q: query } });
  const shown = useDeferredValue(found);
  const [said, setSaid] = useState<string>();
  return (
    <Section
      title={market.title}
      actions={
        <label className="field">
          <span className="unseen">{words.search}</span>
          <input
            type="search"
            placeholder={words.search}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </label>
      }
    >
      <p className="quiet">{market.lead}</p>
      {said === undefined ? null : (
        <p className="notice good" role="status">
          {said}
        </p>
      )}
      <MarketKeeping onSaid={setSaid} />
      <Loaded of={shown}>
        {({ packages, remarks }) => (
          <>
            {remarks.map((remark) => (
              <p key={remark} className="notice bad">
                <VisibleText text={remark} />
              </p>
            ))}
            {packages.length === 0 ? (
              <Nothing>{query === '' ? market.noPackages : market.none}</Nothing>
            ) : (
              <Cards rows={packages} onSaid={setSaid} />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** The text as it is once nobody typed for a while. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(text), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return paused;
}

interface CardsProps {
  readonly rows: readonly Package[];
  readonly onSaid: (said: string) => void;
}

/** Rows of a table to those who hear it. */
function Cards({ rows, onSaid }: CardsProps): ReactNode {
  const { market } = useTexts();
  const offers = useRead('GET /marketplace/updates', {});
  const newer = new Map((offers.data?.updates ?? []).map(({ name, to }) => [name, to]));
  return (
    <div role="table" aria-label={market.title}>
      <div role="rowgroup" className="market-cards">
        {rows.map((row) => (
          <Card
            key={`${row.name} ${row.registry}`}
            row={row}
            isNewer={row.installed !== null && newer.get(row.name) === row.version}
            onSaid={onSaid}
          />
        ))}
      </div>
    </div>
  );
}

function Card({ row, isNewer, onSaid }: CardProps): ReactNode {
  const { market } = useTexts();
  const { name, version, description, author, tags, permissions, revoked } = row;
  return (
    <div role="row" className={revoked === null ? 'card market-card' : 'card market-card market-revoked'}>
      <div role="cell" className="market-name">
        <strong>{name}</strong> <span className="quiet">{version}</span> <StateBadges row={row} isNewer={isNewer} />
      </div>
      <div role="cell">
        <VisibleText text={description} />
        {revoked === null ? null : (
          <p className="notice bad">
            <VisibleText text={market.revokedLead(revoked)} />
          </p>
        )}
      </div>
      <div role="cell">
        <PermissionList permissions={permissions} most={3} />
      </div>
      <div role="cell" className="market-tags quiet">
        <VisibleText text={market.by(author)} />
        {tags.map((tag) => (
          <Badge key={tag}>
            <VisibleText text={tag} />
          </Badge>
        ))}
      </div>
      <div role="cell" className="actions">
        <CardActions row={row} isNewer={isNewer} onSaid={onSaid} />
      </div>
    </div>
  );
}

interface StateProps {
  readonly row: Package;
  /** It is installed, and this is a newer version of it. */
  readonly isNewer: boolean;
}

interface CardProps extends StateProps {
  readonly onSaid: (said: string) => void;
}

function StateBadges({ row: { version, installed, revoked }, isNewer }: StateProps): ReactNode {
  const { market } = useTexts();
  return (
    <>
      {revoked === null ? null : <Badge tone="bad">{market.revoked}</Badge>}
      {installed === null ? null : <Badge tone="good">{market.installed(installed)}</Badge>}
      {isNewer && revoked === null ? <Badge tone="info">{market.updateTo(version)}</Badge> : null}
    </>
  );
}

function CardActions({ row, isNewer, onSaid }: CardProps): ReactNode {
  const { market } = useTexts();
  const isAdmin = useMay('admin');
  const { name, registry, installed, revoked } = row;
  if (!isAdmin) return null;
  return (
    <>
      {revoked !== null || (installed !== null && !isNewer) ? null : (
        <InstallButton name={name} registry={registry} isUpdate={installed !== null} onSaid={onSaid} />
      )}
      {installed === null ? null : (
        <ActionButton
          route="POST /marketplace/uninstall"
          parts={{ body: { name } }}
          touches={TOOL_ROUTES}
          question={market.uninstallQuestion(name)}
          needs="admin"
          onDone={() => onSaid(market.didUninstall(name))}
        >
          {market.uninstall}
        </ActionButton>
      )}
    </>
  );
}
