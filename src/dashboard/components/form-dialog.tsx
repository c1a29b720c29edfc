/** Owns a form that makes or changes something by the API: opened by a button, wrong members named at their fields, closed when it is done. */
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { ApiError, Endpoint, Parts, Result } from '../api/client.ts';
import { useChange } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { type Needed, useMay } from '../session-gate.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './states.tsx';

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind?: 'text' | 'password' | 'number' | 'textarea' | 'select' | 'checkbox';
  readonly options?: readonly string[];
  readonly value?: string;
  readonly isRequired?: boolean;
  readonly hint?: string;
}

/** What was typed, by field; a checkbox that is on is `on`, one that is off is empty. */
export type Typed = (name: string) => string;

interface FormDialogProps<Name extends Endpoint> {
  /** On the button that opens it, and above the form. */
  readonly title: string;
  readonly fields: readonly Field[];
  readonly route: Name;
  readonly toParts: (typed: Typed) => Parts<Name>;
  readonly touches: readonly Endpoint[];
  readonly onDone?: (result: Result<Name>) => void;
  /** What stands below the fields while somebody types. */
  readonly preview?: (typed: Typed) => ReactNode;
  readonly isMain?: boolean;
  /** Who sees it; everybody but those who only read when absent. */
  readonly needs?: Needed;
}

export function FormDialog<Name extends Endpoint>(props: FormDialogProps<Name>): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!useMay(props.needs ?? 'user')) return null;
  return (
    <>
      <button type="button" className={props.isMain === true ? 'main' : undefined} onClick={() => setOpen(true)}>
        {props.title}
      </button>
      {isOpen ? (
        <Dialog title={props.title} onClose={() => setOpen(false)}>
          <Form {...props} onClose={() => setOpen(false)} />
        </Dialog>
      ) : null}
    </>
  );
}

function Form<Name extends Endpoint>({
  fields,
  route,
  toParts,
  touches,
  onDone,
  onClose,
  preview,
}: FormDialogProps<Name> & { readonly onClose: () => void }): ReactNode {
  const { state } = useTexts();
  const change = useChange(route, touches);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map(({ name, value, options }) => [name, value ?? options?.[0] ?? ''])),
  );
  const read: Typed = (name) => typed[name] ?? '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const done = (result: Result<Name>): void => {
      onClose();
      onDone?.(result);
    };
    change.mutate(toParts(read), { onSuccess: done });
  };
  return (
    <form className="fields" onSubmit={submit}>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={read(field.name)}
          problem={problemOf(change.error, field.name)}
          onChange={(value) => setTyped({ ...typed, [field.name]: value })}
        />
      ))}
      {preview?.(read)}
      {change.error === null ? null : <Failure error={change.error} />}
      <div className="actions">
        <button type="button" onClick={onClose}>
          {state.cancel}
        </button>
        <button type="submit" className="main" disabled={change.isPending}>
          {state.save}
        </button>
      </div>
    </form>
  );
}

function problemOf(error: ApiError | null, name: string): string | undefined {
  return error?.fields[name];
}

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

function FieldInput({ field, value, problem, onChange }: FieldInputProps): ReactNode {
  const { name, label, kind = 'text', options = [], isRequired = false, hint } = field;
  const id = useId();
  const about = `${id}-about`;
  const common = {
    id,
    name,
    'data-kind': kind,
    required: isRequired,
    'aria-describedby': about,
    'aria-invalid': problem !== undefined,
  };
  return (
    <div className={kind === 'checkbox' ? 'field line' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {kind === 'textarea' ? (
        <textarea {...common} rows={4} value={value} onChange={({ target }) => onChange(target.value)} />
      ) : kind === 'select' ? (
        <select {...common} value={value} onChange={({ target }) => onChange(target.value)}>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      ) : kind === 'checkbox' ? (
        <input
          {...common}
          type="checkbox"
          checked={value === 'on'}
          onChange={({ target }) => onChange(target.checked ? 'on' : '')}
        />
      ) : (
        <input
          {...common}
          type={kind}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          autoComplete="off"
        />
      )}
      <span id={about} className={problem === undefined ? 'quiet' : 'bad-text'}>
        {problem ?? hint}
      </span>
    </div>
  );
}
