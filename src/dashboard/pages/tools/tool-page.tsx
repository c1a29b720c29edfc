/** Owns the page of one tool: what it is and may do, a draft that waits, trying it, its source and its versions. */
import type { ReactNode } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { SourceView } from '../../components/source-view.tsx';
import { Loaded } from '../../components/states.tsx';
import { type Tab, Tabs } from '../../components/tabs.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { ToolActions } from './tool-actions.tsx';
import { ToolState } from './tool-cells.tsx';
import { ToolDraft } from './tool-draft.tsx';
import { ToolFindings, ToolTrials } from './tool-findings.tsx';
import { ToolOverview } from './tool-overview.tsx';
import { ToolRun } from './tool-run.tsx';
import { ToolVersions } from './tool-versions.tsx';
import { type ToolInfo, wordOf } from './tool-words.ts';

export function ToolPage({ name }: { readonly name: string }): ReactNode {
  const { tools } = useTexts();
  const [search] = useSearchParams();
  const asked = Number(search.get('version'));
  const query = Number.isInteger(asked) && asked > 0 ? { version: asked } : {};
  const tool = useRead('GET /tools/{name}', { params: { name }, query });
  const { state: said } = useLocation() as { readonly state: unknown };
  return (
    <>
      {typeof said === 'string' ? (
        <p className="notice good" role="status">
          {said}
        </p>
      ) : null}
      <p>
        <Link to="/dashboard/tools">{tools.back}</Link>
      </p>
      <Loaded of={tool}>{(data) => <Whole tool={data} />}</Loaded>
    </>
  );
}

function Whole({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools, words } = useTexts();
  const mayRun = useMay('user');
  const { name, version, state, reason, origin } = tool;
  return (
    <>
      <PageHead title={name} actions={<HeadActions tool={tool} />} />
      <div className="tools-state">
        <ToolState state={state} reason={reason} />
        <span className="quiet">
          {words.version} {version} · {wordOf(tools.origins, origin)}
        </span>
      </div>
      {state === 'pending' ? (
        <ToolDraft tool={tool} />
      ) : (
        <Tabs
          label={name}
          tabs={[
            { id: 'overview', label: tools.overview, content: <ToolOverview tool={tool} /> },
            ...(mayRun && state === 'active'
              ? [{ id: 'run', label: tools.tryIt, content: <ToolRun tool={tool} /> }]
              : []),
            { id: 'source', label: tools.sourceTab, content: <SourceTab tool={tool} /> },
            ...versionsTab(tool, tools.versions),
          ]}
        />
      )}
    </>
  );
}

function versionsTab({ name, origin, version }: ToolInfo, label: string): Tab[] {
  return origin === 'builtin'
    ? []
    : [{ id: 'versions', label, content: <ToolVersions name={name} current={version} /> }];
}

function HeadActions({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const navigate = useNavigate();
  const isAdmin = useMay('admin');
  const { name, origin, state } = tool;
  const isOwn = origin === 'user' || origin === 'ai';
  return (
    <div className="actions">
      {isOwn && isAdmin ? (
        <Link className="button" to={`/dashboard/tools/new?from=${name}`}>
          {tools.edit}
        </Link>
      ) : null}
      {state === 'pending' ? null : <ToolActions tool={tool} />}
      {isOwn ? (
        <ActionButton
          route="DELETE /tools/{name}"
          parts={{ params: { name } }}
          touches={['GET /tools', 'GET /tool-use']}
          question={tools.removeQuestion(name)}
          needs="admin"
          onDone={() => void navigate('/dashboard/tools')}
        >
          {tools.remove}
        </ActionButton>
      ) : null}
    </div>
  );
}

function SourceTab({ tool }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const { findings = [], trials = [], source, origin, name } = tool;
  return (
    <>
      {origin === 'builtin' ? <p className="quiet">{tools.noVersions}</p> : null}
      {origin === 'builtin' ? null : (
        <>
          <Section title={tools.findings}>
            <ToolFindings findings={findings} />
          </Section>
          <Section title={tools.trials}>
            <ToolTrials trials={trials} />
          </Section>
        </>
      )}
      <SourceView label={name} code={source} findings={findings} />
    </>
  );
}
