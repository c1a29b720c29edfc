/** Owns a conversation that is being held: what was said before by the API, what is said now by the socket. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef } from 'react';
import { useSocket, useSocketState } from '../../live/live.tsx';
import type { SocketState } from '../../live/socket.ts';
import { chatReducer, type ChatState, NO_CHAT, runningTurn } from './chat-state.ts';

export interface LiveChat {
  readonly state: ChatState;
  readonly connection: SocketState;
  /** False when there is no connection to say it on. */
  say(text: string): boolean;
  stop(): void;
  answer(approvalId: string, answer: 'approve' | 'deny'): void;
}

/** Holds the conversation of that id; a new one without. */
export function useChat(conversationId: string | undefined): LiveChat {
  const queries = useQueryClient();
  const [state, dispatch] = useReducer(chatReducer, NO_CHAT);
  const connection = useSocketState();
  const socket = useSocket();
  const latest = useRef(state);
  useEffect(() => {
    latest.current = state;
  });
  useEffect(() => {
    // A conversation that this page itself began is the one it shows already.
    if (latest.current.conversationId !== conversationId || conversationId === undefined) {
      dispatch({ type: 'opened', conversationId });
    }
  }, [conversationId]);
  useEffect(
    () =>
      socket.listen({
        onState(next) {
          const open = runningTurn(latest.current);
          if (next !== 'open' || open === undefined) return;
          if (open.turnId === undefined)
            socket.send(messageFrame(open.frameId, open.asked, latest.current.conversationId));
          else
            socket.send({
              type: 'resume',
              id: open.frameId,
              turn_id: open.turnId,
              last_event_id: open.lastEventId ?? 0,
            });
        },
        onFrame(frame) {
          dispatch({ type: 'frame', frame });
          if (frame.type === 'stream_end' || frame.type === 'response') {
            void queries.invalidateQueries({ queryKey: ['GET /conversations'] });
          }
        },
      }),
    [socket, queries],
  );
  return {
    state,
    connection,
    say(text) {
      // Long enough that the same message sent again after a break is one message.
      const frameId = crypto.randomUUID();
      const isSent = socket.send(messageFrame(frameId, text, state.conversationId));
      if (isSent) dispatch({ type: 'asked', frameId, text });
      return isSent;
    },
    stop() {
      const turn = runningTurn(state);
      if (turn?.turnId !== undefined) socket.send({ type: 'cancel', turn_id: turn.turnId });
    },
    answer(approvalId, answer) {
      const isSent = socket.send({
        type: 'approve',
        approval_id: approvalId,
        decision: answer,
        scope: 'once',
      });
      if (isSent) dispatch({ type: 'answered', approvalId, answer });
    },
  };
}

function messageFrame(id: string, text: string, conversationId: string | undefined) {
  return { type: 'message', id, text, conversation_id: conversationId ?? null } as const;
}
