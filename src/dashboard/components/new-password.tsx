/** Owns the fields of a new password: typed twice, its length said while it is typed, shown on wish. */
import { type ReactNode, useId, useState } from 'react';
import { useTexts } from '../language/use-texts.ts';

interface NewPasswordProps {
  readonly label: string;
  readonly againLabel: string;
  readonly password: string;
  readonly again: string;
  readonly onPassword: (password: string) => void;
  readonly onAgain: (again: string) => void;
}

const MIN_LENGTH = 12;

/** What stands against it; how many characters are missing, or that they differ. The API decides anyhow. */
export function passwordProblem(password: string, again: string): 'differs' | number | undefined {
  const { length } = [...password.normalize('NFC')];
  if (length < MIN_LENGTH) return MIN_LENGTH - length;
  return password === again ? undefined : 'differs';
}

export function NewPassword(props: NewPasswordProps): ReactNode {
  const { label, againLabel, password, again, onPassword, onAgain } = props;
  const { setUp } = useTexts();
  const [isShown, setShown] = useState(false);
  const field = useId();
  const about = useId();
  const problem = passwordProblem(password, again);
  const type = isShown ? 'text' : 'password';
  return (
    <>
      <div className="field">
        <label htmlFor={field}>{label}</label>
        <input
          id={field}
          name="password"
          type={type}
          autoComplete="new-password"
          required
          aria-describedby={about}
          value={password}
          onChange={({ target }) => onPassword(target.value)}
        />
        <span id={about} className="quiet">
          {password !== '' && typeof problem === 'number' ? setUp.tooShort(problem) : setUp.passwordHint}
        </span>
      </div>
      <label className="field">
        {againLabel}
        <input
          name="again"
          type={type}
          autoComplete="new-password"
          required
          aria-invalid={again !== '' && problem === 'differs'}
          value={again}
          onChange={({ target }) => onAgain(target.value)}
        />
      </label>
      {again !== '' && problem === 'differs' ? (
        <p className="bad-text" role="status">
          {setUp.differs}
        </p>
      ) : null}
      <label className="field line">
        <input type="checkbox" checked={isShown} onChange={({ target }) => setShown(target.checked)} />
        {setUp.show}
      </label>
    </>
  );
}
