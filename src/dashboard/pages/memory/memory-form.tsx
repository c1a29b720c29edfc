/** Owns the forms by which something is remembered, and by which a memory gets another value. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import type { Field } from '../../components/field.ts';
import { FormDialog, type Typed } from '../../components/form-dialog.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { TOUCHED } from './touched.ts';

export type MemoryRow = Result<'GET /memories'>[number];

export const CATEGORIES = ['user_info', 'preferences', 'facts', 'notes', 'reminders'] as const;
const LEVELS = [1, 2, 3, 4, 5] as const;
/** How long it is kept, as the API takes it. */
const EXPIRY = { never: 'never', day: '1d', week: '7d', month: '30d', year: '365d' } as const;

interface FormProps {
  /** Folder of a room; empty for one's own. */
  readonly room: string;
  readonly onSaid: (said: string) => void;
}

function useFields(row?: MemoryRow): readonly Field[] {
  const { memory, words } = useTexts();
  const lengths = Object.entries(EXPIRY).map(([name, value]) => ({
    value,
    label: memory.expiry[name as keyof typeof EXPIRY],
  }));
  return [
    { name: 'value', label: words.value, kind: 'textarea', isRequired: true, value: row?.value ?? '' },
    {
      name: 'importance',
      label: memory.importance,
      kind: 'select',
      value: String(row?.importance ?? 3),
      options: LEVELS.map((level) => ({ value: String(level), label: memory.levels[level] })),
    },
    {
      name: 'expires',
      label: memory.expires,
      kind: 'select',
      options: row === undefined ? lengths : [{ value: '', label: memory.expiry.keep }, ...lengths],
    },
  ];
}

function bodyOf(typed: Typed) {
  const expires = typed('expires');
  return {
    value: typed('value'),
    importance: Number(typed('importance')),
    ...(expires === '' ? {} : { expires }),
  };
}

export function NewMemory({ room, onSaid }: FormProps): ReactNode {
  const { memory } = useTexts();
  const fields = useFields();
  const categories = CATEGORIES.map((value) => ({ value, label: memory.categories[value] }));
  return (
    <FormDialog
      title={memory.add}
      isMain
      fields={[
        { name: 'category', label: memory.category, kind: 'select', options: categories },
        { name: 'key', label: memory.key, isRequired: true, hint: memory.keyHint },
        ...fields,
      ]}
      route="POST /memories"
      toParts={(typed) => ({
        query: room === '' ? {} : { room },
        body: {
          category: CATEGORIES.find((each) => each === typed('category')) ?? 'facts',
          key: typed('key'),
          ...bodyOf(typed),
        },
      })}
      touches={TOUCHED}
      onDone={({ key }) => onSaid(memory.saved(key))}
    />
  );
}

export function EditMemory({ row, room, onSaid }: FormProps & { readonly row: MemoryRow }): ReactNode {
  const { memory } = useTexts();
  const fields = useFields(row);
  return (
    <FormDialog
      title={memory.editTitle(row.key)}
      opens={memory.edit}
      fields={fields}
      route="POST /memories"
      toParts={(typed) => ({
        query: room === '' ? {} : { room },
        body: { category: row.category, key: row.key, ...bodyOf(typed) },
      })}
      touches={TOUCHED}
      onDone={({ key }) => onSaid(memory.saved(key))}
    />
  );
}
