/** Owns a form that makes or changes something by the API: opened by a button, wrong members named at their fields, closed when it is done. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { ApiError, Endpoint, Parts, Result } from '../api/client.ts';
import { useChange } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { type Needed, useMay } from '../session-gate.tsx';
import { Dialog } from './dialog.tsx';
import { type Field, optionOf } from './field.ts';
import { FieldInput } from './field-input.tsx';
import { Failure } from './states.tsx';

/** What was typed, by field; a checkbox that is on is `on`, one that is off is empty. */
export type Typed = (name: string) => string;

interface FormDialogProps<Name extends Endpoint> {
  /** On the button that opens it, and above the form. */
  readonly title: string;
  /** On the button that opens it, where that is not the title. */
  readonly opens?: string;
  /** It is open from the start at an address with `?do=` this. */
  readonly opensBy?: string;
  /** On the button that sends it, instead of `Save`. */
  readonly submit?: string;
  /** What stands above the fields. */
  readonly lead?: ReactNode;
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
  const [asked, setAsked] = useSearchParams();
  const isAsked = props.opensBy !== undefined && asked.get('do') === props.opensBy;
  const close = (): void => {
    setOpen(false);
    if (isAsked) setAsked({}, { replace: true });
  };
  if (!useMay(props.needs ?? 'user')) return null;
  return (
    <>
      <button type="button" className={props.isMain === true ? 'main' : undefined} onClick={() => setOpen(true)}>
        {props.opens ?? props.title}
      </button>
      {isOpen || isAsked ? (
        <Dialog title={props.title} onClose={close}>
          <Form {...props} onClose={close} />
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
  lead,
  submit: submitLabel,
}: FormDialogProps<Name> & { readonly onClose: () => void }): ReactNode {
  const { state } = useTexts();
  const change = useChange(route, touches);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(
      fields.map(({ name, value, kind, options }) => [name, value ?? (kind === 'checks' ? '' : firstOf(options))]),
    ),
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
      {lead}
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
          {submitLabel ?? state.save}
        </button>
      </div>
    </form>
  );
}

/** What a choice stands on before anything is chosen. */
function firstOf(options: Field['options']): string {
  return options?.[0] === undefined ? '' : optionOf(options[0]).value;
}

function problemOf(error: ApiError | null, name: string): string | undefined {
  return error?.fields[name];
}
