/** Owns the history of the settings: who changed what from what, and going back. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { instant } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { shownValue } from './setting-field.ts';
import { TOUCHED } from './touched.ts';

type Version = Result<'GET /config/history'>[number];

interface ChangesProps {
  readonly onSaid: (text: string) => void;
}

export function Changes({ onSaid }: ChangesProps): ReactNode {
  const { settings, words } = useTexts();
  const history = useRead('GET /config/history', {});
  return (
    <>
      <p className="quiet">{settings.historyLead}</p>
      <Loaded of={history} empty={settings.noHistory}>
        {(rows) => (
          <Table
            caption={settings.history}
            rows={rows}
            keyOf={({ version }) => version}
            columns={[
              { title: words.when, cell: ({ saved_at: at }) => <When at={at} /> },
              { title: settings.by, cell: ({ by }) => by ?? settings.byHand },
              { title: settings.changed, cell: ({ changes }) => <ChangeList changes={changes} /> },
              {
                title: words.actions,
                cell: ({ version, saved_at: at }) => (
                  <ActionButton
                    route="POST /config/undo"
                    parts={{ body: { version } }}
                    touches={TOUCHED}
                    question={settings.backQuestion(instant(at))}
                    onDone={({ changed }) => onSaid(settings.undone(changed.join(', ')))}
                  >
                    {settings.back}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}

function ChangeList({ changes }: Pick<Version, 'changes'>): ReactNode {
  const texts = useTexts();
  const { settings } = texts;
  return (
    <ul className="settings-change">
      {changes.map(({ name, from, to }) => (
        <li key={name}>
          <code>{name}</code>
          <br />
          <del>{shownValue(texts, from) ?? settings.fallback}</del> →{' '}
          <ins>{shownValue(texts, to) ?? settings.fallback}</ins>
        </li>
      ))}
    </ul>
  );
}
