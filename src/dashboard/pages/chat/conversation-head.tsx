/** Owns the line above a conversation: what it is called and tagged, where it comes from, and what can be done with the whole of it. */
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { TAG_ADDED } from '../../api/guesses.ts';
import { useChange, useRead } from '../../api/use-api.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { Badge } from '../../components/badge.tsx';
import { Loaded } from '../../components/states.tsx';
import { money } from '../../format.ts';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { Snippet } from './conversation-list.tsx';
import { exportAddress } from './export-address.ts';
import type { Conversation } from './use-history.ts';

const TOUCHED = [
  'GET /conversations',
  'GET /conversations/{id}',
  'GET /conversations/{id}/facts',
  'GET /conversations/{id}/tags',
  'GET /tags',
] as const;

export function ConversationHead({ conversation }: { readonly conversation: Conversation }): ReactNode {
  const { chat } = useTexts();
  const { id, title, origin } = conversation;
  const [isOpen, setOpen] = useState(false);
  const tags = useRead('GET /conversations/{id}/tags', { params: { id } });
  return (
    <header className="talk-head">
      <div className="talk-line">
        <h2 title={title}>{title === '' ? chat.untitled : title}</h2>
        {origin === 'terminal' || origin === 'http' ? null : <Badge tone="info">{origin}</Badge>}
        {tags.data?.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        <button type="button" className="plain-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {chat.about}
        </button>
      </div>
      <Family id={id} />
      {isOpen ? <About key={id} conversation={conversation} tags={tags.data ?? []} /> : null}
    </header>
  );
}

/** Where it was branched from, and what else was. */
function Family({ id }: { readonly id: string }): ReactNode {
  const { chat } = useTexts();
  const own = useRead('GET /conversations/{id}/facts', { params: { id } });
  const parent = own.data?.parent ?? undefined;
  const beside = useRead(
    'GET /conversations/{id}/facts',
    { params: { id: parent?.id ?? '' } },
    { isEnabled: parent !== undefined && parent.title !== null },
  );
  const siblings = parent === undefined ? [] : (beside.data?.branches ?? []).filter((each) => each.id !== id);
  const children = own.data?.branches ?? [];
  if (parent === undefined && children.length === 0) return null;
  return (
    <div className="talk-family quiet">
      {parent === undefined ? null : (
        <span>
          ⑂ {chat.branchOf}{' '}
          {parent.title === null ? (
            chat.goneConversation
          ) : (
            <Link to={`/dashboard/chat/${parent.id}#m${Math.max(1, parent.message ?? 1)}`}>
              {parent.title === '' ? chat.untitled : parent.title}
            </Link>
          )}
        </span>
      )}
      <Branches title={chat.siblings(siblings.length)} rows={siblings} />
      <Branches title={chat.children(children.length)} rows={children} />
    </div>
  );
}

interface Branch {
  readonly id: string;
  readonly title: string;
  readonly message: number | null;
}

function Branches({ title, rows }: { readonly title: string; readonly rows: readonly Branch[] }): ReactNode {
  const { chat } = useTexts();
  if (rows.length === 0) return null;
  return (
    <details>
      <summary>{title}</summary>
      <ul>
        {rows.map((row) => (
          <li key={row.id}>
            <Link to={`/dashboard/chat/${row.id}`}>{row.title === '' ? chat.untitled : row.title}</Link>{' '}
            {chat.fromMessage(row.message ?? 0)}
          </li>
        ))}
      </ul>
    </details>
  );
}

interface AboutProps {
  readonly conversation: Conversation;
  readonly tags: readonly string[];
}

function About({ conversation, tags }: AboutProps): ReactNode {
  const { chat, conversations } = useTexts();
  const navigate = useNavigate();
  const may = useMay('user');
  const { id, title } = conversation;
  const facts = useRead('GET /conversations/{id}/facts', { params: { id } });
  return (
    <div className="talk-about card">
      <SearchHere id={id} />
      {may ? <Rename id={id} title={title} /> : null}
      {may ? <Tags id={id} tags={tags} /> : null}
      <div className="actions">
        <a className="button" href={exportAddress(id, 'markdown')} download>
          {chat.exportMarkdown}
        </a>
        <a className="button" href={exportAddress(id, 'json')} download>
          {chat.exportJson}
        </a>
        <Link className="button" to={`/dashboard/conversations/${id}`}>
          {conversations.story}
        </Link>
        <ActionButton
          route="DELETE /conversations/{id}"
          parts={{ params: { id } }}
          // The list hears of it; this page is left before anything of it is asked for again.
          touches={[]}
          question={chat.removeQuestion(title === '' ? id : title)}
          onDone={() => void navigate('/dashboard/chat')}
        >
          {chat.removeConversation}
        </ActionButton>
      </div>
      {facts.data === undefined ? null : (
        <p className="quiet">{chat.costSoFar(facts.data.messages, money(facts.data.cost_usd))}</p>
      )}
    </div>
  );
}

function Rename({ id, title }: { readonly id: string; readonly title: string }): ReactNode {
  const { chat, state, words } = useTexts();
  const [typed, setTyped] = useState(title);
  const rename = useChange('PATCH /conversations/{id}', TOUCHED);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate({ params: { id }, body: { title: typed } });
  };
  return (
    <form className="talk-form" onSubmit={submit}>
      <label>
        {words.title}
        <input value={typed} maxLength={200} required onChange={({ target }) => setTyped(target.value)} />
      </label>
      <button type="submit" disabled={rename.isPending || typed.trim() === '' || typed === title}>
        {chat.rename}
      </button>
      {rename.error === null ? null : <span className="bad-text">{state.failed(rename.error.message)}</span>}
    </form>
  );
}

