/** Owns one field of a form: its label, the widget of its kind, and what is wrong with it or what it means. */
import { type ReactNode, useId } from 'react';
import { type Field, optionOf } from './field.ts';

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

export function FieldInput(props: FieldInputProps): ReactNode {
  const { field, problem } = props;
  const { label, kind = 'text', hint } = field;
  const id = useId();
  const isGroup = kind === 'radio' || kind === 'checks';
  const about = `${id}-about`;
  const told = (
    <span id={about} className={problem === undefined ? 'quiet' : 'bad-text'}>
      {problem ?? hint}
    </span>
  );
  if (isGroup) {
    return (
      <fieldset className="field choice-list" aria-describedby={about}>
        <legend>{label}</legend>
        <Choices {...props} />
        {told}
      </fieldset>
    );
  }
  return (
    <div className={kind === 'checkbox' ? 'field line' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <Widget {...props} id={id} about={about} />
      {told}
    </div>
  );
}

function Choices({ field, value, onChange }: FieldInputProps): ReactNode {
  const { name, kind, options = [] } = field;
  const chosen = value.split('\n');
  const choose = (option: string, isOn: boolean): void => {
    if (kind === 'radio') return onChange(option);
    const others = chosen.filter((each) => each !== option && each !== '');
    onChange([...others, ...(isOn ? [option] : [])].join('\n'));
  };
  return options.map(optionOf).map((option) => (
    <label key={option.value}>
      <input
        type={kind === 'radio' ? 'radio' : 'checkbox'}
        name={name}
        value={option.value}
        checked={chosen.includes(option.value)}
        onChange={({ target }) => choose(option.value, target.checked)}
      />
      <span>
        {option.label}
        {option.hint === undefined ? null : <span className="quiet"> {option.hint}</span>}
      </span>
    </label>
  ));
}

function Widget({ field, value, problem, onChange, id, about }: FieldInputProps & { id: string; about: string }) {
  const { name, kind = 'text', options = [], isRequired = false, placeholder, suggestions } = field;
  const common = {
    id,
    name,
    'data-kind': kind,
    required: isRequired,
    'aria-describedby': about,
    'aria-invalid': problem !== undefined,
  };
  if (kind === 'textarea' || kind === 'list') {
    const rows = kind === 'list' ? Math.min(10, value.split('\n').length + 1) : 4;
    return (
      <textarea
        {...common}
        rows={rows}
        value={value}
        placeholder={placeholder}
        onChange={({ target }) => onChange(target.value)}
      />
    );
  }
  if (kind === 'select') {
    return (
      <select {...common} value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(optionOf).map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    );
  }
  if (kind === 'checkbox') {
    const isOn = value === 'on';
    return (
      <input
        {...common}
        type="checkbox"
        checked={isOn}
        onChange={({ target }) => onChange(target.checked ? 'on' : '')}
      />
    );
  }
  const { min, max, step, minLength, inputMode } = field;
  return (
    <>
      <input
        {...common}
        {...{ min, max, step, minLength, inputMode, placeholder }}
        type={kind}
        value={value}
        list={suggestions === undefined ? undefined : `${id}-list`}
        onChange={({ target }) => onChange(target.value)}
        autoComplete={kind === 'password' ? 'new-password' : 'off'}
      />
      {suggestions === undefined ? null : (
        <datalist id={`${id}-list`}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </>
  );
}
