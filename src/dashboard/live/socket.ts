/** Owns the one connection of the page: opened with a ticket, opened again when it breaks, shared by all who listen. Knows frames, not what they mean. */
import type { ClientFrame, ServerFrame } from '../../serve/ws/protocol.ts';
import { ApiError, ask } from '../api/client.ts';

/** `unreachable`: it is tried again, and the server did not answer last time. `closed`: not asked for yet, or no more. */
export type SocketState = 'connecting' | 'unreachable' | 'open' | 'closed';

export interface Listener {
  readonly onFrame?: (frame: ServerFrame) => void;
  readonly onState?: (state: SocketState) => void;
}

export interface Socket {
  state(): SocketState;
  /** Sends it when the connection is there; false when it is not. */
  send(frame: ClientFrame): boolean;
  /** Hears everything from now on; gives what ends that. */
  listen(listener: Listener): () => void;
  /** Connects, and stays connected until `close`. */
  open(): void;
  close(): void;
}

/** The names of `serve/ws/protocol.ts`, whose schemas would be a large part of this page. */
const SUBPROTOCOL = 'claw.v1';
const TICKET = 'claw.ticket.';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

export function createSocket(): Socket {
  const listeners = new Set<Listener>();
  let socket: WebSocket | undefined;
  let state: SocketState = 'closed';
  let wait = FIRST_WAIT_MS;
  let timer: number | undefined;
  /** Another number with each `open` and `close`: what was begun before counts no more. */
  let round = 0;
  const become = (next: SocketState): void => {
    if (state === next) return;
    state = next;
    for (const { onState } of listeners) onState?.(next);
  };
  const again = (of: number, next: SocketState): void => {
    if (of !== round) return;
    become(next);
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void connect(of), wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
  const connect = async (of: number): Promise<void> => {
    const ticket = await ask('POST /ws/tickets', {}).catch((error: unknown) => error);
    if (of !== round) return;
    if (!isTicket(ticket)) {
      const isUnreached = ticket instanceof ApiError && ticket.status === 0;
      return again(of, isUnreached ? 'unreachable' : 'connecting');
    }
    const opened = new WebSocket(address(), [SUBPROTOCOL, `${TICKET}${ticket.ticket}`]);
    socket = opened;
    opened.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      if (socket === opened) become('open');
    });
    opened.addEventListener('message', ({ data }) => {
      const frame = readFrame(data);
      if (frame !== undefined) for (const { onFrame } of listeners) onFrame?.(frame);
    });
    opened.addEventListener('close', () => {
      if (socket === opened) again(of, 'connecting');
    });
  };
  return {
    state: () => state,
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open() {
      round += 1;
      become('connecting');
      void connect(round);
    },
    close() {
      round += 1;
      window.clearTimeout(timer);
      socket?.close();
      socket = undefined;
      become('closed');
    },
  };
}

function isTicket(answer: unknown): answer is { readonly ticket: string } {
  return typeof answer === 'object' && answer !== null && 'ticket' in answer;
}

function address(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}

/** A frame is an object with a type; what is none is not for this page. */
function readFrame(data: unknown): ServerFrame | undefined {
  try {
    const read: unknown = JSON.parse(String(data));
    return typeof read === 'object' && read !== null && 'type' in read ? (read as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}
