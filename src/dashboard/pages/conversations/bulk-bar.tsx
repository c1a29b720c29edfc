/** Owns what is done to several conversations at once: deleted after a question, tagged, exported. */
import type { ReactNode } from 'react';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { ExportLinks } from './export-links.tsx';

export type Summary = Result<'GET /conversations'>[number];

const TOUCHED = ['GET /conversations', 'GET /conversations/count', 'GET /tags', 'GET /search'] as const;

interface BulkBarProps {
  readonly picked: readonly Summary[];
  readonly all: readonly Summary[];
  readonly onChoose: (ids: readonly string[], isOn: boolean) => void;
  readonly mayChange: boolean;
  readonly onSaid: (said: string) => void;
}

export function BulkBar({ picked, all, onChoose, mayChange, onSaid }: BulkBarProps): ReactNode {
  const { conversations } = useTexts();
  const tags = useRead('GET /tags', {});
  const ids = picked.map(({ id }) => id);
  const told = (done: (count: number) => string) => (result: Result<'POST /conversations/bulk'>) => {
    const [first] = result.failed;
    const failed = first === undefined ? '' : conversations.notDone(result.failed.length, first.reason);
    onSaid([done(result.done.length), failed].filter((text) => text !== '').join(' '));
    onChoose(ids, false);
  };
  const [only] = picked;
  const question =
    only !== undefined && picked.length === 1
      ? conversations.removeQuestion(only.title)
      : conversations.removeManyQuestion(picked.length);
  return (
    <div className="bar conversations-bulk">
      <label>
        <input
          type="checkbox"
          checked={picked.length === all.length}
          onChange={({ target }) =>
            onChoose(
              all.map(({ id }) => id),
              target.checked,
            )
          }
        />{' '}
        {picked.length === 0 ? conversations.selectAll : conversations.selected(picked.length)}
      </label>
      {picked.length === 0 ? null : (
        <div className="actions">
          <ExportLinks of={{ ids }} />
          {mayChange ? (
            <>
              <FormDialog
                title={conversations.addTag}
                fields={[
                  {
                    name: 'tag',
                    label: conversations.tag,
                    isRequired: true,
                    suggestions: (tags.data ?? []).map(({ tag }) => tag),
                  },
                ]}
                route="POST /conversations/bulk"
                toParts={(typed) => ({ body: { ids, act: 'tag', tag: typed('tag') } })}
                touches={TOUCHED}
                onDone={told(conversations.tagged)}
              />
              <ActionButton
                route="POST /conversations/bulk"
                parts={{ body: { ids, act: 'delete' } }}
                touches={TOUCHED}
                question={question}
                onDone={told(conversations.removed)}
              >
                {conversations.remove}
              </ActionButton>
            </>
          ) : null}
        </div>
      )}
    </div>
  );
}
