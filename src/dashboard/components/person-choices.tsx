/** Owns who is signed in, and what a person chose for this browser: theme and language. */
import { type ReactNode, useSyncExternalStore } from 'react';
import { Link } from 'react-router';
import { useChange } from '../api/use-api.ts';
import { type Language, useTexts } from '../language/use-texts.ts';
import { applyTheme, followTheme, shownTheme, type Theme } from '../preferences.ts';
import { usePerson } from '../session-gate.tsx';
import { Connection } from './connection.tsx';

interface PersonChoicesProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function PersonChoices({ language, onLanguage }: PersonChoicesProps): ReactNode {
  const { account, shell } = useTexts();
  const { username, role, via } = usePerson();
  const theme = useSyncExternalStore(followTheme, shownTheme);
  const leave = useChange('DELETE /auth/session');
  return (
    <div className="choices">
      <p className="quiet person">
        <Link
          to="/dashboard/account"
          aria-label={account.openAs(shell.signedInAs(username, role))}
          title={account.open}
        >
          {shell.signedInAs(username, role)}
        </Link>
      </p>
      <Connection />
      <label>
        <span className="unseen">{shell.theme}</span>
        <select value={theme} onChange={({ target }) => applyTheme(target.value as Theme)}>
          <option value="system">{shell.system}</option>
          <option value="light">{shell.light}</option>
          <option value="dark">{shell.dark}</option>
        </select>
      </label>
      <label>
        <span className="unseen">{shell.language}</span>
        <select value={language} onChange={({ target }) => onLanguage(target.value as Language)}>
          <option value="en" lang="en">
            English
          </option>
          <option value="ko" lang="ko">
            한국어
          </option>
        </select>
      </label>
      {via === 'session' ? (
        <button type="button" onClick={() => leave.mutate({}, { onSuccess: () => window.location.assign('/') })}>
          {shell.signOut}
        </button>
      ) : null}
    </div>
  );
}
