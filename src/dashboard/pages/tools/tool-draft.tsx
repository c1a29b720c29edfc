/** Owns the decision on a version that waits: what it may do, what changes, its whole source, and a yes that is for exactly this text. */
import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ApiError, Result } from '../../api/client.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { Difference } from '../../components/difference.tsx';
import { PermissionDifference, PermissionList } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { SourceView } from '../../components/source-view.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { hasHidden, VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { ToolFindings, ToolTrials } from './tool-findings.tsx';
import { Members } from './tool-overview.tsx';
import { type ToolInfo, TOOL_ROUTES } from './tool-words.ts';

type Version = Result<'GET /tools/{name}/versions'>[number];

export function ToolDraft({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const versions = useRead('GET /tools/{name}/versions', { params: { name: tool.name } });
  return (
    <>
      <p className="notice ask">{tools.waitingLead}</p>
      {hasHidden(tool.source) ? <p className="notice bad">{tools.hiddenChars}</p> : null}
      <Section title={tools.does}>
        <p className="tools-says">
          <VisibleText text={tool.description ?? ''} />
        </p>
        <Members schema={tool.input_schema} />
      </Section>
      <Loaded of={versions}>{(rows) => <Compared tool={tool} former={inUse(rows, tool)} />}</Loaded>
      <Section title={tools.findings}>
        <ToolFindings findings={tool.findings ?? []} />
      </Section>
      <Section title={tools.trials}>
        <ToolTrials trials={tool.trials ?? []} />
      </Section>
      <SourceView label={tools.whole} code={tool.source} findings={tool.findings ?? []} />
      <Decision tool={tool} />
    </>
  );
}

/** What is in use now, or was last, before the one that waits. */
function inUse(rows: readonly Version[], { version }: ToolInfo): Version | undefined {
  const others = rows.filter((row) => row.version !== version);
  return others.find(({ state }) => state === 'active') ?? others.find(({ state }) => state === 'superseded');
}

function Compared({ tool, former }: { readonly tool: ToolInfo; readonly former: Version | undefined }): ReactNode {
  const { tools } = useTexts();
  const before = useRead(
    'GET /tools/{name}',
    { params: { name: tool.name }, query: former === undefined ? {} : { version: Number(former.version) } },
    { isEnabled: former !== undefined },
  );
  if (former === undefined) {
    return (
      <Section title={tools.wants}>
        <PermissionList permissions={tool.permissions} />
        <p className="quiet">{tools.firstVersion}</p>
      </Section>
    );
  }
  return (
    <Section title={tools.comparedWith(former.version)}>
      <h3>{tools.permissionsChanged}</h3>
      <PermissionDifference before={former.permissions} after={tool.permissions} />
      <h3>{tools.sourceChanged}</h3>
      <Loaded of={before}>
        {({ source }) => <Difference label={tools.sourceChanged} before={source} after={tool.source} />}
      </Loaded>
    </Section>
  );
}

function Decision({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  const approve = useChange('POST /tools/{name}/approve', TOOL_ROUTES);
  const reject = useChange('POST /tools/{name}/reject', TOOL_ROUTES);
  const { name, version, hash } = tool;
  if (!isAdmin) return null;
  const parts = { params: { name }, body: { version: Number(version), hash } };
  const leave = (said: string) => () => void navigate(`/dashboard/tools/${name}`, { replace: true, state: said });
  const error = approve.error ?? reject.error;
  return (
    <div className="tools-decision card">
      {error === null ? null : <Refused error={error} tool={tool} />}
      <div className="actions">
        <button
          type="button"
          disabled={reject.isPending}
          onClick={() => void reject.mutateAsync(parts).then(leave(tools.rejected(name)), isShown)}
        >
          {tools.reject}
        </button>
        <button
          type="button"
          className="main"
          disabled={approve.isPending}
          onClick={() => void approve.mutateAsync(parts).then(leave(tools.approved(name)), isShown)}
        >
          {tools.approve}
        </button>
      </div>
    </div>
  );
}

/** What goes wrong stands above the buttons. The promise is waited for, because a decision takes its own buttons away. */
const isShown = (): void => undefined;

function Refused({ error, tool: { name } }: { readonly error: ApiError; readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  if (error.status !== 409) return <Failure error={error} />;
  return (
    <div className="notice bad" role="alert">
      <p>{tools.changedMeanwhile}</p>
      <Link className="button" to={`/dashboard/tools/${name}`} reloadDocument>
        {tools.lookAgain}
      </Link>
    </div>
  );
}
