/** Owns writing a tool: a text, its check, a trial behind the wall, and the draft that waits for a yes like any other. */
import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { useChange, useRead } from '../../api/use-api.ts';
import { PageHead } from '../../components/page-head.tsx';
import { PermissionList } from '../../components/permission-list.tsx';
import { Section } from '../../components/section.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { ToolFindings, ToolTrials } from './tool-findings.tsx';
import { TOOL_ROUTES } from './tool-words.ts';

export function ToolEditor(): ReactNode {
  const { tools } = useTexts();
  const [search] = useSearchParams();
  const from = search.get('from');
  const [name, setName] = useState<string>();
  return (
    <>
      <p>
        <Link to="/dashboard/tools">{tools.back}</Link>
      </p>
      <PageHead title={from ?? tools.write} lead={tools.writeLead} />
      {from !== null ? (
        <FromTool name={from} />
      ) : name === undefined ? (
        <Begin onName={setName} />
      ) : (
        <FromTemplate name={name} />
      )}
    </>
  );
}

function FromTool({ name }: { readonly name: string }): ReactNode {
  const tool = useRead('GET /tools/{name}', { params: { name }, query: {} });
  return <Loaded of={tool}>{({ source }) => <Editor start={source} />}</Loaded>;
}

function FromTemplate({ name }: { readonly name: string }): ReactNode {
  const template = useRead('GET /tool-template', { query: { name } });
  return <Loaded of={template}>{({ source }) => <Editor start={source} />}</Loaded>;
}

function Begin({ onName }: { readonly onName: (name: string) => void }): ReactNode {
  const { tools } = useTexts();
  const [typed, setTyped] = useState('');
  const hint = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onName(typed.trim());
  };
  return (
    <form className="card narrow" onSubmit={submit}>
      <label className="field">
        {tools.name}
        <input
          required
          pattern="[a-z][a-z0-9_]{1,49}"
          autoComplete="off"
          value={typed}
          aria-describedby={hint}
          onChange={({ target }) => setTyped(target.value)}
        />
      </label>
      <span id={hint} className="quiet">
        {tools.nameHint}
      </span>
      <div className="actions">
        <button type="submit" className="main">
          {tools.begin}
        </button>
      </div>
    </form>
  );
}

function Editor({ start }: { readonly start: string }): ReactNode {
  const { tools } = useTexts();
  const navigate = useNavigate();
  const [source, setSource] = useState(start);
  const check = useChange('POST /tools/check');
  const trial = useChange('POST /tools/trial');
  const save = useChange('POST /tools', TOOL_ROUTES);
  const isBusy = check.isPending || trial.isPending || save.isPending;
  const body = { source };
  const keep = (): void =>
    save.mutate(
      { body },
      { onSuccess: ({ name, version }) => void navigate(`/dashboard/tools/${name}?version=${version}`) },
    );
  const error = save.error ?? trial.error ?? check.error;
  return (
    <>
      <CodeField value={source} onChange={setSource} />
      <div className="actions">
        <button type="button" disabled={isBusy} onClick={() => check.mutate({ body })}>
          {tools.check}
        </button>
        <button type="button" disabled={isBusy} onClick={() => trial.mutate({ body })}>
          {tools.try}
        </button>
        <button type="button" className="main" disabled={isBusy} onClick={keep}>
          {tools.save}
        </button>
      </div>
      {isBusy ? <p role="status">{tools.runs}</p> : null}
      {error === null ? null : <Failure error={error} />}
      {check.data === undefined ? null : (
        <Section title={tools.findings}>
          <ToolFindings findings={check.data.findings} />
        </Section>
      )}
      {trial.data === undefined ? null : <TrialCame trial={trial.data} />}
    </>
  );
}

type TrialResult = NonNullable<ReturnType<typeof useChange<'POST /tools/trial'>>['data']>;

function TrialCame({
  trial: { verdict, reason, permissions, findings, trials },
}: {
  readonly trial: TrialResult;
}): ReactNode {
  const { tools } = useTexts();
  const word = verdict === 'failed' ? tools.verdicts.failed(reason ?? '') : tools.verdicts[verdict];
  return (
    <Section title={tools.trials}>
      <p role="status" className={verdict === 'failed' ? 'notice bad' : 'notice good'}>
        {word}
      </p>
      {verdict === 'wants-more' ? <PermissionList permissions={permissions} /> : null}
      <ToolTrials trials={trials} />
      {findings.length === 0 ? null : <ToolFindings findings={findings} />}
    </Section>
  );
}

/** Tab indents, and after Escape leads out of the text, so that the keyboard is not caught in it. */
function CodeField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const { tools } = useTexts();
  const id = useId();
  const leaves = useRef(false);
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { key, shiftKey, currentTarget } = event;
    if (key === 'Escape') leaves.current = true;
    else if (key === 'Tab' && !shiftKey && !leaves.current) {
      event.preventDefault();
      currentTarget.setRangeText('  ', currentTarget.selectionStart, currentTarget.selectionEnd, 'end');
      onChange(currentTarget.value);
    } else if (key !== 'Tab' && key !== 'Shift') leaves.current = false;
  };
  return (
    <div className="field">
      <label htmlFor={id}>{tools.editor}</label>
      <textarea
        id={id}
        className="mono tools-editor"
        rows={22}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        value={value}
        aria-describedby={`${id}-hint`}
        onKeyDown={onKey}
        onBlur={() => {
          leaves.current = false;
        }}
        onChange={({ target }) => onChange(target.value)}
      />
      <span id={`${id}-hint`} className="quiet">
        {tools.editorHint}
      </span>
    </div>
  );
}
