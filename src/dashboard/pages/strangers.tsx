/** Owns who asks to be let in: people on chat platforms, and browsers. */
import type { ReactNode } from 'react';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

const FRESH_MS = 10_000;

/** The code is typed, not pressed: it proves that the one who asks and the one who approves speak with each other. */
export function Pairings(): ReactNode {
  const { users, words } = useTexts();
  const list = useRead('GET /pairings', { query: {} }, { everyMs: FRESH_MS });
  const touches = ['GET /pairings', 'GET /users'] as const;
  return (
    <section>
      <div className="bar">
        <h2>{users.pairings}</h2>
        <FormDialog
          title={users.approve}
          fields={[
            { name: 'code', label: users.code, isRequired: true },
            { name: 'user', label: words.user },
          ]}
          route="POST /pairings/approve"
          toParts={(typed) => ({
            body: { code: typed('code'), ...(typed('user') === '' ? {} : { user: typed('user') }) },
          })}
          touches={touches}
        />
        <FormDialog
          title={users.deny}
          fields={[{ name: 'code', label: users.code, isRequired: true }]}
          route="POST /pairings/deny"
          toParts={(typed) => ({ body: { code: typed('code') } })}
          touches={touches}
        />
      </div>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={users.pairings}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.name, cell: ({ person_name: name, person_id: id }) => `${name} (${id})` },
              { title: users.from, cell: ({ channel, chat }) => `${channel} ${chat}` },
              { title: words.state, cell: ({ state }) => state },
              { title: words.expires, cell: ({ expires_at: at }) => instant(at) },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}

export function Devices(): ReactNode {
  const { users, words } = useTexts();
  const list = useRead('GET /devices', {}, { everyMs: FRESH_MS });
  const touches = ['GET /devices'] as const;
  return (
    <section>
      <div className="bar">
        <h2>{users.devices}</h2>
        <FormDialog
          title={users.approve}
          fields={[{ name: 'code', label: users.code, isRequired: true }]}
          route="POST /devices/{code}/approve"
          toParts={(typed) => ({ params: { code: typed('code') }, body: {} })}
          touches={touches}
        />
      </div>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={users.devices}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              { title: words.name, cell: ({ name }) => name },
              { title: words.user, cell: ({ user }) => user ?? '–' },
              { title: words.state, cell: ({ state }) => state },
              { title: users.from, cell: ({ from }) => from },
              { title: words.created, cell: ({ created_at: at }) => instant(at) },
              {
                title: words.actions,
                cell: ({ id, state }) =>
                  state === 'approved' ? (
                    <ActionButton route="DELETE /devices/{id}" parts={{ params: { id } }} touches={touches}>
                      {users.revoke}
                    </ActionButton>
                  ) : null,
              },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}
