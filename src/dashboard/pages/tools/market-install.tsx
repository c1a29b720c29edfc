/** Owns the yes to a package: all that it is for is on the screen, and what is not agreed to by a click is typed. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Difference } from '../../components/difference.tsx';
import { PermissionDifference, PermissionList } from '../../components/permission-list.tsx';
import { SourceView } from '../../components/source-view.tsx';
import { Failure } from '../../components/states.tsx';
import { hasHidden, VisibleText } from '../../components/visible-text.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { ToolFindings, ToolTrials } from './tool-findings.tsx';
import { TOOL_ROUTES } from './tool-words.ts';

type Plan = Result<'POST /marketplace/plan'>;

interface InstallButtonProps {
  readonly name: string;
  readonly registry?: string;
  readonly isUpdate: boolean;
  readonly onSaid: (said: string) => void;
}

export function InstallButton({ name, registry, isUpdate, onSaid }: InstallButtonProps): ReactNode {
  const { market } = useTexts();
  const [plan, setPlan] = useState<Plan>();
  const close = (): void => setPlan(undefined);
  return (
    <>
      <ActionButton
        route="POST /marketplace/plan"
        parts={{ body: { package: name, ...(registry === undefined ? {} : { registry }) } }}
        touches={[]}
        needs="admin"
        onDone={setPlan}
      >
        {isUpdate ? market.update : market.install}
      </ActionButton>
      {plan === undefined ? null : <PlanDialog plan={plan} isUpdate={isUpdate} onClose={close} onSaid={onSaid} />}
    </>
  );
}

interface PlanDialogProps {
  readonly plan: Plan;
  readonly isUpdate: boolean;
  readonly onClose: () => void;
  readonly onSaid: (said: string) => void;
}

/** What somebody says yes to: all of it is on the screen. */
function PlanDialog({ plan, isUpdate, onClose, onSaid }: PlanDialogProps): ReactNode {
  const { market, state } = useTexts();
  const { name, version, registry, key_id: key, sha256, trust } = plan;
  const install = useChange('POST /marketplace/install', TOOL_ROUTES);
  const update = useChange('POST /marketplace/update', TOOL_ROUTES);
  const [typedKey, setTypedKey] = useState('');
  const [typedName, setTypedName] = useState('');
  // Another key than the one that was agreed to before is not agreed to by a click: it is typed.
  const trusted = trust === 'changed' ? typedKey.trim() : key;
  const isOpen = (trust === 'changed' && trusted !== key) || (plan.looks_like !== null && typedName.trim() !== name);
  const agreed = {
    yes: true,
    allow_new_permissions: true,
    allow_look_alike: plan.looks_like !== null && typedName.trim() === name,
    sha256,
    trust: trusted,
  };
  const end = (said: string) => () => {
    onClose();
    onSaid(said);
  };
  const act = (): void => {
    // The promise is waited for, because what is installed takes its own button away.
    if (isUpdate)
      void update.mutateAsync({ body: { name, ...agreed } }).then(end(market.didUpdate(name, version)), isShown);
    else {
      const body = { package: `${name}@${version}`, registry, ...agreed };
      void install.mutateAsync({ body }).then(end(market.didInstall(name, version)), isShown);
    }
  };
  const error = install.error ?? update.error;
  return (
    <Dialog title={`${name} ${version}`} onClose={onClose}>
      <Contents plan={plan} />
      {trust === 'changed' ? <TypedYes label={market.typeKey(key)} value={typedKey} onChange={setTypedKey} /> : null}
      {plan.looks_like === null ? null : (
        <>
          <p className="notice bad">
            <VisibleText text={market.looksLike(plan.looks_like)} />
          </p>
          <TypedYes label={market.typeName(name)} value={typedName} onChange={setTypedName} />
        </>
      )}
      {error === null ? null : <Failure error={error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {state.cancel}
        </button>
        <button type="button" className="main" disabled={isOpen || install.isPending || update.isPending} onClick={act}>
          {isUpdate ? market.update : market.install}
        </button>
      </div>
    </Dialog>
  );
}

/** What goes wrong stands above the buttons. */
const isShown = (): void => undefined;

interface TypedYesProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TypedYes({ label, value, onChange }: TypedYesProps): ReactNode {
  return (
    <label className="field">
      {label}
      <input autoComplete="off" spellCheck={false} value={value} onChange={({ target }) => onChange(target.value)} />
    </label>
  );
}

function Contents({ plan }: { readonly plan: Plan }): ReactNode {
  const { market, tools } = useTexts();
  const { description, to_model: toModel, author, registry, key_id: key, sha256, trust, questions, trials } = plan;
  const isBad = trust === 'new' || trust === 'changed';
  return (
    <>
      <h3>{market.says}</h3>
      <p className="tools-says">
        <VisibleText text={description} />
      </p>
      {toModel === null || toModel === description ? null : (
        <div className="notice ask">
          <strong>{market.saysToModel}</strong>
          <p className="tools-says">
            <VisibleText text={toModel} />
          </p>
        </div>
      )}
      <h3>{market.may}</h3>
      <PermissionList permissions={plan.permissions} />
      <h3>{market.who}</h3>
      <p className={isBad ? 'notice bad' : 'notice good'}>{market.trust[trust]}</p>
      <dl>
        <dt>{market.author}</dt>
        <dd>
          <VisibleText text={author} />
        </dd>
        <dt>{market.key}</dt>
        <dd>
          <code>{key}</code>
        </dd>
        <dt>{market.registry}</dt>
        <dd>
          <VisibleText text={registry} />
        </dd>
        <dt>{market.package}</dt>
        <dd>
          <code className="tools-hash">{sha256}</code>
        </dd>
      </dl>
      {questions.map((question) => (
        <Question key={question} code={question} />
      ))}
      <Changes plan={plan} />
      {plan.findings.length === 0 ? null : (
        <>
          <h3>{market.noticed}</h3>
          <ToolFindings findings={plan.findings} />
        </>
      )}
      <details className="tools-fold">
        <summary>{market.trials}</summary>
        <ToolTrials trials={trials} />
      </details>
      {hasHidden(plan.source) ? <p className="notice bad">{tools.hiddenChars}</p> : null}
      <details className="tools-fold">
        <summary>{market.source}</summary>
        <SourceView label={market.source} code={plan.source} findings={plan.findings} />
      </details>
    </>
  );
}

/** What an install always asks says nothing of its own; a code that is new is shown as it is. */
function Question({ code }: { readonly code: string }): ReactNode {
  const { market } = useTexts();
  if (code === 'install') return null;
  const questions: Readonly<Record<string, string>> = market.questions;
  return <p className="notice ask">{Object.hasOwn(questions, code) ? questions[code] : code}</p>;
}

function Changes({ plan }: { readonly plan: Plan }): ReactNode {
  const { market, tools } = useTexts();
  const { replaces, version, former_permissions: before, permissions, former_source: source } = plan;
  if (replaces === null) return null;
  return (
    <>
      <h3>{market.changes(replaces, version)}</h3>
      <PermissionDifference before={before} after={permissions} />
      {source === null ? null : <Difference label={tools.sourceChanged} before={source} after={plan.source} />}
    </>
  );
}
