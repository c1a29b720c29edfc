/** Owns where one person is signed in, and who they are on chat platforms. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { browserName } from '../../browser-name.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Said } from '../../components/said.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

interface OfPerson {
  readonly person: Result<'GET /users/{id}'>;
}

/** `Firefox, Linux`; what is no usual browser by its first word. */
function agentInWords(agent: string): string {
  const { browser, system } = browserName(agent);
  const [first = ''] = agent.trim().split(/[\s/]/);
  const known = [browser, system].filter((part) => part !== undefined).join(', ');
  return known || first || '–';
}

export function PersonSessions({ person: { id, username } }: OfPerson): ReactNode {
  const { users, words } = useTexts();
  const sessions = useRead('GET /users/{id}/sessions', { params: { id } });
  const touches = ['GET /users/{id}/sessions'] as const;
  return (
    <Section
      title={users.sessions}
      actions={
        <ActionButton
          route="DELETE /users/{id}/sessions"
          parts={{ params: { id } }}
          touches={touches}
          question={users.endAllQuestion(username)}
        >
          {users.endAll}
        </ActionButton>
      }
    >
      <Loaded of={sessions} empty={users.noSessions}>
        {(rows) => (
          <Table
            caption={users.sessions}
            rows={rows}
            keyOf={(row) => row.id}
            columns={[
              { title: users.browser, cell: ({ agent }) => <span title={agent}>{agentInWords(agent)}</span> },
              { title: users.from, cell: ({ from }) => from },
              { title: users.lastSeen, cell: ({ last_seen_at: at }) => <When at={at} /> },
              { title: words.expires, cell: ({ expires_at: at }) => <When at={at} /> },
              {
                title: words.actions,
                cell: (row) => (
                  <ActionButton
                    route="DELETE /users/{id}/sessions/{session}"
                    parts={{ params: { id, session: row.id } }}
                    touches={touches}
                    question={users.endQuestion(agentInWords(row.agent))}
                  >
                    {users.end}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}

export function PersonIdentities({ person: { id, username } }: OfPerson): ReactNode {
  const { users, words } = useTexts();
  const [said, setSaid] = useState<string>();
  const list = useRead('GET /users/{id}/identities', { params: { id } });
  const touches = ['GET /users/{id}/identities', 'GET /pairings'] as const;
  return (
    <Section
      title={users.identities}
      actions={
        <FormDialog
          title={users.link}
          fields={[{ name: 'code', label: users.code, isRequired: true, hint: users.linkHint }]}
          route="POST /pairings/approve"
          toParts={(typed) => ({ body: { code: typed('code'), user: username } })}
          touches={touches}
          onDone={({ person_name: name, user }) => setSaid(users.letInAs(name, user))}
        />
      }
    >
      <Said>{said}</Said>
      <Loaded of={list} empty={users.noIdentities}>
        {(rows) => (
          <Table
            caption={users.identities}
            rows={rows}
            keyOf={(row) => `${row.channel} ${row.person_id}`}
            columns={[
              { title: words.name, cell: ({ name }) => name },
              {
                title: users.from,
                cell: ({ channel, person_id: person }) => (
                  <>
                    {channel} <code>{person}</code>
                  </>
                ),
              },
              { title: words.kind, cell: ({ paired }) => (paired ? users.paired : users.allowed) },
              { title: users.lastSeen, cell: ({ last_seen_at: at }) => <When at={at} /> },
              {
                title: words.actions,
                cell: ({ channel, person_id: person, name }) => (
                  <ActionButton
                    route="DELETE /users/{id}/identities/{channel}/{person}"
                    parts={{ params: { id, channel, person } }}
                    touches={touches}
                    question={users.unlinkQuestion(`${name} (${channel})`)}
                  >
                    {users.unlink}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
