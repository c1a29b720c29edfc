/** Owns the choice of the model that answers: a service with its key, or a server on this machine; tried at once, so that a wrong key is seen here. */
import './set-up.css';
import { type FormEvent, type ReactNode, useState } from 'react';
import { ask, type ApiError, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { Failure, Loaded } from '../../components/states.tsx';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTexts } from '../../language/use-texts.ts';

type Choice = Result<'GET /first-steps/models'>[number];
type Trial = Result<'POST /models/test'>[number];

interface ModelStepProps {
  /** What the button says that goes on when the model has answered. */
  readonly again: string;
  readonly onDone: () => void;
  /** A button beside the one that saves. */
  readonly aside?: ReactNode;
}

export function ModelStep(props: ModelStepProps): ReactNode {
  const choices = useRead('GET /first-steps/models', {});
  return <Loaded of={choices}>{(rows) => <ModelForm rows={rows} {...props} />}</Loaded>;
}

/** Keeps the key, makes the choice, and asks the model once. */
async function keepAndTry(choice: Choice, key: string): Promise<Trial | undefined> {
  if (choice.key !== null && key !== '') {
    await ask('PUT /secrets/{name}', { params: { name: choice.key }, body: { value: key, hosts: [] } });
  }
  await ask('PUT /first-steps/model', { body: { id: choice.id } });
  const current = await ask('GET /models/current', {});
  const trials = await ask('POST /models/test', {});
  return trials.find(({ provider }) => provider === current.provider);
}

function ModelForm({ rows, again, onDone, aside }: ModelStepProps & { readonly rows: readonly Choice[] }): ReactNode {
  const { setUp } = useTexts();
  const queries = useQueryClient();
  const [id, setId] = useState(rows.find(({ has_key: has }) => has)?.id ?? rows[0]?.id);
  const [key, setKey] = useState('');
  const chosen = rows.find((row) => row.id === id);
  const trial = useMutation<Trial | undefined, ApiError>({
    mutationFn: async () => (chosen === undefined ? undefined : keepAndTry(chosen, key.trim())),
    onSettled: () => queries.invalidateQueries(),
  });
  const isGood = trial.data?.ok === true;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isGood) onDone();
    else trial.mutate();
  };
  return (
    <form className="fields" onSubmit={submit}>
      <fieldset className="set-up-choices">
        <legend>{setUp.modelChoice}</legend>
        {rows.map((row) => (
          <label key={row.id}>
            <input
              type="radio"
              name="model"
              checked={row.id === id}
              onChange={() => {
                setId(row.id);
                trial.reset();
              }}
            />
            {row.model === null ? setUp.withKey(row.service) : setUp.onThisMachine(row.service, row.model)}
          </label>
        ))}
      </fieldset>
      {chosen?.key == null ? null : (
        <label className="field">
          {setUp.key(chosen.key)}
          <input
            name="key"
            type="password"
            autoComplete="off"
            required={!chosen.has_key}
            value={key}
            onChange={({ target }) => setKey(target.value)}
          />
          <span className="quiet">{chosen.has_key ? setUp.keyKept : setUp.keyHint}</span>
        </label>
      )}
      {trial.error === null ? null : <Failure error={trial.error} />}
      {trial.isPending ? <p role="status">{setUp.testing}</p> : null}
      {trial.isSuccess ? <Outcome trial={trial.data} /> : null}
      <div className="actions">
        {aside}
        <button type="submit" className="main" disabled={trial.isPending || chosen === undefined}>
          {isGood ? again : setUp.use}
        </button>
      </div>
    </form>
  );
}

function Outcome({ trial }: { readonly trial: Trial | undefined }): ReactNode {
  const { setUp } = useTexts();
  if (trial === undefined) return <p role="status">{setUp.untested}</p>;
  return trial.ok ? (
    <p className="notice good" role="status">
      {setUp.works(`${trial.provider}/${trial.model}`, String(Math.round(trial.latency_ms)))}
    </p>
  ) : (
    <p className="notice bad" role="alert">
      {setUp.failed(trial.error ?? '')}
    </p>
  );
}
