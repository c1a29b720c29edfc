/** Owns who asks to be let in: people on chat platforms, and browsers. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Badge, type Tone } from '../components/badge.tsx';
import type { Option } from '../components/field.ts';
import { FormDialog } from '../components/form-dialog.tsx';
import { Said } from '../components/said.tsx';
import { Section } from '../components/section.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { When } from '../components/when.tsx';
import { useTexts } from '../language/use-texts.ts';
import { usePerson } from '../session-gate.tsx';

type Pairing = Result<'GET /pairings'>[number];
type Device = Result<'GET /devices'>[number];

const TONES: Readonly<Record<string, Tone>> = { pending: 'warn', approved: 'good', denied: 'bad', revoked: 'quiet' };

/** The people who can sign in, as choices; `first` stands for none of them. */
function usePeople(first: Option): readonly Option[] {
  const list = useRead('GET /users', { query: { limit: 1000 } });
  return [first, ...(list.data ?? []).map(({ username }) => ({ value: username, label: username }))];
}

/** The code is typed, not pressed: it proves that the one who asks and the one who approves speak with each other. */
export function Pairings(): ReactNode {
  const { users } = useTexts();
  const [said, setSaid] = useState<string>();
  const list = useRead('GET /pairings', { query: {} });
  const people = usePeople({ value: '', label: users.asOwn });
  return (
    <Section
      title={users.pairings}
      actions={
        <FormDialog
          title={users.approve}
          lead={<p className="quiet">{users.pairingsLead}</p>}
          fields={[
            { name: 'code', label: users.code, isRequired: true },
            { name: 'user', label: users.deviceAs, kind: 'select', options: people },
          ]}
          route="POST /pairings/approve"
          toParts={(typed) => ({
            body: { code: typed('code'), ...(typed('user') === '' ? {} : { user: typed('user') }) },
          })}
          touches={['GET /pairings', 'GET /users']}
          onDone={({ person_name: name, user }) => setSaid(users.letInAs(name, user))}
        />
      }
    >
      <p className="quiet">{users.pairingsLead}</p>
      <Said>{said}</Said>
      <Loaded of={list} empty={users.noPairings}>
        {(rows) => <PairingTable rows={rows} />}
      </Loaded>
    </Section>
  );
}

function PairingTable({ rows }: { readonly rows: readonly Pairing[] }): ReactNode {
  const { users, words } = useTexts();
  const states: Readonly<Record<string, string>> = users.pairingStates;
  return (
    <Table
      caption={users.pairings}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: words.name,
          cell: ({ person_name: name, person_id: id }) => (
            <>
              {name} <code>{id}</code>
            </>
          ),
        },
        { title: users.from, cell: ({ channel, chat }) => `${channel} ${chat}` },
        {
          title: words.state,
          cell: ({ state }) => <Badge tone={TONES[state] ?? 'quiet'}>{states[state] ?? state}</Badge>,
        },
        { title: words.expires, cell: ({ expires_at: at }) => <When at={at} /> },
        {
          title: words.actions,
          cell: ({ id, state, person_name: name }) =>
            state === 'pending' ? (
              <ActionButton
                route="POST /pairings/deny"
                parts={{ body: { code: id } }}
                touches={['GET /pairings']}
                question={users.denyQuestion(name)}
              >
                {users.deny}
              </ActionButton>
            ) : null,
        },
      ]}
    />
  );
}

export function Devices(): ReactNode {
  const { users } = useTexts();
  const me = usePerson();
  const list = useRead('GET /devices', {});
  const people = usePeople({ value: '', label: users.asYou(me.username) });
  return (
    <Section
      title={users.devices}
      actions={
        <FormDialog
          title={users.approve}
          fields={[
            { name: 'code', label: users.code, isRequired: true },
            {
              name: 'user',
              label: users.deviceAs,
              kind: 'select',
              options: people.filter(({ value }) => value !== me.username),
            },
          ]}
          route="POST /devices/{code}/approve"
          toParts={(typed) => ({
            params: { code: typed('code').trim() },
            body: typed('user') === '' ? {} : { user: typed('user') },
          })}
          touches={['GET /devices']}
        />
      }
    >
      <p className="quiet">{users.devicesLead}</p>
      <Loaded of={list} empty={users.noDevices}>
        {(rows) => <DeviceTable rows={rows} />}
      </Loaded>
    </Section>
  );
}

function DeviceTable({ rows }: { readonly rows: readonly Device[] }): ReactNode {
  const { users, words } = useTexts();
  return (
    <Table
      caption={users.devices}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { title: words.name, cell: ({ name }) => name },
        { title: words.user, cell: ({ user, asked_by: asker }) => user ?? asker ?? '–' },
        {
          title: words.state,
          cell: ({ state }) => <Badge tone={TONES[state] ?? 'quiet'}>{users.deviceStates[state]}</Badge>,
        },
        { title: users.from, cell: ({ from }) => from },
        { title: words.created, cell: ({ created_at: at }) => <When at={at} /> },
        { title: words.actions, cell: (row) => <DeviceAct device={row} /> },
      ]}
    />
  );
}

function DeviceAct({ device: { id, state, name } }: { readonly device: Device }): ReactNode {
  const { users } = useTexts();
  if (state === 'pending') {
    return (
      <ActionButton
        route="POST /devices/{code}/deny"
        parts={{ params: { code: id } }}
        touches={['GET /devices']}
        question={users.denyQuestion(name)}
      >
        {users.deny}
      </ActionButton>
    );
  }
  if (state !== 'approved') return null;
  return (
    <ActionButton
      route="DELETE /devices/{id}"
      parts={{ params: { id } }}
      touches={['GET /devices']}
      question={users.revokeDeviceQuestion(name)}
    >
      {users.revoke}
    </ActionButton>
  );
}
