/** Owns the page of the log: its last lines, filtered, followed. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../api/use-api.ts';
import { Loaded, Nothing } from '../components/states.tsx';
import { useTexts } from '../language/use-texts.ts';

const FRESH_MS = 3_000;
const LINES = 500;

export function Logs(): ReactNode {
  const { nav, words } = useTexts();
  const [text, setText] = useState('');
  const log = useRead(
    'GET /logs',
    { query: { limit: LINES, ...(text === '' ? {} : { text }) } },
    { everyMs: FRESH_MS },
  );
  return (
    <>
      <div className="bar">
        <h1>{nav.logs}</h1>
        <label className="field">
          {words.search}
          <input type="search" value={text} maxLength={200} onChange={({ target }) => setText(target.value)} />
        </label>
      </div>
      <Loaded of={log}>
        {({ lines }) =>
          lines.length === 0 ? (
            <Nothing />
          ) : (
            <pre className="log" tabIndex={0}>
              {lines.toReversed().join('\n')}
            </pre>
          )
        }
      </Loaded>
    </>
  );
}
