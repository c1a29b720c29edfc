/** Owns the frame around the pages: the list of them, who is signed in, theme and language. */
import { type ReactNode, Suspense, useState } from 'react';
import { Link, NavLink, Route, Routes } from 'react-router';
import { useChange } from '../api/use-api.ts';
import { type Language, useTexts } from '../language/use-texts.ts';
import { PAGES } from '../pages/pages.ts';
import { applyTheme, readTheme, type Theme } from '../preferences.ts';
import { usePerson } from '../session-gate.tsx';
import { CrashGuard } from './crash-guard.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { Loading, Nothing } from './states.tsx';

interface ShellProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function Shell({ language, onLanguage }: ShellProps): ReactNode {
  const { nav, shell } = useTexts();
  const { role } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const pages = PAGES.filter(({ isForAdmins }) => isForAdmins !== true || role === 'admin');
  const [first] = pages;
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {shell.skip}
      </a>
      <header className="top">
        <button
          type="button"
          className="menu"
          aria-expanded={isOpen}
          aria-controls="pages"
          onClick={() => setOpen(!isOpen)}
        >
          {shell.menu}
        </button>
        <Link to="/" className="brand">
          claw
        </Link>
        <Choices language={language} onLanguage={onLanguage} />
      </header>
      <nav id="pages" className={isOpen ? 'pages open' : 'pages'} aria-label={shell.pages}>
        {pages.map(({ path }) => (
          <NavLink key={path} to={`/dashboard/${path}`} onClick={() => setOpen(false)}>
            {nav[path]}
          </NavLink>
        ))}
      </nav>
      <main id="content" tabIndex={0}>
        <OfflineNotice />
        <CrashGuard text={shell.crashed}>
          <Suspense fallback={<Loading />}>
            <Routes>
              {first === undefined ? null : <Route path="/" element={<first.Component />} />}
              {pages.map(({ path, Component }) => (
                <Route key={path} path={`/dashboard/${path}/:id?`} element={<Component />} />
              ))}
              <Route path="*" element={<Nothing>{shell.notFound}</Nothing>} />
            </Routes>
          </Suspense>
        </CrashGuard>
      </main>
    </div>
  );
}

function Choices({ language, onLanguage }: ShellProps): ReactNode {
  const { shell } = useTexts();
  const { username, role, via } = usePerson();
  const [theme, setTheme] = useState<Theme>(readTheme);
  const leave = useChange('DELETE /auth/session');
  const choose = (next: Theme): void => {
    applyTheme(next);
    setTheme(next);
  };
  return (
    <div className="choices">
      <label>
        <span className="unseen">{shell.theme}</span>
        <select value={theme} onChange={({ target }) => choose(target.value as Theme)}>
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
      <span className="quiet person">{shell.signedInAs(username, role)}</span>
      {via === 'session' ? (
        <button type="button" onClick={() => leave.mutate({}, { onSuccess: () => window.location.assign('/') })}>
          {shell.signOut}
        </button>
      ) : null}
    </div>
  );
}
