/** Owns the page of settings: made from the server's own table of them, checked by it, with a history and a way back; models and secrets stand beside them. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Said } from '../components/said.tsx';
import { Tabs } from '../components/tabs.tsx';
import { useTexts } from '../language/use-texts.ts';
import { Changes } from './settings/changes.tsx';
import { Models } from './settings/models.tsx';
import { Secrets } from './settings/secrets.tsx';
import { SettingList } from './settings/setting-list.tsx';
import { TOUCHED } from './settings/touched.ts';
import './settings/settings.css';

export function Settings(): ReactNode {
  const { nav, settings, models, secrets } = useTexts();
  const [said, setSaid] = useState<string>();
  return (
    <>
      <PageHead
        title={nav.settings}
        lead={settings.lead}
        actions={
          <ActionButton
            route="POST /config/undo"
            parts={{ body: {} }}
            touches={TOUCHED}
            question={settings.undoQuestion}
            onDone={({ changed }) => setSaid(settings.undone(changed.join(', ')))}
          >
            {settings.undo}
          </ActionButton>
        }
      />
      <Problems />
      <Said>{said}</Said>
      <Tabs
        label={nav.settings}
        tabs={[
          { id: 'settings', label: settings.all, content: <SettingList onSaid={setSaid} /> },
          { id: 'model', label: models.title, content: <Models /> },
          { id: 'secrets', label: secrets.title, content: <Secrets /> },
          { id: 'history', label: settings.history, content: <Changes onSaid={setSaid} /> },
        ]}
      />
    </>
  );
}

function Problems(): ReactNode {
  const { settings } = useTexts();
  const problems = useRead('GET /config/problems', {});
  const wrong = problems.data?.problems ?? [];
  const remarks = problems.data?.remarks ?? [];
  return (
    <>
      {wrong.length === 0 ? null : (
        <div className="notice bad">
          <strong>{settings.problems}</strong>
          {wrong.map(({ message, hint }) => (
            <p key={message}>
              {message} <span className="quiet">{hint}</span>
            </p>
          ))}
        </div>
      )}
      {remarks.map((remark) => (
        <p key={remark} className="notice ask">
          {remark}
        </p>
      ))}
    </>
  );
}
