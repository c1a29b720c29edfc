/** Owns the last step of the set-up: what the assistant is called, and the time zone. */
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type ApiError, ask, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { Failure, Loaded } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';

export function AssistantStep({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { setUp } = useTexts();
  const now = useRead('GET /first-steps', {});
  return (
    <>
      <h1>{setUp.assistant}</h1>
      <p className="quiet">{setUp.assistantLead}</p>
      <Loaded of={now}>{(first) => <AssistantForm first={first} onDone={onDone} />}</Loaded>
    </>
  );
}

interface AssistantFormProps {
  readonly first: Result<'GET /first-steps'>;
  readonly onDone: () => void;
}

/** The zone of the browser is where the person is; that of the server may be none. */
const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

function AssistantForm({ first, onDone }: AssistantFormProps): ReactNode {
  const { setUp } = useTexts();
  const [name, setName] = useState(first.assistant_name);
  const [zone, setZone] = useState(ownZone);
  const keep = useMutation<unknown, ApiError>({
    mutationFn: async () => {
      const wanted = [
        ['ASSISTANT_NAME', name.trim(), first.assistant_name],
        ['TIMEZONE', zone, first.time_zone],
      ] as const;
      for (const [setting, value, before] of wanted) {
        if (value === '' || value === before) continue;
        await ask('PUT /config/settings/{name}', { params: { name: setting }, body: { value } });
      }
    },
    onSuccess: onDone,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    keep.mutate();
  };
  const zones = [...new Set([zone, first.time_zone, ...Intl.supportedValuesOf('timeZone')])];
  return (
    <form className="fields" onSubmit={submit}>
      <label className="field">
        {setUp.assistantName}
        <input name="assistant" maxLength={100} value={name} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        {setUp.zone}
        <select value={zone} onChange={({ target }) => setZone(target.value)}>
          {zones.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {keep.error === null ? null : <Failure error={keep.error} />}
      <div className="actions">
        <button type="button" onClick={onDone}>
          {setUp.skip}
        </button>
        <button type="submit" className="main" disabled={keep.isPending}>
          {setUp.finish}
        </button>
      </div>
    </form>
  );
}
