/** Owns the versions of a tool: which there were, what is different between any two, and the way back to an earlier one. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Difference } from '../../components/difference.tsx';
import { PermissionDifference } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { ToolState } from './tool-cells.tsx';
import { TOOL_ROUTES, wordOf } from './tool-words.ts';

type Version = Result<'GET /tools/{name}/versions'>[number];

export function ToolVersions({ name, current }: { readonly name: string; readonly current: string }): ReactNode {
  const versions = useRead('GET /tools/{name}/versions', { params: { name } });
  return (
    <Loaded of={versions}>
      {(rows) => (
        <>
          <VersionTable name={name} rows={rows} />
          <Comparison key={`${current} ${rows.length}`} name={name} rows={rows} />
        </>
      )}
    </Loaded>
  );
}

function VersionTable({ name, rows }: { readonly name: string; readonly rows: readonly Version[] }): ReactNode {
  const { tools, words } = useTexts();
  return (
    <Table
      caption={tools.versions}
      rows={rows}
      keyOf={({ version }) => version}
      columns={[
        { title: words.version, cell: ({ version }) => version },
        { title: words.state, cell: ({ state, reason }) => <ToolState state={state} reason={reason} /> },
        { title: tools.origin, cell: ({ origin }) => wordOf(tools.origins, origin) },
        {
          title: tools.madeBy,
          cell: ({ created_at: at, created_by: maker }) => (
            <>
              <When at={at} /> {maker == null ? null : <span className="quiet">{tools.by(maker)}</span>}
            </>
          ),
        },
        { title: words.actions, cell: (version) => <VersionActions name={name} version={version} /> },
      ]}
    />
  );
}

function VersionActions({
  name,
  version: { version, state },
}: {
  readonly name: string;
  readonly version: Version;
}): ReactNode {
  const { tools, words } = useTexts();
  if (state === 'pending') {
    return (
      <Link className="button" to={`/dashboard/tools/${name}?version=${version}`}>
        {words.details}
      </Link>
    );
  }
  if (state !== 'superseded') return null;
  return (
    <ActionButton
      route="POST /tools/{name}/rollback"
      parts={{ params: { name }, body: { version: Number(version) } }}
      touches={TOOL_ROUTES}
      question={tools.rollbackQuestion(name, version)}
      needs="admin"
    >
      {tools.rollback}
    </ActionButton>
  );
}

function Comparison({ name, rows }: { readonly name: string; readonly rows: readonly Version[] }): ReactNode {
  const { tools } = useTexts();
  const [from, setFrom] = useState(rows[1]?.version ?? '');
  const [to, setTo] = useState(rows[0]?.version ?? '');
  if (rows.length < 2) return <p className="quiet">{tools.onlyOne}</p>;
  const choice = (label: string, value: string, onChange: (version: string) => void): ReactNode => (
    <label>
      {label}{' '}
      <select value={value} onChange={({ target }) => onChange(target.value)}>
        {rows.map(({ version, state }) => (
          <option key={version} value={version}>
            {version} · {wordOf(tools.states, state)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Section
      title={tools.compare}
      actions={
        <div className="actions">
          {choice(tools.from, from, setFrom)}
          {choice(tools.to, to, setTo)}
        </div>
      }
    >
      <TwoVersions name={name} from={Number(from)} to={Number(to)} />
    </Section>
  );
}

function TwoVersions({
  name,
  from,
  to,
}: {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}): ReactNode {
  const { tools } = useTexts();
  const before = useRead('GET /tools/{name}', { params: { name }, query: { version: from } });
  const after = useRead('GET /tools/{name}', { params: { name }, query: { version: to } });
  return (
    <Loaded of={before}>
      {(old) => (
        <Loaded of={after}>
          {(now) => (
            <>
              <h3>{tools.permissionsChanged}</h3>
              <PermissionDifference before={old.permissions} after={now.permissions} />
              <h3>{tools.sourceChanged}</h3>
              <Difference label={tools.sourceChanged} before={old.source} after={now.source} />
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
