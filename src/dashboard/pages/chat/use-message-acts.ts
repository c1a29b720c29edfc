/** Owns what is done with a message that was said: a branch of its conversation, said anew, asked again. The conversation itself stays as it is. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError, ask } from '../../api/client.ts';
import { writeDraft } from './kept.ts';
import { turnStart, wordsOf, type PastMessage } from './read-message.ts';
import { uploadAgain } from './upload.ts';
import type { ChatActs, Said } from './use-chat.ts';
import type { Conversation, History } from './use-history.ts';

export interface MessageActs {
  linkTo(message: PastMessage): string;
  /** A new conversation of everything up to it. */
  branch(message: PastMessage): void;
  /** Its words where one writes; what is sent then goes instead of it. */
  edit(message: PastMessage): void;
  /** A new conversation of everything before it, and this said there. */
  sayInstead(message: PastMessage, said: Said): void;
  /** A new conversation of everything before its turn, and the same asked there. */
  askAgain(message: PastMessage): void;
}

/** What a branch took over is the other's: branched there again, both stand beside each other. */
async function branchOf(own: Conversation | undefined, id: string, at: number): Promise<{ readonly id: string }> {
  const { parent_id: parent = null, parent_seq: taken = null } = own ?? {};
  const branch = (of: string) => ask('POST /conversations/{id}/branch', { params: { id: of }, body: { at } });
  if (parent === null || taken === null || at > taken) return branch(id);
  return branch(parent).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return branch(id);
    throw error;
  });
}

export interface BranchActs {
  readonly acts: MessageActs;
  readonly error: ApiError | undefined;
}

/** Of the conversation of that id. */
export function useMessageActs(
  id: string | undefined,
  history: History,
  chat: ChatActs,
  onEdit: (message: PastMessage) => void,
): BranchActs {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [error, setError] = useState<ApiError>();
  const latest = useRef(history);
  useEffect(() => {
    latest.current = history;
  });
  const acts = useMemo<MessageActs>(() => {
    const from = id ?? '';
    const addressOf = (conversation: string): string => `/dashboard/chat/${conversation}`;
    const attempt = (work: () => Promise<void>): void => {
      setError(undefined);
      work().catch((thrown: unknown) => {
        if (!(thrown instanceof ApiError)) throw thrown;
        setError(thrown);
      });
    };
    const branchAt = async (at: number): Promise<string> => {
      const made = await branchOf(latest.current.conversation, from, at);
      void queries.invalidateQueries({ queryKey: ['GET /conversations'] });
      void queries.invalidateQueries({ queryKey: ['GET /conversations/{id}/facts'] });
      return made.id;
    };
    const sayIn = async (made: string, said: Said): Promise<void> => {
      if (!chat.say({ ...said, conversationId: made })) writeDraft(made, { text: said.text, files: [] });
      await navigate(addressOf(made));
    };
    return {
      linkTo: ({ seq }) => `${window.location.origin}${addressOf(from)}#m${seq}`,
      branch: ({ seq }) => attempt(async () => void navigate(addressOf(await branchAt(seq)))),
      edit: onEdit,
      sayInstead: (message, said) =>
        attempt(async () => {
          const made = await branchAt(message.seq - 1);
          await sayIn(made, said);
        }),
      askAgain: (message) =>
        attempt(async () => {
          const start = turnStart(latest.current.message, message.seq);
          const asked = latest.current.message(start);
          if (asked?.role !== 'user') return;
          const kept = await uploadAgain(from, asked);
          const files = kept.map(({ id: file, name }) => ({ id: file, name, url: undefined }));
          await sayIn(await branchAt(start - 1), { text: wordsOf(asked), files });
        }),
    };
  }, [id, chat, navigate, queries, onEdit]);
  return { acts, error };
}
