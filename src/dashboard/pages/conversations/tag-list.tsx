/** Owns the tags of a conversation: taken off one by one, added with those that were used before at hand. */
import type { ReactNode } from 'react';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { Icon } from '../../components/icon.tsx';
import { useTexts } from '../../language/use-texts.ts';

const TOUCHED = [
  'GET /conversations',
  'GET /conversations/count',
  'GET /conversations/{id}/tags',
  'GET /tags',
] as const;

export function TagList({ id }: { readonly id: string }): ReactNode {
  const { conversations } = useTexts();
  const tags = useRead('GET /conversations/{id}/tags', { params: { id } });
  const all = useRead('GET /tags', {});
  const own = tags.data ?? [];
  const suggestions = (all.data ?? []).map(({ tag }) => tag).filter((tag) => !own.includes(tag));
  return (
    <div className="conversations-tags">
      <strong>{conversations.tags}</strong>
      {tags.data?.length === 0 ? <span className="quiet">{conversations.noTags}</span> : null}
      {own.map((tag) => (
        <span key={tag} className="badge">
          <bdi>{tag}</bdi>
          <ActionButton route="DELETE /conversations/{id}/tags/{tag}" parts={{ params: { id, tag } }} touches={TOUCHED}>
            <span className="unseen">{conversations.takeOff(tag)}</span>
            <Icon name="close" />
          </ActionButton>
        </span>
      ))}
      <FormDialog
        title={conversations.addTag}
        fields={[{ name: 'tag', label: conversations.tag, isRequired: true, suggestions }]}
        route="PUT /conversations/{id}/tags/{tag}"
        toParts={(typed) => ({ params: { id, tag: typed('tag') } })}
        touches={TOUCHED}
      />
    </div>
  );
}
