/** Owns the list of the resources of the HTTP API. Reading it tells what exists. */
import { conversationRoutes } from './conversation-routes.ts';
import type { Route, RouteDeps } from './route.ts';

const RESOURCES: readonly ((deps: RouteDeps) => readonly Route[])[] = [conversationRoutes];

/** Every route below `/api/v1`. */
export function apiRoutes(deps: RouteDeps): readonly Route[] {
  return RESOURCES.flatMap((resource) => resource(deps));
}
