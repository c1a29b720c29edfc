/** Owns the page of backups: which there are, and one more at once. Putting one back needs a stopped server, and so the command line. */
import type { ReactNode } from 'react';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { bytes, instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

export function Backups(): ReactNode {
  const { nav, backups, words, state } = useTexts();
  const list = useRead('GET /backups', {});
  return (
    <>
      <div className="bar">
        <h1>{nav.backups}</h1>
        <ActionButton route="POST /backups" parts={{}} touches={['GET /backups']} isMain>
          {backups.create}
        </ActionButton>
      </div>
      <p className="quiet">{backups.restoreHint}</p>
      <Loaded of={list}>
        {(rows) => (
          <Table
            caption={nav.backups}
            rows={rows}
            keyOf={({ file }) => file}
            columns={[
              { title: backups.file, cell: ({ file }) => <code>{file}</code> },
              { title: words.created, cell: ({ created_at: at }) => instant(at) },
              { title: words.size, cell: (row) => bytes(row.bytes), isNumber: true },
              { title: words.version, cell: ({ claw, schema }) => `${claw} / ${schema}` },
              { title: backups.encrypted, cell: ({ encrypted }) => (encrypted ? state.yes : '–') },
            ]}
          />
        )}
      </Loaded>
    </>
  );
}
