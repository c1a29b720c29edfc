/** Owns the page of the record of security-relevant acts: filtered, paged, and proved. */
import { type ReactNode, useState } from 'react';
import type { Result } from '../api/client.ts';
import { useRead } from '../api/use-api.ts';
import { ActionButton } from '../components/action-button.tsx';
import { Loaded } from '../components/states.tsx';
import { Table } from '../components/table.tsx';
import { instant } from '../format.ts';
import { useTexts } from '../language/use-texts.ts';

const PAGE = 100;

export function Audit(): ReactNode {
  const { nav, audit, words, chat } = useTexts();
  const [user, setUser] = useState('');
  const [action, setAction] = useState('');
  const [before, setBefore] = useState<number>();
  const [proof, setProof] = useState<Result<'POST /audit/verify'>>();
  const rows = useRead('GET /audit', {
    query: {
      limit: PAGE,
      ...(user === '' ? {} : { user }),
      ...(action === '' ? {} : { action }),
      ...(before === undefined ? {} : { before }),
    },
  });
  return (
    <>
      <div className="bar">
        <h1>{nav.audit}</h1>
        <label className="field">
          {audit.who}
          <input value={user} onChange={({ target }) => setUser(target.value)} />
        </label>
        <label className="field">
          {audit.action}
          <input value={action} placeholder="user.*" onChange={({ target }) => setAction(target.value)} />
        </label>
        <ActionButton route="POST /audit/verify" parts={{}} touches={[]} onDone={setProof}>
          {audit.verify}
        </ActionButton>
      </div>
      {proof === undefined ? null : (
        <p className={proof.ok ? 'notice' : 'notice bad'} role="status">
          {proof.ok ? audit.whole(proof.rows) : audit.broken(proof.problem ?? '')}
        </p>
      )}
      <Loaded of={rows}>
        {(data) => (
          <>
            <Table
              caption={nav.audit}
              rows={data}
              keyOf={({ seq }) => seq}
              columns={[
                { title: '#', cell: ({ seq }) => seq, isNumber: true },
                { title: words.when, cell: ({ at }) => instant(at) },
                { title: audit.who, cell: ({ username, via }) => `${username} (${via})` },
                { title: audit.from, cell: ({ from }) => from },
                { title: audit.action, cell: (row) => <code>{row.action}</code> },
                { title: audit.target, cell: ({ target }) => target ?? '' },
                { title: audit.outcome, cell: ({ outcome }) => outcome },
              ]}
            />
            {data.length < PAGE ? null : (
              <button type="button" onClick={() => setBefore(data.at(-1)?.seq)}>
                {chat.earlier}
              </button>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}
