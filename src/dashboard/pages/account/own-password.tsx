/** Owns changing one's own password: the one that holds now, and the new one twice. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { useChange } from '../../api/use-api.ts';
import { NewPassword, passwordProblem } from '../../components/new-password.tsx';
import { Failure } from '../../components/states.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { usePerson } from '../../session-gate.tsx';

export function OwnPassword(): ReactNode {
  const { account } = useTexts();
  const { username } = usePerson();
  const [typed, setTyped] = useState({ current: '', password: '', again: '' });
  const change = useChange('PUT /auth/password', ['GET /auth/sessions']);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { current, password, again } = typed;
    if (passwordProblem(password, again) !== undefined) return;
    change.mutate(
      { body: { current, password } },
      { onSuccess: () => setTyped({ current: '', password: '', again: '' }) },
    );
  };
  return (
    <form className="fields narrow" onSubmit={submit}>
      <input
        className="unseen"
        type="text"
        autoComplete="username"
        value={username}
        readOnly
        tabIndex={-1}
        aria-hidden
      />
      <label className="field">
        {account.current}
        <input
          name="current"
          type="password"
          autoComplete="current-password"
          value={typed.current}
          onChange={({ target }) => setTyped({ ...typed, current: target.value })}
        />
        <span className="quiet">{account.currentHint}</span>
      </label>
      <NewPassword
        label={account.next}
        againLabel={account.again}
        password={typed.password}
        again={typed.again}
        onPassword={(password) => setTyped({ ...typed, password })}
        onAgain={(again) => setTyped({ ...typed, again })}
      />
      {change.error === null ? null : <Failure error={change.error} />}
      {change.isSuccess ? (
        <p className="notice good" role="status">
          {account.changed}
        </p>
      ) : null}
      <div className="actions">
        <button type="submit" className="main" disabled={change.isPending}>
          {account.change}
        </button>
      </div>
    </form>
  );
}
