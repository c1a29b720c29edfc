/** Owns a conversation that is being held: what is said now, by the connection of the page. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useReducer, useRef } from 'react';
import type { ClientFrame } from '../../../serve/ws/protocol.ts';
import { useSocket, useSocketState } from '../../live/live.tsx';
import type { SocketState } from '../../live/socket.ts';
import { chatReducer, type ChatState, NO_CHAT, runningTurn } from './chat-state.ts';
import { createFrameBatch } from './frame-batch.ts';
import { type AskedFile, textOf } from './live-turn.ts';

export interface Said {
  readonly text: string;
  readonly files?: readonly AskedFile[];
  /** `provider/model`; undefined: the one that answers when none is named. */
  readonly model?: string | undefined;
  /** Absent: the one that is open. */
  readonly conversationId?: string;
}

export interface ChatActs {
  /** False when there is no connection to say it on. */
  say(said: Said): boolean;
  stop(): void;
  /** Follows a turn that runs on the server. */
  follow(turnId: string): void;
  settle(turnIds: ReadonlySet<string>): void;
  drop(frameId: string): void;
}

export interface LiveChat {
  readonly state: ChatState;
  readonly connection: SocketState;
  readonly acts: ChatActs;
}

/** Longer answers are drawn less often, in characters. */
const LONG_ANSWER = 20_000;

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
  useEffect(() => {
    const isLong = (): boolean => {
      const turn = runningTurn(latest.current);
      return turn !== undefined && textOf(turn).length > LONG_ANSWER;
    };
    const batch = createFrameBatch((frames) => {
      dispatch({ type: 'frames', frames });
      if (!frames.some(({ type }) => type === 'stream_end' || type === 'response')) return;
      for (const name of ['GET /conversations', 'GET /conversations/{id}'])
        void queries.invalidateQueries({ queryKey: [name] });
    }, isLong);
    const unlisten = socket.listen({
      onState(next) {
        if (next === 'open') for (const frame of unanswered(latest.current)) socket.send(frame);
      },
      onFrame(frame) {
        if (frame.type !== 'changed' && frame.type !== 'pong') batch.add(frame);
      },
    });
    return () => {
      unlisten();
      batch.stop();
    };
  }, [socket, queries]);
  const acts = useMemo<ChatActs>(
    () => ({
      say({ text, files = [], model, conversationId: named }) {
        const conversation = named ?? latest.current.conversationId;
        // Long enough that the same message sent again after a break is one message.
        const message = { frameId: crypto.randomUUID(), text, pictures: files, model };
        if (!socket.send(messageFrame(message, conversation))) return false;
        if (named !== undefined && named !== latest.current.conversationId)
          dispatch({ type: 'opened', conversationId: named });
        dispatch({ type: 'asked', message });
        return true;
      },
      stop() {
        const turn = runningTurn(latest.current);
        if (turn?.turnId !== undefined) socket.send({ type: 'cancel', turn_id: turn.turnId });
      },
      follow(turnId) {
        const { turns } = latest.current;
        // One that this page began is followed already.
        if (turns.some((turn) => turn.state === 'sending' || turn.turnId === turnId)) return;
        const frameId = crypto.randomUUID();
        if (socket.send({ type: 'resume', id: frameId, turn_id: turnId })) dispatch({ type: 'found', frameId, turnId });
      },
      settle: (turnIds) => dispatch({ type: 'settled', turnIds }),
      drop: (frameId) => dispatch({ type: 'dropped', frameId }),
    }),
    [socket],
  );
  return { state, connection, acts };
}

/** What to send when a connection is there again: the message that may not have arrived, or where the answer was left. */
function unanswered(state: ChatState): readonly ClientFrame[] {
  const open = runningTurn(state);
  if (open === undefined) return [];
  if (open.turnId === undefined) return [messageFrame(open.asked, state.conversationId)];
  const last = { turn_id: open.turnId, last_event_id: open.lastEventId ?? 0 };
  // A message that was to join may have been lost with the connection; sent again it is the same one.
  const joining = open.joining.map((message) => messageFrame(message, state.conversationId));
  return [{ type: 'resume', id: open.frameId, ...last }, ...joining];
}

interface Sendable {
  readonly frameId: string;
  readonly text: string;
  readonly pictures: readonly AskedFile[];
  readonly model?: string | undefined;
}

function messageFrame({ frameId, text, pictures, model }: Sendable, conversationId: string | undefined): ClientFrame {
  return {
    type: 'message',
    id: frameId,
    text,
    conversation_id: conversationId ?? null,
    ...(pictures.length === 0 ? {} : { attachments: pictures.map(({ id }) => id) }),
    ...(model === undefined ? {} : { model }),
  };
}
