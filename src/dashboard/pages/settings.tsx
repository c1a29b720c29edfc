/** Owns the page of settings: made from the server's own table of them, checked by it, with a history and a way back. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

type Setting = Result<'GET /config'>[number];
const TOUCHED = ['GET /config', 'GET /config/history', 'GET /config/problems'] as const;

export function Settings(): ReactNode {
  const { nav, settings } = useTexts();
  const [filter, setFilter] = useState('');
  const list = useRead('GET /config', {});
  return (
    <>
      <div className="bar">
        <h1>{nav.settings}</h1>
        <label className="field">
          {settings.filter}
          <input type="search" value={filter} onChange={({ target }) => setFilter(target.value)} />
        </label>
        <ActionButton route="POST /config/undo" parts={{ body: {} }} touches={TOUCHED} question={settings.undoQuestion}>
          {settings.undo}
        </ActionButton>
      </div>
      <Problems />
      <Loaded of={list}>{(rows) => <Groups rows={rows.filter((row) => isWanted(row, filter))} />}</Loaded>
      <Changes />
    </>
  );
}

function isWanted({ name, description }: Setting, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/);
  const text = `${name} ${description}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function Problems(): ReactNode {
  const problems = useRead('GET /config/problems', {});
  const all = [...(problems.data?.problems.map(({ message }) => message) ?? []), ...(problems.data?.remarks ?? [])];
  return all.length === 0 ? null : (
    <div className="notice bad">
      {all.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  );
}

function Groups({ rows }: { readonly rows: readonly Setting[] }): ReactNode {
  const names = [...new Set(rows.map(({ group }) => group))];
  return names.map((name) => (
    <section key={name}>
      <h2>{name}</h2>
      <SettingTable caption={name} rows={rows.filter(({ group }) => group === name)} />
    </section>
  ));
}

function SettingTable({ caption, rows }: { readonly caption: string; readonly rows: readonly Setting[] }): ReactNode {
  const { settings, words } = useTexts();
  return (
    <Table
      caption={caption}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        {
          title: words.name,
          cell: ({ name, description }) => (
            <>
              <code>{name}</code>
              <br />
              <span className="quiet">{description}</span>
            </>
          ),
        },
        {
          title: words.value,
          cell: ({ value, secret, error }) => (
            <>
              {secret ? settings.secret : written(value)}
              {error === undefined ? null : <span className="bad-text"> {error}</span>}
            </>
          ),
        },
        { title: words.source, cell: ({ source }) => source },
        { title: words.actions, cell: (row) => <SettingActions setting={row} /> },
      ]}
    />
  );
}

/** As it is typed: a list by commas. */
function written(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function SettingActions({ setting }: { readonly setting: Setting }): ReactNode {
  const { settings } = useTexts();
  const { name, value, secret, source, type, description } = setting;
  if (secret) return null;
  const isSwitch = type === 'boolean';
  return (
    <div className="actions">
      <FormDialog
        title={settings.set}
        fields={[
          {
            name: 'value',
            label: name,
            hint: description,
            value: written(value),
            ...(isSwitch ? { kind: 'select', options: ['true', 'false'] } : {}),
          },
        ]}
        route="PUT /config/settings/{name}"
        toParts={(typed) => ({ params: { name }, body: { value: typed('value') } })}
        touches={TOUCHED}
      />
      {source === 'config.json' ? (
        <ActionButton route="DELETE /config/settings/{name}" parts={{ params: { name } }} touches={TOUCHED}>
          {settings.unset}
        </ActionButton>
      ) : null}
    </div>
  );
}

function Changes(): ReactNode {
  const { settings, words } = useTexts();
  const history = useRead('GET /config/history', {});
  return (
    <section>
      <h2>{settings.history}</h2>
      <Loaded of={history}>
        {(rows) => (
          <Table
            caption={settings.history}
            rows={rows}
            keyOf={({ version }) => version}
            columns={[
              { title: words.version, cell: ({ version }) => version, isNumber: true },
              { title: words.when, cell: ({ saved_at: at }) => instant(at) },
              { title: settings.changed, cell: ({ changed }) => changed.join(', ') },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
