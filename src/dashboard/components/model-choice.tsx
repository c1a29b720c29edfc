/** Owns choosing the model of a person, a room or a task: its own, or that of everything else. */
import type { ReactNode } from 'react';
import { useChange, useRead } from '../api/use-api.ts';
import { useTexts } from '../language/use-texts.ts';
import { Failure } from './states.tsx';

interface ModelChoiceProps {
  readonly scope: 'user' | 'room' | 'task';
  /** Name of the user, folder of the room, id of the task. */
  readonly name: string;
}

const TOUCHED = ['GET /models/choices'] as const;

export function ModelChoice({ scope, name }: ModelChoiceProps): ReactNode {
  const { words, models: texts } = useTexts();
  const choices = useRead('GET /models/choices', {});
  const models = useRead('GET /models', { query: { configured: 'true' } });
  const set = useChange('PUT /models/choices/{scope}/{name}', TOUCHED);
  const unset = useChange('DELETE /models/choices/{scope}/{name}', TOUCHED);
  const chosen = choices.data?.find((each) => each.scope === scope && each.name === name)?.models.join(',') ?? '';
  const known = (models.data ?? []).map(({ provider, id }) => `${provider}/${id}`);
  const options = known.includes(chosen) || chosen === '' ? known : [chosen, ...known];
  const choose = (model: string): void => {
    const params = { scope, name };
    if (model === '') unset.mutate({ params });
    else set.mutate({ params, body: { model } });
  };
  const error = set.error ?? unset.error;
  return (
    <div className="field">
      <label>
        {words.model}{' '}
        <select
          value={chosen}
          disabled={choices.data === undefined || set.isPending || unset.isPending}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{texts.asEverywhere}</option>
          {options.map((model) => (
            <option key={model} value={model}>
              {model.replaceAll(',', ' → ')}
            </option>
          ))}
        </select>
      </label>
      {error === null ? null : <Failure error={error} />}
    </div>
  );
}