function Tags({ id, tags }: { readonly id: string; readonly tags: readonly string[] }): ReactNode {
  const { chat, state } = useTexts();
  const [typed, setTyped] = useState('');
  const add = useChange('PUT /conversations/{id}/tags/{tag}', TOUCHED, TAG_ADDED);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ params: { id, tag: typed.trim() } }, { onSuccess: () => setTyped('') });
  };
  return (
    <form className="talk-form" onSubmit={submit}>
      <label>
        {chat.tag}
        <input value={typed} maxLength={50} onChange={({ target }) => setTyped(target.value)} />
      </label>
      <button type="submit" disabled={add.isPending || typed.trim() === ''}>
        {chat.addTag}
      </button>
      {tags.map((tag) => (
        <ActionButton
          key={tag}
          route="DELETE /conversations/{id}/tags/{tag}"
          parts={{ params: { id, tag } }}
          touches={TOUCHED}
        >
          <span aria-hidden="true">✕</span> <span className="unseen">{chat.removeTag}</span> {tag}
        </ActionButton>
      ))}
      {add.error === null ? null : <span className="bad-text">{state.failed(add.error.message)}</span>}
    </form>
  );
}

function SearchHere({ id }: { readonly id: string }): ReactNode {
  const { chat } = useTexts();
  const [typed, setTyped] = useState('');
  const words = typed.trim();
  const hits = useRead(
    'GET /search',
    { query: { query: words, conversation_id: id, limit: 50 } },
    { isEnabled: words !== '' },
  );
  return (
    <div>
      <label className="talk-form">
        {chat.searchHere}
        <input type="search" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </label>
      {words === '' ? null : (
        <Loaded of={hits} empty={chat.noneFound}>
          {(rows) => (
            <ol className="talk-hits">
              {rows
                .toSorted((a, b) => a.message - b.message)
                .map(({ message, snippet }) => (
                  <li key={message} value={message}>
                    <Link to={`/dashboard/chat/${id}#m${message}`}>
                      <Snippet text={snippet} />
                    </Link>
                  </li>
                ))}
            </ol>
          )}
        </Loaded>
      )}
    </div>
  );
}
