/** Owns what a tool is: what it says of itself, takes, may do and did lately, and who made it. */
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { PermissionList } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { When } from '../../components/when.tsx';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { schemaFields } from './schema-fields.ts';
import { UseCell } from './tool-cells.tsx';
import { type ToolInfo, wordOf } from './tool-words.ts';

export function ToolOverview({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const { description, permissions, input_schema: schema } = tool;
  return (
    <>
      <div className="tiles">
        <Section title={tools.does}>
          <p className="tools-says">
            <VisibleText text={description ?? ''} />
          </p>
        </Section>
        <Section title={tools.wants}>
          <PermissionList permissions={permissions} />
        </Section>
        <Facts tool={tool} />
      </div>
      <Section title={tools.takes}>
        <Members schema={schema} />
      </Section>
      <Uses name={tool.name} />
    </>
  );
}

export function Members({ schema }: { readonly schema: unknown }): ReactNode {
  const { tools } = useTexts();
  const fields = schemaFields(schema);
  if (fields.length === 0) return <p className="quiet">{tools.takesNothing}</p>;
  return (
    <Table
      caption={tools.takes}
      rows={fields}
      keyOf={({ name }) => name}
      columns={[
        {
          title: tools.member,
          cell: ({ name }) => (
            <code>
              <VisibleText text={name} />
            </code>
          ),
        },
        {
          title: tools.type,
          cell: ({ type, isRequired }) => (
            <>
              <VisibleText text={type} />{' '}
              <span className="quiet">({isRequired ? tools.required : tools.optional})</span>
            </>
          ),
        },
        { title: tools.meaning, cell: ({ description }) => <VisibleText text={description ?? ''} /> },
      ]}
    />
  );
}

function Facts({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const { origin, created_at: made, decided_at: decided, created_by: maker, decided_by: decider, hash } = tool;
  return (
    <Section title={tools.facts}>
      <dl className="tools-facts">
        <dt>{tools.origin}</dt>
        <dd>{wordOf(tools.origins, origin)}</dd>
        {made === undefined ? null : (
          <>
            <dt>{tools.madeBy}</dt>
            <dd>
              <When at={made} /> {maker == null ? null : tools.by(maker)}
            </dd>
          </>
        )}
        {decided == null ? null : (
          <>
            <dt>{tools.decidedBy}</dt>
            <dd>
              <When at={decided} /> {decider == null ? null : tools.by(decider)}
            </dd>
          </>
        )}
        {tool.file === undefined ? null : (
          <>
            <dt>{tools.file}</dt>
            <dd>
              <code>{tool.file}</code>
            </dd>
          </>
        )}
        {tool.failures === undefined || tool.failures === 0 ? null : (
          <>
            <dt>{tools.failuresInARow}</dt>
            <dd className="bad-text">{tool.failures}</dd>
          </>
        )}
        <dt>{tools.hash}</dt>
        <dd>
          <code className="tools-hash">{hash}</code>
        </dd>
      </dl>
    </Section>
  );
}

function Uses({ name }: { readonly name: string }): ReactNode {
  const { tools, words } = useTexts();
  const use = useRead('GET /tools/{name}/use', { params: { name } });
  return (
    <Section title={tools.uses}>
      <Loaded of={use}>
        {(data) =>
          data.calls === 0 ? (
            <p className="quiet">{tools.noUses}</p>
          ) : (
            <>
              <UseCell use={data} />
              <Table
                caption={tools.uses}
                rows={data.latest.map((call, at) => ({ ...call, key: at }))}
                keyOf={({ key }) => key}
                columns={[
                  { title: words.when, cell: ({ at }) => (at === null ? '–' : <When at={at} />) },
                  { title: words.state, cell: ({ status }) => <CallState status={status} /> },
                  { title: tools.took, cell: ({ ms }) => (ms === null ? '–' : `${count(ms)} ms`), isNumber: true },
                  { title: tools.conversation, cell: ({ conversation_id: id }) => <ToConversation id={id} /> },
                ]}
              />
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function CallState({ status }: { readonly status: string | null }): ReactNode {
  const { tools } = useTexts();
  const code = status ?? 'error';
  return <Badge tone={code === 'ok' ? 'good' : 'bad'}>{wordOf(tools.runStates, code)}</Badge>;
}

function ToConversation({ id }: { readonly id: string | null }): ReactNode {
  const { tools } = useTexts();
  return id === null ? '–' : <Link to={`/dashboard/conversations/${id}`}>{tools.conversation}</Link>;
}
