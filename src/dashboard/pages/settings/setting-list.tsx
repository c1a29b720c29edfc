/** Owns the list of settings: found by words, what was changed, each with its value, where it is from and a field of its kind. */
import { type ReactNode, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { sentValue, settingField, shapeOf, shownValue } from './setting-field.ts';
import { TOUCHED } from './touched.ts';

type Setting = Result<'GET /config'>[number];

interface SettingListProps {
  readonly onSaid: (text: string) => void;
}

export function SettingList({ onSaid }: SettingListProps): ReactNode {
  const { settings } = useTexts();
  const [search] = useSearchParams();
  const [filter, setFilter] = useState(search.get('find') ?? '');
  const [isChangedOnly, setChangedOnly] = useState(false);
  const [group, setGroup] = useState('');
  const list = useRead('GET /config', {});
  const groups = [...new Set((list.data ?? []).map((row) => row.group))];
  const isWanted = (row: Setting): boolean =>
    hasWords(row, filter) && (!isChangedOnly || row.source !== 'default') && (group === '' || row.group === group);
  return (
    <>
      <div className="settings-tools bar">
        <label className="field">
          {settings.filter}
          <input type="search" value={filter} onChange={({ target }) => setFilter(target.value)} />
        </label>
        <label className="field">
          {settings.group}
          <select value={group} onChange={({ target }) => setGroup(target.value)}>
            <option value="">{settings.allGroups}</option>
            {groups.map((name) => (
              <option key={name} value={name}>
                {settings.groups[name] ?? name}
              </option>
            ))}
          </select>
        </label>
        <span className="ways">
          <label>
            <input type="checkbox" checked={isChangedOnly} onChange={({ target }) => setChangedOnly(target.checked)} />
            {settings.onlyChanged}
          </label>
        </span>
      </div>
      <Loaded of={list}>{(rows) => <Groups rows={rows.filter(isWanted)} onSaid={onSaid} />}</Loaded>
    </>
  );
}

function hasWords({ name, description }: Setting, filter: string): boolean {
  const text = `${name} ${description}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

interface GroupsProps extends SettingListProps {
  readonly rows: readonly Setting[];
}

function Groups({ rows, onSaid }: GroupsProps): ReactNode {
  const { settings } = useTexts();
  const names = [...new Set(rows.map(({ group }) => group))];
  if (names.length === 0) return <Nothing>{settings.noneFound}</Nothing>;
  return names.map((name) => (
    <Section key={name} title={settings.groups[name] ?? name}>
      <SettingTable
        caption={settings.groups[name] ?? name}
        rows={rows.filter(({ group }) => group === name)}
        onSaid={onSaid}
      />
    </Section>
  ));
}

function SettingTable({ caption, rows, onSaid }: GroupsProps & { readonly caption: string }): ReactNode {
  const { words } = useTexts();
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
        { title: words.value, cell: (row) => <Value setting={row} /> },
        { title: words.source, cell: (row) => <Source setting={row} /> },
        { title: words.actions, cell: (row) => <SettingActs setting={row} onSaid={onSaid} /> },
      ]}
    />
  );
}

function Value({ setting }: { readonly setting: Setting }): ReactNode {
  const texts = useTexts();
  const { settings } = texts;
  const { value, secret, error, source, default: fallback } = setting;
  if (secret) return <span className="quiet">{value === null ? settings.notSet : settings.secret}</span>;
  const isChanged = source !== 'default' && error === undefined;
  return (
    <>
      <span className="settings-value">{shownValue(texts, value) ?? <em className="quiet">{settings.notSet}</em>}</span>
      {error === undefined ? null : <span className="bad-text"> {error}</span>}
      {isChanged ? (
        <>
          <br />
          <span className="quiet">
            {settings.fallback}: {shownValue(texts, fallback) ?? settings.notSet}
          </span>
        </>
      ) : null}
    </>
  );
}

function Source({ setting: { source, place } }: { readonly setting: Setting }): ReactNode {
  const { settings } = useTexts();
  const tone = source === 'wrong' ? 'bad' : source === 'default' ? 'quiet' : 'info';
  return (
    <span title={place ?? undefined}>
      <Badge tone={tone}>{settings.sources[source] ?? source}</Badge>
    </span>
  );
}

interface SettingActsProps extends SettingListProps {
  readonly setting: Setting;
}

function SettingActs({ setting, onSaid }: SettingActsProps): ReactNode {
  const texts = useTexts();
  const { settings } = texts;
  const { name, secret, source, place, default: fallback } = setting;
  const schema = useRead('GET /config/schema', {});
  if (secret) return null;
  if (source === 'environment' || source === 'home-env' || source === 'cwd-env' || source === 'flag') {
    return <span className="quiet">{settings.outranked(place ?? settings.sources[source] ?? source)}</span>;
  }
  const shape = shapeOf(schema.data, name);
  return (
    <div className="actions">
      <FormDialog
        title={`${settings.set}: ${name}`}
        opens={settings.set}
        fields={[settingField(texts, setting, shape)]}
        route="PUT /config/settings/{name}"
        toParts={(typed) => ({ params: { name }, body: { value: sentValue(typed('value'), shape) } })}
        touches={TOUCHED}
        onDone={({ remark }) => onSaid(remark ?? settings.kept(name))}
      />
      {source === 'config' ? (
        <ActionButton
          route="DELETE /config/settings/{name}"
          parts={{ params: { name } }}
          touches={TOUCHED}
          question={settings.unsetQuestion(name, shownValue(texts, fallback) ?? settings.notSet)}
        >
          {settings.unset}
        </ActionButton>
      ) : null}
    </div>
  );
}
