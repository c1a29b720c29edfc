/** Owns the page of one conversation: what it is, what can be done with it, and all that happened in it. */
import { type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { Loaded } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { count, money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { ExportLinks } from './export-links.tsx';
import { StoryOf } from './story.tsx';
import { TagList } from './tag-list.tsx';

type Facts = Result<'GET /conversations/{id}/facts'>;

export function ConversationDetail({ id }: { readonly id: string }): ReactNode {
  const facts = useRead('GET /conversations/{id}/facts', { params: { id } });
  return (
    <Loaded of={facts}>
      {(read) => (
        <>
          <Head facts={read} />
          <FactsSection facts={read} />
          <StoryOf id={read.id} />
        </>
      )}
    </Loaded>
  );
}

function Head({ facts: { id, title } }: { readonly facts: Facts }): ReactNode {
  const { conversations, words } = useTexts();
  const goTo = useNavigate();
  const [said, setSaid] = useState('');
  const touches = ['GET /conversations/{id}/facts', 'GET /conversations'] as const;
  const actions = (
    <div className="actions">
      <FormDialog
        title={conversations.rename}
        fields={[{ name: 'title', label: words.title, value: title, isRequired: true }]}
        route="PATCH /conversations/{id}"
        toParts={(typed) => ({ params: { id }, body: { title: typed('title') } })}
        touches={touches}
        onDone={() => setSaid(conversations.renamed)}
      />
      <ExportLinks of={{ id }} />
      <ActionButton
        route="DELETE /conversations/{id}"
        parts={{ params: { id } }}
        touches={['GET /conversations', 'GET /conversations/count', 'GET /tags']}
        question={conversations.removeQuestion(title)}
        onDone={() => void goTo('/dashboard/conversations')}
      >
        {conversations.remove}
      </ActionButton>
      <Link className="button main" to={`/dashboard/chat/${id}`}>
        {conversations.open}
      </Link>
    </div>
  );
  return (
    <>
      <p>
        <Link to="/dashboard/conversations">{conversations.list}</Link>
      </p>
      <PageHead title={conversations.titleOf(title)} actions={actions} />
      <p role="status">{said}</p>
    </>
  );
}

function FactsSection({ facts }: { readonly facts: Facts }): ReactNode {
  const { conversations } = useTexts();
  const rows: readonly (readonly [name: string, value: ReactNode])[] = [
    [conversations.channel, facts.origin],
    ...(facts.room === null ? [] : [[conversations.room, facts.room] as const]),
    ...(facts.places.length === 0 ? [] : [[conversations.places, facts.places.join(', ')] as const]),
    [conversations.owner, facts.owner],
    [conversations.messages, count(facts.messages)],
    [conversations.tokens, conversations.tokensOf(count(facts.input_tokens), count(facts.output_tokens))],
    [conversations.cost, <Cost key="cost" facts={facts} />],
    [conversations.begun, <When key="begun" at={facts.created_at} />],
    [conversations.changed, <When key="changed" at={facts.updated_at} />],
    ...(facts.parent === null ? [] : [[conversations.branchOf, <Parent key="parent" facts={facts} />] as const]),
    ...(facts.branches.length === 0
      ? []
      : [[conversations.branches, <Branches key="branches" facts={facts} />] as const]),
  ];
  return (
    <Section title={conversations.facts}>
      <dl className="conversations-facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <TagList id={facts.id} />
      <Compaction facts={facts} />
    </Section>
  );
}

function Cost({ facts }: { readonly facts: Facts }): ReactNode {
  const { conversations } = useTexts();
  return (
    <>
      {money(facts.cost_usd)}
      {facts.unpriced_calls === 0 ? null : (
        <span className="quiet"> ({conversations.unpriced(facts.unpriced_calls)})</span>
      )}
    </>
  );
}

function Parent({ facts: { parent } }: { readonly facts: Facts }): ReactNode {
  const { conversations } = useTexts();
  if (parent === null) return null;
  return <Link to={`/dashboard/conversations/${parent.id}`}>{conversations.titleOf(parent.title ?? '')}</Link>;
}

function Branches({ facts: { branches } }: { readonly facts: Facts }): ReactNode {
  const { conversations } = useTexts();
  return (
    <ul>
      {branches.map(({ id, title, created_at: at }) => (
        <li key={id}>
          <Link to={`/dashboard/conversations/${id}`}>{conversations.titleOf(title)}</Link>{' '}
          <span className="quiet">
            <When at={at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

function Compaction({ facts: { id, compacted_up_to: upTo } }: { readonly facts: Facts }): ReactNode {
  const { conversations } = useTexts();
  const [said, setSaid] = useState('');
  const touches = ['GET /conversations/{id}/facts'] as const;
  return (
    <div className="bar conversations-compaction">
      <span className="quiet">{upTo === null ? conversations.compactHint : conversations.compacted(upTo)}</span>
      {upTo === null ? (
        <ActionButton
          route="POST /conversations/{id}/compact"
          parts={{ params: { id }, body: { keep: 4 } }}
          touches={touches}
          onDone={({ compacted }) => setSaid(compacted ? '' : conversations.notCompacted)}
        >
          {conversations.compact}
        </ActionButton>
      ) : (
        <ActionButton
          route="POST /conversations/{id}/compact/undo"
          parts={{ params: { id } }}
          touches={touches}
          onDone={() => setSaid(conversations.undone)}
        >
          {conversations.undoCompact}
        </ActionButton>
      )}
      <span role="status">{said}</span>
    </div>
  );
}
