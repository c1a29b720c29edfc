/** Owns which model answers in this conversation: one of those that are set up, or the one that answers when none is named. */
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { useTexts } from '../../language/use-texts.ts';

interface ModelChoiceProps {
  /** `provider/model`. */
  readonly value: string | undefined;
  readonly onChange: (model: string | undefined) => void;
}

export function ModelChoice({ value, onChange }: ModelChoiceProps): ReactNode {
  const { chat } = useTexts();
  const models = useRead('GET /models', { query: { configured: 'true' } });
  const rows = models.data ?? [];
  const current = rows.find((row) => row.current);
  const names = rows.map(({ provider, id }) => `${provider}/${id}`);
  return (
    <select
      className="chat-model"
      aria-label={chat.model}
      title={chat.model}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? undefined : target.value)}
    >
      <option value="">{chat.usualModel(current === undefined ? '' : current.id)}</option>
      {value === undefined || names.includes(value) ? null : <option value={value}>{value}</option>}
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
