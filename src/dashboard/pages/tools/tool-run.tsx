/** Owns running a tool by hand: a form made from its schema, JSON for what a form cannot say, and what came of it. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useChange } from '../../api/use-api.ts';
import { Badge } from '../../components/badge.tsx';
import { Section } from '../../components/section.tsx';
import { Failure } from '../../components/states.tsx';
import { VisibleText } from '../../components/visible-text.tsx';
import { count } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { inputOf, presetText, type SchemaField, schemaFields, type Typed } from './schema-fields.ts';
import { type ToolInfo, wordOf } from './tool-words.ts';

type Ran = Result<'POST /tools/{name}/run'>;

export function ToolRun({ tool: { name, input_schema: schema } }: { readonly tool: ToolInfo }): ReactNode {
  const { tools } = useTexts();
  const fields = schemaFields(schema);
  const run = useChange('POST /tools/{name}/run', ['GET /tool-use', 'GET /tools/{name}/use']);
  const [way, setWay] = useState<'form' | 'json'>('form');
  const [typed, setTyped] = useState<Typed>(() =>
    Object.fromEntries(fields.map((field) => [field.name, presetText(field)])),
  );
  const [json, setJson] = useState('{}');
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = way === 'form' ? inputOf(fields, typed) : jsonInput(json);
    setWrong(read.ok ? [] : read.wrong);
    if (read.ok) run.mutate({ params: { name }, body: { input: read.input } });
  };
  const change = (next: 'form' | 'json'): void => {
    const read = inputOf(fields, typed);
    if (next === 'json' && read.ok) setJson(JSON.stringify(read.input, null, 2));
    setWrong([]);
    setWay(next);
  };
  return (
    <Section title={tools.tryIt} actions={<Ways way={way} onWay={change} />}>
      <form className="fields" onSubmit={submit}>
        {way === 'json' ? (
          <label className="field">
            {tools.inputJson}
            <textarea
              className="mono"
              rows={8}
              spellCheck={false}
              value={json}
              aria-invalid={wrong.length > 0}
              onChange={({ target }) => setJson(target.value)}
            />
            {wrong.length > 0 ? <span className="bad-text">{tools.notJson}</span> : null}
          </label>
        ) : (
          <Fields
            fields={fields}
            typed={typed}
            wrong={wrong}
            onTyped={(member, value) => setTyped({ ...typed, [member]: value })}
          />
        )}
        <div className="actions">
          <button type="submit" className="main" disabled={run.isPending}>
            {tools.run}
          </button>
        </div>
      </form>
      {run.isPending ? <p role="status">{tools.runs}</p> : null}
      {run.error === null ? null : <Failure error={run.error} />}
      {run.data === undefined || run.isPending ? null : <Came ran={run.data} />}
    </Section>
  );
}

function jsonInput(text: string) {
  try {
    const input: unknown = JSON.parse(text);
    if (typeof input === 'object' && input !== null && !Array.isArray(input))
      return { ok: true as const, input: input as Readonly<Record<string, unknown>> };
  } catch {
    // Said below, as for any other text that is no object.
  }
  return { ok: false as const, wrong: ['input'] };
}

function Ways({ way, onWay }: { readonly way: string; readonly onWay: (way: 'form' | 'json') => void }): ReactNode {
  const { tools } = useTexts();
  return (
    <div className="actions" role="group" aria-label={tools.tryIt}>
      <button type="button" aria-pressed={way === 'form'} onClick={() => onWay('form')}>
        {tools.form}
      </button>
      <button type="button" aria-pressed={way === 'json'} onClick={() => onWay('json')}>
        {tools.json}
      </button>
    </div>
  );
}

interface FieldsProps {
  readonly fields: readonly SchemaField[];
  readonly typed: Typed;
  readonly wrong: readonly string[];
  readonly onTyped: (name: string, value: string) => void;
}

function Fields({ fields, typed, wrong, onTyped }: FieldsProps): ReactNode {
  const { tools } = useTexts();
  if (fields.length === 0) return <p className="quiet">{tools.takesNothing}</p>;
  return fields.map((field) => (
    <OneField
      key={field.name}
      field={field}
      value={typed[field.name] ?? ''}
      isWrong={wrong.includes(field.name)}
      onChange={(value) => onTyped(field.name, value)}
    />
  ));
}

interface OneFieldProps {
  readonly field: SchemaField;
  readonly value: string;
  readonly isWrong: boolean;
  readonly onChange: (value: string) => void;
}

function OneField({ field, value, isWrong, onChange }: OneFieldProps): ReactNode {
  const { tools } = useTexts();
  const id = useId();
  const { name, kind, type, description, isRequired, options } = field;
  const common = { id, required: isRequired, 'aria-describedby': `${id}-about`, 'aria-invalid': isWrong };
  const hints = { lines: tools.oneLineEach, json: tools.asJson, number: '', text: '', 'long-text': '', select: '' };
  const hint = kind === 'checkbox' ? '' : hints[kind];
  return (
    <div className={kind === 'checkbox' ? 'field line' : 'field'}>
      <label htmlFor={id}>
        <VisibleText text={name} />
      </label>
      {kind === 'checkbox' ? (
        <input
          {...common}
          required={false}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ target }) => onChange(target.checked ? 'true' : '')}
        />
      ) : kind === 'select' ? (
        <select {...common} value={value} onChange={({ target }) => onChange(target.value)}>
          <option value="">{isRequired ? '–' : tools.left}</option>
          {options.map((option) => (
            <option key={option} value={option}>
              {option}
            </option>
          ))}
        </select>
      ) : kind === 'text' || kind === 'number' ? (
        <input
          {...common}
          type={kind}
          {...(kind === 'number' ? { step: 'any' } : {})}
          autoComplete="off"
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      ) : (
        <textarea
          {...common}
          rows={kind === 'long-text' ? 2 : 4}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
      )}
      <span id={`${id}-about`} className={isWrong ? 'bad-text' : 'quiet'}>
        <VisibleText
          text={[description, hint === '' ? `(${type})` : hint].filter((each) => each !== undefined).join(' ')}
        />
      </span>
    </div>
  );
}

function Came({ ran: { status, output, ms, error } }: { readonly ran: Ran }): ReactNode {
  const { tools } = useTexts();
  const text = error ?? (typeof output === 'string' ? output : (JSON.stringify(output, null, 2) ?? ''));
  return (
    <div role="status">
      <p>
        <Badge tone={status === 'ok' ? 'good' : 'bad'}>{wordOf(tools.runStates, status)}</Badge>{' '}
        <span className="quiet">{tools.ran(count(Math.round(ms)))}</span>
      </p>
      <pre tabIndex={0} aria-label={tools.output} role="region" className="tools-output">
        <VisibleText text={text} />
      </pre>
    </div>
  );
}
