/** Owns the values that a memory had before, asked for when somebody looks. */
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/use-api.ts';
import { Dialog } from '../../components/dialog.tsx';
import { Loaded, Nothing } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';

interface MemoryHistoryProps {
  readonly id: string;
  readonly name: string;
  readonly room: string;
}

export function MemoryHistory(props: MemoryHistoryProps): ReactNode {
  const { memory } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {memory.history}
      </button>
      {isOpen ? (
        <Dialog title={memory.historyOf(props.name)} onClose={() => setOpen(false)}>
          <Values {...props} />
          <form method="dialog" className="actions">
            <Close />
          </form>
        </Dialog>
      ) : null}
    </>
  );
}

function Close(): ReactNode {
  const { state } = useTexts();
  return <button type="submit">{state.close}</button>;
}

function Values({ id, room }: MemoryHistoryProps): ReactNode {
  const { memory } = useTexts();
  const row = useRead('GET /memories/{id}', { params: { id }, query: room === '' ? {} : { room } });
  return (
    <Loaded of={row}>
      {({ history }) =>
        history.length === 0 ? (
          <Nothing>{memory.noHistory}</Nothing>
        ) : (
          <ol className="memory-history">
            {history.toReversed().map(({ value, why, set_at: at }) => (
              <li key={at}>
                {value}{' '}
                <span className="quiet">
                  {why} · <When at={at} />
                </span>
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
