/** Owns the secrets: their names and where they may go. Values go in, and none is ever here. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import type { Field } from '../../components/field.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Said } from '../../components/said.tsx';
import { Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { useTexts } from '../../language/use-texts.ts';

type Secret = Result<'GET /secrets'>[number];
const TOUCHED = ['GET /secrets', 'GET /config', 'GET /config/problems', 'GET /models', 'GET /channels'] as const;

export function Secrets(): ReactNode {
  const { secrets } = useTexts();
  const [said, setSaid] = useState<string>();
  const list = useRead('GET /secrets', {});
  return (
    <>
      <div className="bar">
        <p className="quiet">{secrets.lead}</p>
        <SetSecret onSaid={setSaid} />
      </div>
      <Said>{said}</Said>
      <Loaded of={list} empty={secrets.none}>
        {(rows) => <SecretTable rows={rows} onSaid={setSaid} />}
      </Loaded>
    </>
  );
}

interface Told {
  readonly onSaid: (text: string) => void;
}

function SetSecret({ onSaid, known }: Told & { readonly known?: Secret }): ReactNode {
  const { secrets } = useTexts();
  const settings = useRead('GET /config', {});
  const names = (settings.data ?? []).filter(({ secret }) => secret).map(({ name }) => name);
  const name: Field = {
    name: 'name',
    label: secrets.name,
    isRequired: true,
    suggestions: names,
    hint: secrets.nameHint,
  };
  return (
    <FormDialog
      title={known === undefined ? secrets.set : `${secrets.replace}: ${known.name}`}
      opens={known === undefined ? secrets.set : secrets.replace}
      isMain={known === undefined}
      fields={[
        ...(known === undefined ? [name] : []),
        { name: 'value', label: secrets.value, kind: 'password', isRequired: true },
        {
          name: 'hosts',
          label: secrets.hosts,
          kind: 'list',
          value: known?.hosts.join('\n') ?? '',
          hint: secrets.hostsHint,
        },
      ]}
      route="PUT /secrets/{name}"
      toParts={(typed) => ({
        params: { name: known?.name ?? typed('name').trim() },
        body: {
          value: typed('value'),
          hosts: typed('hosts')
            .split(/[\s,]+/)
            .filter((host) => host !== ''),
        },
      })}
      touches={TOUCHED}
      onDone={(made) => onSaid(secrets.kept(made.name))}
    />
  );
}

/** Names that claw gives itself; whoever takes one away takes a webhook or a log-in with it. */
function isOfClaw({ name }: Secret): boolean {
  return /^(WEBHOOK|ACCOUNT)_/.test(name);
}

function hostsInWords({ hosts }: Secret, none: string): string {
  return hosts.length === 0 ? none : hosts.join(', ');
}

function SecretTable({ rows, onSaid }: Told & { readonly rows: readonly Secret[] }): ReactNode {
  const { secrets, words } = useTexts();
  return (
    <Table
      caption={secrets.title}
      rows={rows}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, cell: ({ name }) => <code>{name}</code> },
        { title: secrets.hosts, cell: (row) => (isOfClaw(row) ? secrets.ofClaw : hostsInWords(row, secrets.noHosts)) },
        { title: secrets.place, cell: ({ source }) => secrets.places[source] ?? source },
        {
          title: words.actions,
          cell: (row) =>
            isOfClaw(row) ? null : (
              <div className="actions">
                <SetSecret known={row} onSaid={onSaid} />
                <ActionButton
                  route="DELETE /secrets/{name}"
                  parts={{ params: { name: row.name } }}
                  touches={TOUCHED}
                  question={secrets.removeQuestion(row.name)}
                  onDone={() => onSaid(secrets.removed(row.name))}
                >
                  {words.remove}
                </ActionButton>
              </div>
            ),
        },
      ]}
    />
  );
}
