/** Owns the page of chat platforms and rooms: how they are, which rooms there are, and whether a message would wake the assistant. */
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { Badge } from '../components/badge.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { useTexts } from '../language/use-texts.ts';
import { Platforms } from './channels/platforms.tsx';
import { RoomPage } from './channels/room-page.tsx';
import { TriggerTest } from './channels/trigger-test.tsx';
import './channels/channels.css';

type Room = Result<'GET /groups'>[number];

export function Channels(): ReactNode {
  const { id } = useParams();
  return id === undefined ? <ChannelsPage /> : <RoomPage key={id} jid={id} />;
}

function ChannelsPage(): ReactNode {
  const { nav, channels } = useTexts();
  const rooms = useRead('GET /groups', {});
  const [find, setFind] = useState('');
  const isLong = (rooms.data?.length ?? 0) > 5;
  return (
    <>
      <PageHead title={nav.channels} lead={channels.lead} />
      <Platforms />
      <Section
        title={channels.rooms}
        actions={
          <div className="actions">
            {isLong ? <RoomSearch value={find} onChange={setFind} /> : null}
            <Register />
          </div>
        }
      >
        <p className="quiet">{channels.roomsLead}</p>
        <Loaded of={rooms} empty={channels.noRooms}>
          {(rows) => <RoomTable rows={rows.filter((room) => isWanted(room, find))} />}
        </Loaded>
      </Section>
      <Section title={channels.test}>
        <TriggerTest rooms={rooms.data ?? []} />
      </Section>
    </>
  );
}

function isWanted({ name, jid, folder }: Room, find: string): boolean {
  return `${name} ${jid} ${folder}`.toLowerCase().includes(find.trim().toLowerCase());
}

interface RoomSearchProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function RoomSearch({ value, onChange }: RoomSearchProps): ReactNode {
  const { words } = useTexts();
  const { search } = words;
  return (
    <input
      type="search"
      aria-label={search}
      placeholder={search}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function Register(): ReactNode {
  const { channels, words } = useTexts();
  return (
    <FormDialog
      title={channels.register}
      isMain
      fields={[
        { name: 'jid', label: channels.jid, isRequired: true, placeholder: 'tg:-100123' },
        { name: 'name', label: words.name, isRequired: true },
        { name: 'folder', label: channels.folder, isRequired: true, hint: channels.folderHint },
        { name: 'trigger', label: channels.trigger, hint: channels.triggerHint },
        { name: 'requires_trigger', label: channels.needsTrigger, kind: 'checkbox', value: 'on' },
        { name: 'is_main', label: channels.makeMain, kind: 'checkbox', hint: channels.makeMainHint },
      ]}
      route="POST /groups"
      toParts={(typed) => ({
        body: {
          jid: typed('jid'),
          name: typed('name'),
          folder: typed('folder'),
          requires_trigger: typed('requires_trigger') === 'on',
          is_main: typed('is_main') === 'on',
          ...(typed('trigger') === '' ? {} : { trigger: typed('trigger') }),
        },
      })}
      touches={['GET /groups']}
    />
  );
}

function RoomTable({ rows }: { readonly rows: readonly Room[] }): ReactNode {
  const { channels, words } = useTexts();
  return (
    <Table
      caption={channels.rooms}
      rows={rows}
      keyOf={({ jid }) => jid}
      columns={[
        {
          title: words.name,
          cell: ({ jid, name, is_main: isMain }) => (
            <>
              <Link to={`/dashboard/channels/${encodeURIComponent(jid)}`}>{name}</Link>{' '}
              {isMain ? <Badge tone="info">{channels.main}</Badge> : null}
            </>
          ),
        },
        { title: words.id, cell: ({ jid }) => <code>{jid}</code> },
        { title: channels.calledBy, cell: (room) => <Caller room={room} /> },
        { title: channels.folder, cell: ({ folder }) => <code>groups/{folder}</code> },
        { title: channels.conversation, cell: (room) => <RoomConversation room={room} /> },
      ]}
    />
  );
}

function Caller({ room }: { readonly room: Pick<Room, 'trigger' | 'requires_trigger'> }): ReactNode {
  const { channels } = useTexts();
  if (!room.requires_trigger) return channels.answersAll;
  return room.trigger === null ? channels.byName : <code>{room.trigger}</code>;
}

function RoomConversation({ room }: { readonly room: Pick<Room, 'conversation_id'> }): ReactNode {
  const { channels } = useTexts();
  const { conversation_id: conversation } = room;
  if (conversation === null) return <span className="quiet">–</span>;
  return <Link to={`/dashboard/conversations/${conversation}`}>{channels.conversation}</Link>;
}
