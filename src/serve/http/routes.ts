/** Owns the list of the resources of the HTTP API. Reading it tells what exists. */
import type { Readiness } from '../health-server.ts';
import { accountRoutes } from './account-routes.ts';
import { approvalRoutes } from './approval-routes.ts';
import { attachmentRoutes } from './attachment-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { backupRoutes } from './backup-routes.ts';
import { chatRoutes } from './chat-routes.ts';
import { costRoutes } from './cost-routes.ts';
import { conversationListRoutes } from './conversation-list-routes.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { dashboardRoutes } from './dashboard-routes.ts';
import { deviceRoutes } from './device-routes.ts';
import { firstStepsRoutes } from './first-steps-routes.ts';
import { marketplaceRoutes } from './marketplace-routes.ts';
import { linkRoutes } from './link-routes.ts';
import { logRoutes } from './log-routes.ts';
import { memoryRoutes } from './memory-routes.ts';
import { knowledgeRoutes } from './knowledge-routes.ts';
import { documentRoutes } from './openapi.ts';
import { metricsRoutes, type MetricsSource } from './metrics-routes.ts';
import { openAiRoutes } from './openai-compatible.ts';
import { channelRoutes } from './channel-routes.ts';
import { configRoutes } from './config-routes.ts';
import { healthRoutes } from './health-routes.ts';
import { groupRoutes } from './group-routes.ts';
import { entranceRoutes } from './entrance-routes.ts';
import { pairingRoutes } from './pairing-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { routeDecisionRoutes } from './route-decision-routes.ts';
import { retentionRoutes } from './retention-routes.ts';
import { storyRoutes } from './story-routes.ts';
import { searchRoutes } from './search-routes.ts';
import type { Route, RouteDeps } from './route.ts';
import { statsRoutes } from './stats-routes.ts';
import { statusRoutes } from './status-routes.ts';
import { toolRoutes } from './tool-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { probeRoutes } from './system-routes.ts';
import { taskRoutes } from './task-routes.ts';
import { ticketRoutes } from './ticket-routes.ts';
import { keyRoutes, userRoutes } from './users-routes.ts';

const RESOURCES: readonly ((deps: RouteDeps) => readonly Route[])[] = [
  chatRoutes,
  attachmentRoutes,
  conversationListRoutes,
  storyRoutes,
  conversationRoutes,
  searchRoutes,
  deadLetterRoutes,
  deviceRoutes,
  memoryRoutes,
  statusRoutes,
  healthRoutes,
  statsRoutes,
  approvalRoutes,
  toolRoutes,
  marketplaceRoutes,
  groupRoutes,
  pairingRoutes,
  channelRoutes,
  modelRoutes,
  configRoutes,
  firstStepsRoutes,
  secretRoutes,
  accountRoutes,
  openAiRoutes,
  auditRoutes,
  logRoutes,
  retentionRoutes,
  webhookRoutes,
  knowledgeRoutes,
  taskRoutes,
  ticketRoutes,
  authRoutes,
  linkRoutes,
  userRoutes,
  keyRoutes,
  entranceRoutes,
  costRoutes,
  routeDecisionRoutes,
  backupRoutes,
];

/** Every route of the server. */
export function allRoutes(
  deps: RouteDeps & MetricsSource & { readonly version: string },
  readiness: () => Readiness,
): readonly Route[] {
  const routes = [
    ...probeRoutes(readiness),
    ...metricsRoutes(deps),
    ...dashboardRoutes(),
    ...RESOURCES.flatMap((resource) => resource(deps)),
  ];
  return [...routes, ...documentRoutes(routes, deps.version)];
}
