/** Owns the page of what was said: a list of all, what could not be delivered, or one conversation with its story. */
import type { ReactNode } from 'react';
import { useParams } from 'react-router';
import { PageHead } from '../../components/page-head.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMay } from '../../session-gate.tsx';
import { ConversationDetail } from './conversation-detail.tsx';
import { ConversationList } from './conversation-list.tsx';
import './conversations.css';
import { DeadLetters } from './dead-letters.tsx';

export function Conversations(): ReactNode {
  const { id } = useParams();
  const isAdmin = useMay('admin');
  const { nav, conversations } = useTexts();
  if (id !== undefined) return <ConversationDetail key={id} id={id} />;
  return (
    <>
      <PageHead title={nav.conversations} lead={conversations.lead} />
      {isAdmin ? (
        <Tabs
          label={nav.conversations}
          tabs={[
            { id: 'all', label: conversations.list, content: <ConversationList /> },
            { id: 'undelivered', label: conversations.undelivered, content: <DeadLetters /> },
          ]}
        />
      ) : (
        <ConversationList />
      )}
    </>
  );
}
