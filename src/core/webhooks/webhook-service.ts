/** Owns the webhooks of people: everybody's are their own, the secret is shown once and kept sealed, and an address must be one that claw may call. */
import type { Actor } from '../access/actor.ts';
import { requirePermission } from '../access/permissions.ts';
import { ClawError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { phrase } from '../kernel/language/phrase.ts';
import { decideUrlText } from '../net/decide-url.ts';
import type { SecretService } from '../secrets/secret-service.ts';
import { newDelivery, WEBHOOK_EVENTS, type WebhookDeliveryRow, type WebhookRow } from '../store/webhooks-table.ts';
import { attemptDelivery, type DeliverDeps, deliverDue } from './deliver-webhooks.ts';
import { newWebhookSecret } from './sign-webhook.ts';

export interface WebhookDeps extends Omit<DeliverDeps, 'secretOf'> {
  readonly secrets: Pick<SecretService, 'set' | 'remove' | 'resolve'>;
  /** Origins (`http://127.0.0.1:8080`) that the operator trusts: http and private addresses are right there. */
  readonly trusted: readonly string[];
}

export interface WebhookChange {
  readonly url: string;
  readonly events: readonly string[];
}

/** A webhook that another program had. */
export interface KnownWebhook extends WebhookChange {
  /** What its receiver knows; a new one when undefined. */
  readonly secret: string | undefined;
  readonly reason: string;
}

export type WebhookService = ReturnType<typeof createWebhookService>;

const MAX_PER_USER = 20;

export function createWebhookService(deps: WebhookDeps) {
  const { store, clock, secrets } = deps;
  const secretOf = async (id: string): Promise<string | undefined> => (await secrets.resolve(secretName(id)))?.value;
  const { fetch, attempted = () => {} } = deps;
  const sending: DeliverDeps = { store, clock, fetch, secretOf, attempted };
  const own = async (actor: Actor, id: string): Promise<WebhookRow> => {
    requirePermission(actor, 'webhook.read');
    const prefix = id.trim().toLowerCase();
    const found = /^[0-9a-f-]{6,36}$/.test(prefix) ? await store.webhooks.findByPrefix(actor.user.id, prefix) : [];
    const [row, second] = found;
    if (row !== undefined && second === undefined) return row;
    throw new ClawError('not-found', phrase('noWebhook', JSON.stringify(id)), { hint: 'claw webhook list' });
  };
  return {
    /** The secret is in the answer this once. Throws `usage-invalid`, `sandbox-refused`, `limit-reached`, `permission-denied`. */
    create: (actor: Actor, wanted: WebhookChange) => create(deps, actor, wanted),
    /** Throws what `create` throws for an address that is none of a webhook. */
    check: (url: string): Promise<URL> => checkUrl(url, deps.trusted),
    /** Adds one that another program had, switched off: `reason` says what has to be done. Throws as `create`. */
    add: (by: Actor, owner: Actor['user'], webhook: KnownWebhook) => addKnown(deps, by, owner, webhook),
    list(actor: Actor): Promise<WebhookRow[]> {
      requirePermission(actor, 'webhook.read');
      return store.webhooks.list(actor.user.id);
    },
    /** Throws `not-found`, also for another's. */
    find: own,
    deliveries: async (actor: Actor, id: string, limit: number): Promise<WebhookDeliveryRow[]> =>
      store.webhooks.deliveries((await own(actor, id)).id, limit),
    async remove(actor: Actor, id: string): Promise<WebhookRow> {
      requirePermission(actor, 'webhook.change');
      const row = await own(actor, id);
      await store.transaction(async ({ webhooks, audit }) => {
        await webhooks.remove(row.id, actor.user.id);
        await audit.append({ at: clock.now(), by: actor, action: 'webhook.delete', target: row.id });
      });
      await secrets.remove(secretName(row.id)).catch(ignoreMissing);
      return row;
    },
    /** Switches it on again after too many failures. */
    async enable(actor: Actor, id: string): Promise<WebhookRow> {
      requirePermission(actor, 'webhook.change');
      const row = await own(actor, id);
      const change = { state: 'active' as const, reason: null, failures: 0, updated_at: clock.now() };
      await store.transaction(async ({ webhooks, audit }) => {
        await webhooks.change(row.id, change);
        await audit.append({ at: clock.now(), by: actor, action: 'webhook.enable', target: row.id });
      });
      return { ...row, ...change };
    },
    /** Sends one event `webhook.test` at once, once, and says what came of it; it does not count as a failure. */
    async test(actor: Actor, id: string, signal?: AbortSignal): Promise<WebhookDeliveryRow> {
      requirePermission(actor, 'webhook.change');
      const row = await own(actor, id);
      const delivery = newDelivery(row.id, 'webhook.test', { webhook_id: row.id }, clock.now());
      const { isDelivered, ...result } = await attemptDelivery(sending, row, delivery, signal);
      const state = isDelivered ? ('delivered' as const) : ('failed' as const);
      const settled = { ...delivery, ...result, state, attempts: 1, settled_at: clock.now() };
      await store.webhooks.insertDelivery(settled);
      return settled;
    },
    /** One attempt at everything that is due; returns how many there were. */
    deliverDue: (signal: AbortSignal): Promise<number> => deliverDue(sending, signal),
  };
}

async function create(deps: WebhookDeps, actor: Actor, { url: text, events }: WebhookChange) {
  requirePermission(actor, 'webhook.change');
  const url = await checkUrl(text, deps.trusted);
  const unknown = events.find((event) => !(WEBHOOK_EVENTS as readonly string[]).includes(event));
  if (unknown !== undefined || events.length === 0) {
    throw new ClawError('usage-invalid', unknown === undefined ? 'Name an event.' : `There is no event ${unknown}.`, {
      hint: `The events are ${WEBHOOK_EVENTS.join(', ')}.`,
    });
  }
  const row = newRow(actor.user.id, { url: url.href, events }, deps.clock.now());
  const secret = newWebhookSecret();
  await insert(deps, actor, { row, secret, action: 'webhook.create' });
  return { row, secret };
}

async function addKnown(
  deps: WebhookDeps,
  by: Actor,
  owner: Actor['user'],
  { url: text, events, secret = newWebhookSecret(), reason }: KnownWebhook,
): Promise<WebhookRow> {
  requirePermission(by, 'user.manage');
  const url = await checkUrl(text, deps.trusted);
  const row = newRow(owner.id, { url: url.href, events }, deps.clock.now());
  const resting: WebhookRow = { ...row, state: 'disabled', reason };
  await insert(deps, by, { row: resting, secret, action: 'webhook.import' });
  return resting;
}

function newRow(ownerId: string, { url, events }: WebhookChange, now: number): WebhookRow {
  const state = { state: 'active', reason: null, failures: 0, created_at: now, updated_at: now } as const;
  return { id: newId(now), owner_id: ownerId, url, events: JSON.stringify([...new Set(events)]), ...state };
}

async function insert(
  { store, clock, secrets }: WebhookDeps,
  by: Actor,
  { row, secret, action }: { readonly row: WebhookRow; readonly secret: string; readonly action: string },
): Promise<void> {
  if ((await store.webhooks.list(row.owner_id)).length >= MAX_PER_USER) {
    throw new ClawError('limit-reached', `You have ${MAX_PER_USER} webhooks already.`, { hint: 'claw webhook delete' });
  }
  await secrets.set(secretName(row.id), { value: secret, hosts: [] });
  await store.transaction(async ({ webhooks, audit }) => {
    await webhooks.insert(row);
    const detail = { host: new URL(row.url).host, events: JSON.parse(row.events) as string[] };
    await audit.append({ at: clock.now(), by, action, target: row.id, detail });
  });
}

async function checkUrl(text: string, trusted: readonly string[]): Promise<URL> {
  const url = URL.parse(text);
  const isTrusted = url !== null && trusted.includes(url.origin);
  if (url === null || url.username !== '' || url.password !== '' || (url.protocol !== 'https:' && !isTrusted)) {
    throw new ClawError('usage-invalid', `${JSON.stringify(text)} is no address of a webhook.`, {
      hint: 'Give an https:// address without a password; an http:// one only of an origin in TRUSTED_ORIGINS.',
    });
  }
  if (isTrusted) return url;
  const decision = await decideUrlText(text);
  if (decision.decision !== 'deny') return url;
  throw new ClawError('sandbox-refused', `${url.host} may not be called: ${decision.reason}.`, {
    hint: 'A webhook goes to a public address, or to an origin in TRUSTED_ORIGINS.',
  });
}

/** Under which name the secret store keeps it. */
const secretName = (id: string): string => `WEBHOOK_${id.replaceAll('-', '').toUpperCase()}`;

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ClawError) || error.code !== 'not-found') throw error;
}
