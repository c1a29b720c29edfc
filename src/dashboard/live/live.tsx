/** Owns the one connection as the components of the page have it. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { followChanges } from './follow-changes.ts';
import { createSocket, type Socket, type SocketState } from './socket.ts';

const SocketContext = createContext<Socket | undefined>(undefined);

/** Connects for as long as somebody is signed in. */
export function Live({ children }: { readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient();
  const [socket] = useState(createSocket);
  useEffect(() => {
    const unfollow = followChanges(socket, queries);
    socket.open();
    return () => {
      unfollow();
      socket.close();
    };
  }, [socket, queries]);
  return <SocketContext value={socket}>{children}</SocketContext>;
}

/** The connection of the page. Throws outside of `Live`. */
export function useSocket(): Socket {
  const socket = use(SocketContext);
  if (socket === undefined) throw new Error('there is no connection here');
  return socket;
}

export function useSocketState(): SocketState {
  const socket = useSocket();
  return useSyncExternalStore((onState) => socket.listen({ onState }), socket.state);
}
