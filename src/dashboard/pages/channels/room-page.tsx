/** Owns the page of one room: what wakes the assistant there, its model, its conversation, and what an admin can do about it. */
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { ModelChoice } from '../../components/model-choice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Said } from '../../components/said.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { TriggerTest } from './trigger-test.tsx';

type Room = Result<'GET /groups/{jid}'>;
const TOUCHED = ['GET /groups', 'GET /groups/{jid}'] as const;

export function RoomPage({ jid }: { readonly jid: string }): ReactNode {
  const { channels } = useTexts();
  const room = useRead('GET /groups/{jid}', { params: { jid } });
  return (
    <>
      <p>
        <Link to="/dashboard/channels">← {channels.back}</Link>
      </p>
      <Loaded of={room}>{(row) => <Details room={row} />}</Loaded>
    </>
  );
}

function Details({ room }: { readonly room: Room }): ReactNode {
  const { channels, words } = useTexts();
  const { jid, name, folder, conversation_id: conversation } = room;
  const [said, setSaid] = useState<string>();
  return (
    <>
      <PageHead title={name} actions={room.is_main ? <Badge tone="info">{channels.main}</Badge> : undefined} />
      <Said>{said}</Said>
      <section className="card">
        <dl>
          <dt>{words.id}</dt>
          <dd>
            <code>{jid}</code>
          </dd>
          <dt>{channels.calledBy}</dt>
          <dd>
            {!room.requires_trigger ? (
              channels.answersAll
            ) : room.trigger === null ? (
              channels.byName
            ) : (
              <code>{room.trigger}</code>
            )}
          </dd>
          <dt>{channels.folder}</dt>
          <dd>{channels.files(folder)}</dd>
          <dt>{channels.conversation}</dt>
          <dd>
            {conversation === null ? (
              channels.noConversation
            ) : (
              <Link to={`/dashboard/conversations/${conversation}`}>{channels.conversation}</Link>
            )}
          </dd>
          <dt>{words.created}</dt>
          <dd>
            <When at={room.created_at} />
          </dd>
        </dl>
        <ModelChoice scope="room" name={folder} />
        <Acts room={room} onSaid={setSaid} />
      </section>
      <Section title={channels.test}>
        <TriggerTest rooms={[]} jid={jid} />
      </Section>
    </>
  );
}

interface ActsProps {
  readonly room: Room;
  readonly onSaid: (text: string) => void;
}

function Acts({ room, onSaid }: ActsProps): ReactNode {
  const { channels, words } = useTexts();
  const { jid, name } = room;
  const go = useNavigate();
  return (
    <div className="actions">
      <Edit room={room} />
      <FormDialog
        title={channels.inject}
        lead={<p className="quiet">{channels.injectHint}</p>}
        fields={[
          { name: 'text', label: channels.message, kind: 'textarea', isRequired: true },
          { name: 'sender', label: channels.sender, isRequired: true },
          { name: 'name', label: words.name },
          { name: 'mention', label: channels.mentions, kind: 'checkbox', value: 'on' },
        ]}
        route="POST /groups/inject"
        toParts={(typed) => ({
          body: {
            jid,
            text: typed('text'),
            sender: typed('sender'),
            mention: typed('mention') === 'on',
            ...(typed('name') === '' ? {} : { name: typed('name') }),
          },
        })}
        touches={TOUCHED}
        onDone={() => onSaid(channels.injected)}
      />
      {room.is_main ? null : (
        <ActionButton
          route="POST /groups/bootstrap-main"
          parts={{ body: { jid } }}
          touches={TOUCHED}
          question={channels.mainQuestion(name)}
        >
          {channels.makeMain}
        </ActionButton>
      )}
      <ActionButton
        route="DELETE /groups/{jid}"
        parts={{ params: { jid } }}
        touches={['GET /groups']}
        question={channels.removeQuestion(name)}
        onDone={() => void go('/dashboard/channels')}
      >
        {words.remove}
      </ActionButton>
    </div>
  );
}

function Edit({ room }: { readonly room: Room }): ReactNode {
  const { channels, words } = useTexts();
  const { jid, name, trigger, requires_trigger: needs } = room;
  return (
    <FormDialog
      title={channels.edit}
      fields={[
        { name: 'name', label: words.name, value: name, isRequired: true },
        { name: 'trigger', label: channels.trigger, value: trigger ?? '', hint: channels.triggerHint },
        { name: 'requires_trigger', label: channels.needsTrigger, kind: 'checkbox', value: needs ? 'on' : '' },
      ]}
      route="PATCH /groups/{jid}"
      toParts={(typed) => ({
        params: { jid },
        body: {
          name: typed('name'),
          trigger: typed('trigger'),
          requires_trigger: typed('requires_trigger') === 'on',
        },
      })}
      touches={TOUCHED}
    />
  );
}
