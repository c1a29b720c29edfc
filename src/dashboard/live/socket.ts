/** Owns the connection on which turns run: opened with a ticket, opened again when it breaks, and then taken up where it was. Knows frames, not what they mean. */
import type { ClientFrame, ServerFrame } from '../../serve/ws/protocol.ts';
import { ask } from '../api/client.ts';

export type SocketState = 'connecting' | 'open' | 'closed';

export interface Socket {
  /** Sends it when the connection is there; false when it is not. */
  send(frame: ClientFrame): boolean;
  close(): void;
}

interface Listeners {
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: SocketState) => void;
}

/** The names of `serve/ws/protocol.ts`, whose schemas would be a large part of this page. */
const SUBPROTOCOL = 'claw.v1';
const TICKET = 'claw.ticket.';
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Connects, and stays connected until `close`. */
export function openSocket({ onFrame, onState }: Listeners): Socket {
  let socket: WebSocket | undefined;
  let wait = FIRST_WAIT_MS;
  let timer: number | undefined;
  let isClosed = false;
  const again = (): void => {
    if (isClosed) return;
    onState('connecting');
    timer = window.setTimeout(() => void connect(), wait * (0.5 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
  const connect = async (): Promise<void> => {
    const ticket = await ask('POST /ws/tickets', {}).catch(() => undefined);
    if (isClosed) return;
    if (ticket === undefined) return again();
    const { protocol, host } = window.location;
    const opened = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`, [
      SUBPROTOCOL,
      `${TICKET}${ticket.ticket}`,
    ]);
    socket = opened;
    opened.addEventListener('open', () => {
      wait = FIRST_WAIT_MS;
      onState('open');
    });
    opened.addEventListener('message', ({ data }) => {
      const frame = readFrame(data);
      if (frame !== undefined) onFrame(frame);
    });
    opened.addEventListener('close', () => {
      if (socket === opened) again();
    });
  };
  onState('connecting');
  void connect();
  return {
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    close() {
      isClosed = true;
      window.clearTimeout(timer);
      socket?.close();
      onState('closed');
    },
  };
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
