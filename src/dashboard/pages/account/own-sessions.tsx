/** Owns the list of the browsers in which one is signed in, and signing out of one, of the others, or of all. */
import { type ReactNode, useState } from 'react';
import { ask, type ApiError, type Result } from '../../api/client.ts';
import { useRead } from '../../api/use-api.ts';
import { browserName } from '../../browser-name.ts';
import { Badge } from '../../components/badge.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Section } from '../../components/section.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { Table } from '../../components/table.tsx';
import { When } from '../../components/when.tsx';
import { useTexts } from '../../language/use-texts.ts';
import { useMutation, useQueryClient } from '@tanstack/react-query';

type Session = Result<'GET /auth/sessions'>[number];

/** What is asked before it is done. */
interface Wish {
  readonly question: string;
  readonly act: () => Promise<unknown>;
  /** This browser is signed out by it too. */
  readonly isLast: boolean;
}

export function OwnSessions(): ReactNode {
  const { account } = useTexts();
  const queries = useQueryClient();
  const sessions = useRead('GET /auth/sessions', {});
  const [wish, setWish] = useState<Wish>();
  const end = useMutation<unknown, ApiError, Wish>({
    mutationFn: ({ act }) => act(),
    onSuccess: async (_answer, { isLast }) => {
      if (isLast) window.location.assign('/');
      else await queries.invalidateQueries({ queryKey: ['GET /auth/sessions'] });
    },
  });
  const endAll = (others: boolean): Wish => ({
    question: others ? account.endOthersQuestion : account.endAllQuestion,
    act: () => ask('DELETE /auth/sessions', { query: { others: others ? 'true' : 'false' } }),
    isLast: !others,
  });
  const buttons = (
    <div className="actions">
      <button type="button" onClick={() => setWish(endAll(true))}>
        {account.endOthers}
      </button>
      <button type="button" onClick={() => setWish(endAll(false))}>
        {account.endAll}
      </button>
    </div>
  );
  return (
    <Section title={account.sessions} actions={sessions.data?.length === 0 ? undefined : buttons}>
      {end.error === null ? null : <Failure error={end.error} />}
      <Loaded of={sessions} empty={account.none}>
        {(rows) => <SessionTable rows={rows} onWish={setWish} />}
      </Loaded>
      {wish === undefined ? null : (
        <Question wish={wish} onYes={() => end.mutate(wish)} onClose={() => setWish(undefined)} />
      )}
    </Section>
  );
}

interface SessionTableProps {
  readonly rows: readonly Session[];
  readonly onWish: (wish: Wish) => void;
}

function SessionTable({ rows, onWish }: SessionTableProps): ReactNode {
  const { account, words } = useTexts();
  const nameOf = useBrowserName();
  return (
    <Table
      caption={account.sessions}
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        {
          title: account.browser,
          cell: ({ agent, is_current: isCurrent }) => (
            <span title={agent}>
              {nameOf(agent)} {isCurrent ? <Badge tone="good">{account.thisOne}</Badge> : null}
            </span>
          ),
        },
        { title: account.address, cell: ({ from }) => from },
        { title: account.lastSeen, cell: ({ last_seen_at: at }) => <When at={at} /> },
        { title: account.since, cell: ({ created_at: at }) => <When at={at} /> },
        { title: words.expires, cell: ({ expires_at: at }) => <When at={at} /> },
        {
          title: words.actions,
          cell: ({ id, agent, is_current: isCurrent }) =>
            isCurrent ? null : (
              <button
                type="button"
                onClick={() =>
                  onWish({
                    question: account.endQuestion(nameOf(agent)),
                    act: () => ask('DELETE /auth/sessions/{id}', { params: { id } }),
                    isLast: false,
                  })
                }
              >
                {account.end}
              </button>
            ),
        },
      ]}
    />
  );
}

function useBrowserName(): (agent: string) => string {
  const { account } = useTexts();
  return (agent) => {
    const { browser, system } = browserName(agent);
    if (browser === undefined) return system ?? account.unknownBrowser;
    return system === undefined ? browser : account.on(browser, system);
  };
}

interface QuestionProps {
  readonly wish: Wish;
  readonly onYes: () => void;
  readonly onClose: () => void;
}

function Question({ wish, onYes, onClose }: QuestionProps): ReactNode {
  const { state } = useTexts();
  return (
    <Dialog title={wish.question} onClose={onClose}>
      <form method="dialog" className="actions">
        <button type="submit">{state.cancel}</button>
        <button type="submit" className="main" onClick={onYes}>
          {state.yes}
        </button>
      </form>
    </Dialog>
  );
}
