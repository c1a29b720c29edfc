/** Owns the frame around the pages: the list of them, who is signed in, theme and language. */
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Link, NavLink, Route, Routes } from 'react-router';
import { type Language, useTexts } from '../language/use-texts.ts';
import { GROUPS, type Page, PAGES } from '../pages/pages.ts';
import { usePerson } from '../session-gate.tsx';
import { CrashGuard } from './crash-guard.tsx';
import { hasIcon, Icon } from './icon.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { PaletteDoor } from './palette/palette-door.tsx';
import { PersonChoices } from './person-choices.tsx';
import { Loading, Nothing } from './states.tsx';
import { WaitingCount, WindowTitle } from './waiting-count.tsx';

const Account = lazy(async () => ({ default: (await import('../pages/account/account.tsx')).Account }));

interface ShellProps {
  readonly language: Language;
  readonly onLanguage: (language: Language) => void;
}

export function Shell({ language, onLanguage }: ShellProps): ReactNode {
  const { shell } = useTexts();
  const { role } = usePerson();
  const [isOpen, setOpen] = useState(false);
  const pages = PAGES.filter(({ isForAdmins }) => !isForAdmins || role === 'admin');
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {shell.skip}
      </a>
      <header className="side">
        <div className="top">
          <Link to="/" className="brand" onClick={() => setOpen(false)}>
            <Claw />
            claw
          </Link>
          <PaletteDoor pages={pages.map(({ path }) => path)} language={language} onLanguage={onLanguage} />
          <button
            type="button"
            className="menu"
            aria-expanded={isOpen}
            aria-controls="pages"
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'close' : 'menu'} />
            {shell.menu}
          </button>
        </div>
        <div id="pages" className={isOpen ? 'drawer open' : 'drawer'}>
          <Navigation pages={pages} onChosen={() => setOpen(false)} />
          <PersonChoices language={language} onLanguage={onLanguage} />
        </div>
      </header>
      <main id="content" tabIndex={0}>
        <WindowTitle />
        <OfflineNotice />
        <CrashGuard text={shell.crashed}>
          <Suspense fallback={<Loading />}>
            <PageRoutes pages={pages} />
          </Suspense>
        </CrashGuard>
      </main>
    </div>
  );
}

function Navigation({
  pages,
  onChosen,
}: {
  readonly pages: readonly Page[];
  readonly onChosen: () => void;
}): ReactNode {
  const { nav, shell } = useTexts();
  return (
    <nav className="pages" aria-label={shell.pages}>
      {GROUPS.map((group) => (
        <div key={group} role="group" aria-label={shell.groups[group]}>
          <p aria-hidden="true">{shell.groups[group]}</p>
          {pages
            .filter((page) => page.group === group)
            .map(({ path }) => (
              <NavLink key={path} to={`/dashboard/${path}`} onClick={onChosen}>
                {hasIcon(path) ? <Icon name={path} /> : null}
                {nav[path]}
                <WaitingCount path={path} />
              </NavLink>
            ))}
        </div>
      ))}
    </nav>
  );
}

function PageRoutes({ pages }: { readonly pages: readonly Page[] }): ReactNode {
  const { shell } = useTexts();
  const [first] = pages;
  return (
    <Routes>
      {first === undefined ? null : <Route path="/" element={<first.Component />} />}
      {pages.map(({ path, Component }) => (
        <Route key={path} path={`/dashboard/${path}/:id?`} element={<Component />} />
      ))}
      <Route path="/dashboard/account" element={<Account />} />
      <Route path="*" element={<Nothing>{shell.notFound}</Nothing>} />
    </Routes>
  );
}

function Claw(): ReactNode {
  return (
    <svg className="claw" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M9 24c-1-7 1-12 4-16M15 25c0-7 1-12 4-16M21 25c1-6 2-10 4-13" />
    </svg>
  );
}
