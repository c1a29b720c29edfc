/** Owns the list of tools: found by a word, their state, what they may do and did lately. */
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { PageHead } from '../../components/page-head.tsx';
import { PermissionList } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { Marketplace } from './marketplace.tsx';
import { ToolActions } from './tool-actions.tsx';
import { ToolState, UseCell } from './tool-cells.tsx';
import { ORIGIN_NAMES, STATE_NAMES, type Tool, wordOf } from './tool-words.ts';

type Use = Result<'GET /tool-use'>[number];

interface Wanted {
  readonly text: string;
  readonly state: string;
  readonly origin: string;
}

export function ToolList(): ReactNode {
  const { nav, tools } = useTexts();
  const isAdmin = useMay('admin');
  const list = useRead('GET /tools', {});
  const used = useRead('GET /tool-use', {});
  const [wanted, setWanted] = useState<Wanted>({ text: '', state: '', origin: '' });
  return (
    <>
      <PageHead
        title={nav.tools}
        lead={tools.lead}
        actions={
          isAdmin ? (
            <Link className="button main" to="/dashboard/tools/new">
              {tools.write}
            </Link>
          ) : null
        }
      />
      <Loaded of={list}>
        {(rows) => (
          <>
            <WaitingTools rows={rows} />
            <Filter wanted={wanted} onWanted={setWanted} />
            <ToolTable rows={rows.filter((tool) => isWanted(tool, wanted))} used={used.data ?? []} />
          </>
        )}
      </Loaded>
      <Marketplace />
    </>
  );
}

function isWanted({ name, description, state, origin }: Tool, wanted: Wanted): boolean {
  const all = `${name} ${name.replaceAll('_', ' ')} ${description ?? ''}`.toLowerCase();
  const hasWords = wanted.text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
  return hasWords && ['', state].includes(wanted.state) && ['', origin].includes(wanted.origin);
}

function WaitingTools({ rows }: { readonly rows: readonly Tool[] }): ReactNode {
  const { tools } = useTexts();
  const isAdmin = useMay('admin');
  const waiting = rows.filter(({ state }) => state === 'pending');
  if (waiting.length === 0 || !isAdmin) return null;
  return (
    <Section title={tools.waiting}>
      <p className="quiet">{tools.waitingLead}</p>
      <ul className="tools-waiting">
        {waiting.map(({ name, version }) => (
          <li key={`${name} ${version}`}>
            <Link to={`/dashboard/tools/${name}?version=${version}`}>{tools.draftTitle(name, version)}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface FilterProps {
  readonly wanted: Wanted;
  readonly onWanted: (wanted: Wanted) => void;
}

function Filter({ wanted, onWanted }: FilterProps): ReactNode {
  const { tools, words } = useTexts();
  return (
    <div className="bar tools-filter" role="search">
      <label className="field">
        {tools.find}
        <input
          type="search"
          value={wanted.text}
          onChange={({ target }) => onWanted({ ...wanted, text: target.value })}
        />
      </label>
      <label className="field">
        {words.state}
        <select value={wanted.state} onChange={({ target }) => onWanted({ ...wanted, state: target.value })}>
          <option value="">{words.all}</option>
          {STATE_NAMES.map((state) => (
            <option key={state} value={state}>
              {tools.states[state]}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {tools.origin}
        <select value={wanted.origin} onChange={({ target }) => onWanted({ ...wanted, origin: target.value })}>
          <option value="">{words.all}</option>
          {ORIGIN_NAMES.map((origin) => (
            <option key={origin} value={origin}>
              {tools.origins[origin]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function ToolTable({ rows, used }: { readonly rows: readonly Tool[]; readonly used: readonly Use[] }): ReactNode {
  const { nav, tools, words } = useTexts();
  if (rows.length === 0) return <Nothing>{tools.none}</Nothing>;
  const useOf = new Map(used.map((use) => [use.name, use]));
  return (
    <Table
      caption={nav.tools}
      rows={rows}
      keyOf={({ name, version, state }) => `${name} ${version} ${state}`}
      columns={[
        { title: words.name, cell: (tool) => <NameCell tool={tool} /> },
        { title: words.state, cell: (tool) => <ToolState state={tool.state} reason={tool.reason} /> },
        { title: tools.origin, cell: ({ origin }) => wordOf(tools.origins, origin) },
        { title: tools.wants, cell: ({ permissions }) => <PermissionList permissions={permissions} most={2} /> },
        { title: tools.lately, cell: ({ name }) => <UseCell use={useOf.get(name)} /> },
        { title: words.actions, cell: (tool) => <ToolActions tool={tool} /> },
      ]}
    />
  );
}

function NameCell({ tool: { name, version, description, state } }: { readonly tool: Tool }): ReactNode {
  const to = state === 'pending' ? `/dashboard/tools/${name}?version=${version}` : `/dashboard/tools/${name}`;
  return (
    <>
      <Link to={to}>{name}</Link> <span className="quiet">{version}</span>
      {description === null ? null : (
        <p className="tools-about">
          <VisibleText text={description.replaceAll(/\s+/g, ' ')} />
        </p>
      )}
    </>
  );
}
