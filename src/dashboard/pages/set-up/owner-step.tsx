/** Owns the first account: its name and password, typed twice, sent once together with what the link held. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useChange } from '../../api/use-api.ts';
import { NewPassword, passwordProblem } from '../../components/new-password.tsx';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';

interface OwnerStepProps {
  readonly secret: string;
  /** The name that the owner has now. */
  readonly name: string;
  readonly onDone: (name: string) => void;
  /** The link is not good any more. */
  readonly onRefused: () => void;
}

export function OwnerStep({ secret, name, onDone, onRefused }: OwnerStepProps): ReactNode {
  const { setUp } = useTexts();
  const [username, setUsername] = useState(name);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const create = useChange('POST /auth/set-up');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (passwordProblem(password, again) !== undefined) return;
    create.mutate(
      { body: { secret, username: username.trim(), password } },
      {
        onSuccess: () => onDone(username.trim()),
        onError: ({ status }) => {
          if (status === 401) onRefused();
        },
      },
    );
  };
  return (
    <form className="fields" onSubmit={submit}>
      <h1>{setUp.title}</h1>
      <p className="quiet">{setUp.lead}</p>
      <label className="field">
        {setUp.name}
        <input
          name="username"
          autoComplete="username"
          required
          maxLength={64}
          value={username}
          onChange={({ target }) => setUsername(target.value)}
        />
      </label>
      <NewPassword
        label={setUp.password}
        againLabel={setUp.again}
        password={password}
        again={again}
        onPassword={setPassword}
        onAgain={setAgain}
      />
      {create.error === null || create.error.status === 401 ? null : <Failure error={create.error} />}
      <div className="actions">
        <button type="submit" className="main" disabled={create.isPending}>
          {setUp.create}
        </button>
      </div>
    </form>
  );
}
