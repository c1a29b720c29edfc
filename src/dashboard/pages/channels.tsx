/** Owns the page of chat platforms and rooms: how they are, which rooms there are, and whether a message would wake the assistant. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { useTexts } from '../language/use-texts.ts';

type Room = Result<'GET /groups'>[number];
const TOUCHED = ['GET /groups'] as const;
const FRESH_MS = 10_000;

export function Channels(): ReactNode {
  const { nav, overview, words, channels } = useTexts();
  const list = useRead('GET /channels', {}, { everyMs: FRESH_MS });
  const [tested, setTested] = useState<Result<'POST /channels/test'>>();
  return (
    <>
      <div className="bar">
        <h1>{nav.channels}</h1>
        <ActionButton route="POST /channels/test" parts={{ body: {} }} touches={['GET /channels']} onDone={setTested}>
          {channels.check}
        </ActionButton>
      </div>
      <Loaded of={list} empty={overview.noChannels}>
        {(rows) => (
          <Table
            caption={overview.channels}
            rows={rows}
            keyOf={({ name }) => name}
            columns={[
              { title: words.name, cell: ({ name }) => name },
              { title: words.state, cell: (row) => plain(row['state']) },
              { title: words.details, cell: (row) => plain(row['detail'] ?? row['account']) },
            ]}
          />
        )}
      </Loaded>
      <output>
        {tested?.map(({ name, ok, account, error }) => (
          <p key={name} className={ok ? undefined : 'bad-text'}>
            {name}: {account ?? error?.message}
          </p>
        ))}
      </output>
      <Rooms />
      <TriggerTest />
    </>
  );
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function Rooms(): ReactNode {
  const { channels, words } = useTexts();
  const rooms = useRead('GET /groups', {});
  return (
    <section>
      <div className="bar">
        <h2>{channels.rooms}</h2>
        <FormDialog
          title={channels.register}
          fields={[
            { name: 'jid', label: channels.jid, isRequired: true },
            { name: 'name', label: words.name, isRequired: true },
            { name: 'folder', label: channels.folder, isRequired: true },
            { name: 'trigger', label: channels.trigger },
            { name: 'requires_trigger', label: channels.needsTrigger, kind: 'checkbox', value: 'on' },
          ]}
          route="POST /groups"
          toParts={(typed) => ({
            body: {
              jid: typed('jid'),
              name: typed('name'),
              folder: typed('folder'),
              requires_trigger: typed('requires_trigger') === 'on',
              ...(typed('trigger') === '' ? {} : { trigger: typed('trigger') }),
            },
          })}
          touches={TOUCHED}
        />
      </div>
      <Loaded of={rooms}>{(rows) => <RoomTable rows={rows} />}</Loaded>
    </section>
  );
}

function RoomTable({ rows }: { readonly rows: readonly Room[] }): ReactNode {
  const { channels, words, users } = useTexts();
  return (
    <Table
      caption={channels.rooms}
      rows={rows}
      keyOf={({ jid }) => jid}
      columns={[
        { title: words.name, cell: ({ name, is_main: isMain }) => (isMain ? `${name} (${channels.main})` : name) },
        { title: words.id, cell: ({ jid }) => <code>{jid}</code> },
        { title: channels.folder, cell: ({ folder }) => folder },
        { title: channels.trigger, cell: ({ trigger }) => (trigger === null ? '' : <code>{trigger}</code>) },
        {
          title: channels.needsTrigger,
          cell: ({ jid, requires_trigger: needs }) => (
            <ActionButton
              route="PATCH /groups/{jid}"
              parts={{ params: { jid }, body: { requires_trigger: !needs } }}
              touches={TOUCHED}
            >
              {needs ? words.disable : words.enable}
            </ActionButton>
          ),
        },
        {
          title: words.actions,
          cell: ({ jid }) => (
            <ActionButton
              route="DELETE /groups/{jid}"
              parts={{ params: { jid } }}
              touches={TOUCHED}
              question={users.removeQuestion}
            >
              {words.remove}
            </ActionButton>
          ),
        },
      ]}
    />
  );
}

function TriggerTest(): ReactNode {
  const { channels } = useTexts();
  const [answer, setAnswer] = useState<Result<'POST /groups/test'>>();
  return (
    <section>
      <FormDialog
        title={channels.test}
        fields={[
          { name: 'text', label: channels.message, isRequired: true },
          { name: 'jid', label: channels.jid },
        ]}
        route="POST /groups/test"
        toParts={(typed) => ({
          body: { text: typed('text'), ...(typed('jid') === '' ? {} : { jid: typed('jid') }) },
        })}
        touches={[]}
        onDone={setAnswer}
      />
      {answer === undefined ? null : (
        <output>
          {answer.engages ? channels.engages : channels.silent} <span className="quiet">{answer.reason}</span>
        </output>
      )}
    </section>
  );
}
