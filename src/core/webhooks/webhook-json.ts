/** Owns what programs are told of a webhook and its deliveries, on the command line and over HTTP. */
import type { WebhookDeliveryRow, WebhookRow } from '../store/webhooks-table.ts';

export function webhookJson(row: WebhookRow) {
  const { id, url, state, reason, failures, created_at } = row;
  const events = JSON.parse(row.events) as string[];
  return { id, url, events, state, reason, failures, created_at: new Date(created_at).toISOString() };
}

export function deliveryJson(row: WebhookDeliveryRow) {
  const { id, event, state, attempts, status, response, error, created_at } = row;
  return { id, event, state, attempts, status, response, error, created_at: new Date(created_at).toISOString() };
}
