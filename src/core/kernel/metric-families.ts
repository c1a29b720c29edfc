/** Owns the names of everything this process counts. No label tells who somebody is. */
import type { Family } from './meters.ts';

const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300];

/** Finer: half of the turns and the slowest of them are read out of it. */
const TURN_SECONDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60, 120, 300];

const counter = (name: string, help: string, open?: string): Family => ({
  name,
  help,
  type: 'counter',
  ...(open === undefined ? {} : { open }),
});

export const FAMILIES = {
  http: counter('claw_http_requests_total', 'Requests to the HTTP API by route, method and status', 'route'),
  errors: counter('claw_errors_total', 'Failures by code and where they were told', 'code'),
  turns: counter('claw_turns_total', 'Turns that ended, by reason'),
  turnSeconds: {
    name: 'claw_turn_seconds',
    help: 'Time of turns from their beginning to their end',
    type: 'histogram',
    buckets: TURN_SECONDS,
  },
  modelCalls: counter('claw_model_calls_total', 'Model calls that ended, by model and state', 'model'),
  tokens: counter(
    'claw_model_tokens_total',
    'Tokens by model; input has the cached ones in it as the provider counts',
    'model',
  ),
  cost: {
    ...counter('claw_model_cost_usd_total', 'Cost in USD of model calls whose price is known', 'model'),
    scale: 1e6,
  },
  failovers: counter('claw_model_failovers_total', 'Calls that went on with the next model, by provider and failure'),
  toolCalls: counter('claw_tool_calls_total', 'Tool calls of turns that ended, by tool and status', 'tool'),
  toolSeconds: {
    name: 'claw_tool_call_seconds',
    help: 'Time of tool calls, waiting for approval included',
    type: 'histogram',
    open: 'tool',
    buckets: SECONDS,
  },
  routes: counter(
    'claw_route_decisions_total',
    'Turns that were decided about, by the tier they went to first and whether the main model took over',
  ),
  deliveries: counter('claw_delivery_tries_total', 'Tries to send a message, by channel and the state they led to'),
  accountRefreshes: counter('claw_account_refreshes_total', 'Renewals of log-ins, by account and outcome'),
  webhooks: counter('claw_webhook_attempts_total', 'Calls of webhooks, by outcome'),
  sse: { name: 'claw_sse_readers', help: 'Clients that read a stream of events now', type: 'gauge' },
} as const satisfies Readonly<Record<string, Family>>;
