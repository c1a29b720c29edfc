/** Owns what surrounds every page: the language, the answers of the API, who is signed in. */
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { createQueries } from './api/use-api.ts';
import type { Arrival } from './arrival.ts';
import { ArrivalGate } from './arrival-gate.tsx';
import { Shell } from './components/shell.tsx';
import { english } from './language/english.ts';
import type { Texts } from './language/texts.ts';
import { type Language, loadTexts, TextsContext } from './language/use-texts.ts';
import { Live } from './live/live.tsx';
import { applyTheme, keepLanguage, readLanguage, readTheme } from './preferences.ts';
import { SessionGate } from './session-gate.tsx';

const queries = createQueries();
applyTheme(readTheme());

export function App({ arrival }: { readonly arrival: Arrival | undefined }): ReactNode {
  const [language, setLanguage] = useState<Language>(readLanguage);
  const texts = useLoadedTexts(language);
  const choose = (next: Language): void => {
    keepLanguage(next);
    setLanguage(next);
  };
  if (texts === undefined) return null;
  return (
    <TextsContext value={texts}>
      <QueryClientProvider client={queries}>
        <BrowserRouter>
          <ArrivalGate arrival={arrival}>
            <SessionGate>
              <Live>
                <Shell language={language} onLanguage={choose} />
              </Live>
            </SessionGate>
          </ArrivalGate>
        </BrowserRouter>
      </QueryClientProvider>
    </TextsContext>
  );
}

/** Undefined until the texts of the first language are there. */
function useLoadedTexts(language: Language): Texts | undefined {
  const [texts, setTexts] = useState<Texts | undefined>(language === 'en' ? english : undefined);
  useEffect(() => {
    let isWanted = true;
    document.documentElement.lang = language;
    // Without its file the page speaks English rather than not at all.
    void loadTexts(language)
      .catch(() => english)
      .then((loaded) => {
        if (isWanted) setTexts(loaded);
      });
    return () => {
      isWanted = false;
    };
  }, [language]);
  return texts;
}
