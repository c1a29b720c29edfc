/** Owns the page of what the assistant remembers: in use, removed, and what it looked at to learn. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useSearchState } from '../../components/use-search-state.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { Learned } from './learned.tsx';
import './memory.css';
import { NewMemory } from './memory-form.tsx';
import { MemoryList } from './memory-list.tsx';
import type { Said } from './said.ts';
import { TOUCHED } from './touched.ts';

export function Memory(): ReactNode {
  const { nav, memory } = useTexts();
  const [read] = useSearchState();
  const room = read('room');
  const [said, setSaid] = useState<Said>({ text: '' });
  const list = (state: 'active' | 'archived'): ReactNode => (
    <MemoryList key={state} room={room} state={state} onSaid={setSaid} />
  );
  const exported = `/api/v1/memories/export${room === '' ? '' : `?room=${encodeURIComponent(room)}`}`;
  return (
    <>
      <PageHead
        title={nav.memory}
        lead={memory.lead}
        actions={
          <div className="actions">
            <Whose />
            <a className="button" href={exported} download>
              {memory.exportAll}
            </a>
            <NewMemory room={room} onSaid={(text) => setSaid({ text })} />
          </div>
        }
      />
      <Told said={said} room={room} onSaid={setSaid} />
      <Tabs
        label={nav.memory}
        tabs={[
          { id: 'active', label: memory.active, content: list('active') },
          { id: 'removed', label: memory.archived, content: list('archived') },
          ...(room === '' ? [{ id: 'learned', label: memory.learnedTab, content: <Learned /> }] : []),
        ]}
      />
    </>
  );
}

interface ToldProps {
  readonly said: Said;
  readonly room: string;
  readonly onSaid: (said: Said) => void;
}

function Told({ said: { text, undo }, room, onSaid }: ToldProps): ReactNode {
  const { memory } = useTexts();
  return (
    <div role="status" className={text === '' ? 'unseen' : 'notice good memory-told'}>
      <span>{text}</span>
      {undo === undefined ? null : (
        <ActionButton
          route="POST /memories/{id}/restore"
          parts={{ params: { id: undo.id }, query: room === '' ? {} : { room } }}
          touches={TOUCHED}
          onDone={() => onSaid({ text: memory.restored(undo.key) })}
        >
          {memory.undo}
        </ActionButton>
      )}
    </div>
  );
}

/** Rooms have memories of their own, which admins see to. */
function Whose(): ReactNode {
  const isAdmin = useMay('admin');
  const { memory } = useTexts();
  const [read, change] = useSearchState();
  const rooms = useRead('GET /groups', {}, { isEnabled: isAdmin });
  const folders = new Map((rooms.data ?? []).map(({ folder, name }) => [folder, name]));
  if (folders.size === 0) return null;
  return (
    <label className="field line">
      {memory.whose}
      <select value={read('room')} onChange={({ target }) => change({ room: target.value })}>
        <option value="">{memory.mine}</option>
        {[...folders].map(([folder, name]) => (
          <option key={folder} value={folder}>
            {memory.room(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
