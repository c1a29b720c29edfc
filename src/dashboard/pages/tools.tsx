/** Owns the page of tools: which there are, what each may do, its versions and source, and the decision on what waits. */
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { CodeBlock } from '../components/code-block.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { useTexts } from '../language/use-texts.ts';
import { Marketplace } from './marketplace.tsx';

type Tool = Result<'GET /tools'>[number];
const TOUCHED = ['GET /tools', 'GET /tools/{name}', 'GET /tools/{name}/versions'] as const;

export function Tools(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <ToolList /> : <ToolPage key={id} name={id} />;
}

function ToolList(): ReactNode {
  const { nav, tools, words } = useTexts();
  const list = useRead('GET /tools', {});
  return (
    <>
      <h1>{nav.tools}</h1>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.tools}
            rows={rows}
            keyOf={({ name, version }) => `${name} ${version}`}
            columns={[
              { title: words.name, cell: ({ name }) => <Link to={`/dashboard/tools/${name}`}>{name}</Link> },
              { title: words.state, cell: ({ state, reason }) => <StateCell state={state} reason={reason} /> },
              { title: tools.origin, cell: ({ origin }) => origin },
              { title: words.version, cell: ({ version }) => version },
              { title: tools.wants, cell: ({ permissions }) => <Wanted permissions={permissions} /> },
              { title: words.actions, cell: (tool) => <ToolActions tool={tool} /> },
            ]}
          />
        )}
      </Loaded>
      <Marketplace />
    </>
  );
}

function StateCell({ state, reason }: { readonly state: string; readonly reason: string | null }): ReactNode {
  return (
    <>
      {state} {reason === null ? null : <span className="quiet">{reason}</span>}
    </>
  );
}

/** What a tool may reach, a line for each kind of permission that is not empty. */
function Wanted({ permissions }: { readonly permissions: Tool['permissions'] }): ReactNode {
  const { tools } = useTexts();
  const wanted = Object.entries(permissions).filter(([, list]) => Array.isArray(list) && list.length > 0);
  if (wanted.length === 0) return <span className="quiet">{tools.nothing}</span>;
  return (
    <ul>
      {wanted.map(([kind, list]) => (
        <li key={kind}>
          {kind}: <code>{JSON.stringify(list)}</code>
        </li>
      ))}
    </ul>
  );
}

function ToolActions({
  tool: { name, origin, state },
}: {
  readonly tool: Pick<Tool, 'name' | 'origin' | 'state'>;
}): ReactNode {
  const { tools, words } = useTexts();
  if (origin === 'builtin') return null;
  const params = { name };
  if (state === 'pending') {
    return (
      <div className="actions">
        <ActionButton route="POST /tools/{name}/reject" parts={{ params, body: {} }} touches={TOUCHED} needs="admin">
          {tools.reject}
        </ActionButton>
        <Link className="button" to={`/dashboard/tools/${name}`}>
          {words.details}
        </Link>
      </div>
    );
  }
  return state === 'active' ? (
    <ActionButton route="POST /tools/{name}/disable" parts={{ params, body: {} }} touches={TOUCHED} needs="admin">
      {words.disable}
    </ActionButton>
  ) : (
    <ActionButton route="POST /tools/{name}/enable" parts={{ params, body: {} }} touches={TOUCHED} needs="admin">
      {words.enable}
    </ActionButton>
  );
}

function ToolPage({ name }: { readonly name: string }): ReactNode {
  const { tools } = useTexts();
  const tool = useRead('GET /tools/{name}', { params: { name }, query: {} });
  return (
    <Loaded of={tool}>
      {(data) => (
        <>
          <div className="bar">
            <h1>{data.name}</h1>
            <RunForm name={data.name} schema={data.input_schema} />
            {data.state === 'pending' ? (
              <ActionButton
                route="POST /tools/{name}/approve"
                parts={{ params: { name }, body: { version: Number(data.version) } }}
                touches={TOUCHED}
                needs="admin"
                isMain
              >
                {tools.approve}
              </ActionButton>
            ) : null}
            <ToolActions tool={data} />
          </div>
          <p>{data.description}</p>
          <StateCell state={data.state} reason={data.reason} />
          <Wanted permissions={data.permissions} />
          <h2>{tools.source}</h2>
          <Findings findings={data.findings ?? []} />
          <CodeBlock code={data.source} language="ts" />
          {data.origin === 'builtin' ? null : <Versions name={name} />}
        </>
      )}
    </Loaded>
  );
}

function Findings({ findings }: { readonly findings: readonly Readonly<Record<string, unknown>>[] }): ReactNode {
  return (
    <ul>
      {findings.map((finding, at) => (
        <li key={at} className="bad-text">
          {JSON.stringify(finding)}
        </li>
      ))}
    </ul>
  );
}

function RunForm({ name, schema }: { readonly name: string; readonly schema: unknown }): ReactNode {
  const { tools } = useTexts();
  const [shown, setShown] = useState<Result<'POST /tools/{name}/run'>>();
  return (
    <>
      <FormDialog
        title={tools.run}
        fields={[{ name: 'input', label: tools.input, kind: 'textarea', value: '{}', hint: JSON.stringify(schema) }]}
        route="POST /tools/{name}/run"
        toParts={(typed) => ({ params: { name }, body: { input: parseInput(typed('input')) } })}
        touches={[]}
        onDone={setShown}
      />
      {shown === undefined ? null : (
        <output>
          {tools.output}: {shown.status} <code>{JSON.stringify(shown.error ?? shown.output)}</code>
        </output>
      )}
    </>
  );
}

/** What is no JSON object goes as it is, so that the server says what is wrong with it. */
function parseInput(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return { text };
  }
}

function Versions({ name }: { readonly name: string }): ReactNode {
  const { tools, words } = useTexts();
  const versions = useRead('GET /tools/{name}/versions', { params: { name } });
  return (
    <section>
      <h2>{words.version}</h2>
      <Loaded of={versions}>
        {(rows) => (
          <Table
            caption={words.version}
            rows={rows}
            keyOf={({ version }) => version}
            columns={[
              { title: words.version, cell: ({ version }) => version },
              { title: words.state, cell: ({ state, reason }) => <StateCell state={state} reason={reason} /> },
              {
                title: words.actions,
                cell: ({ version, state }) =>
                  state === 'superseded' ? (
                    <ActionButton
                      route="POST /tools/{name}/rollback"
                      parts={{ params: { name }, body: { version: Number(version) } }}
                      touches={TOUCHED}
                      needs="admin"
                    >
                      {tools.rollback}
                    </ActionButton>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
