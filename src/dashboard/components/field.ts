/** Owns what a field of a form is: plain data, which widget draws it is the matter of field-input.tsx. */

/** A choice with the words for it. */
export interface Option {
  readonly value: string;
  readonly label: string;
  /** What it means, where the choices stand below each other. */
  readonly hint?: string;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  /** `checks`: several of the options, a line each; `list`: a text a line. */
  readonly kind?:
    | 'text'
    | 'password'
    | 'number'
    | 'date'
    | 'datetime-local'
    | 'url'
    | 'textarea'
    | 'list'
    | 'select'
    | 'radio'
    | 'checks'
    | 'checkbox';
  readonly options?: readonly (string | Option)[];
  readonly value?: string;
  readonly isRequired?: boolean;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly step?: number | 'any';
  readonly minLength?: number;
  /** Which keys a phone shows. */
  readonly inputMode?: 'numeric' | 'decimal';
  /** What may be typed is known, but other things may be too. */
  readonly suggestions?: readonly string[];
}

export function optionOf(option: string | Option): Option {
  return typeof option === 'string' ? { value: option, label: option } : option;
}
