/** Owns the service `marketplace` of tools: anybody may look, an admin may change. Promises: a package that wants anything, or whose publisher is not known, is put before a person with claw's own screen; places other than configured registries are never opened. */
import { z } from 'zod';
import { requirePermission } from '../access/permissions.ts';
import { ClawError } from '../kernel/errors.ts';
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import { questionsOf } from '../marketplace/consent.ts';
import type { Found, Marketplace } from '../marketplace/marketplace-service.ts';
import { isPlace } from '../marketplace/open-package.ts';
import { packageDetail } from '../marketplace/package-screen.ts';
import type { InstallPlan } from '../marketplace/plan-install.ts';
import type { Doer } from '../store/audit-table.ts';
import type { Store } from '../store/store.ts';
import type { Service, ServiceScope } from '../tools/call-tool.ts';
import { permissionWords, wantsNothing } from '../tools/permissions.ts';

interface MarketplaceToolDeps {
  readonly store: Pick<Store, 'users'>;
  readonly marketplace: () => Promise<Marketplace>;
}

const SEARCH = z.strictObject({ query: z.string().max(200).optional() });
const NAMED = z.strictObject({ name: z.string().min(1).max(120), registry: z.string().max(500).optional() });
const ONE = z.strictObject({ name: z.string().min(1).max(120) });
const MOST_SHOWN = 30;

/** Methods `search`, `list`, `info`, `install`, `update` and `uninstall`. */
export function createMarketplaceTool({ store, marketplace: open }: MarketplaceToolDeps): Service {
  return async (method, args, scope) => {
    const user = await store.users.byId(scope.call.userId);
    if (user === undefined) throw new ClawError('not-found', 'There is no such user.');
    const isLook = method === 'search' || method === 'list' || method === 'info';
    requirePermission({ user, scopes: null }, isLook ? 'marketplace.read' : 'marketplace.manage');
    const by = { ...user, via: 'turn', from: scope.call.conversationId ?? 'turn' };
    const marketplace = await open();
    switch (method) {
      case 'search':
        return search(marketplace, read(SEARCH, args).query ?? '', scope.call.signal);
      case 'list':
        return (await marketplace.installed()).map(({ name, version, registry }) => ({ name, version, registry }));
      case 'info':
        return info(marketplace, read(NAMED, args).name, scope.call.signal);
      case 'install':
        return install(marketplace, scope, { ...read(NAMED, args), by });
      case 'update':
        return update(marketplace, scope, { ...read(ONE, args), by });
      case 'uninstall':
        return uninstall(marketplace, scope, { ...read(ONE, args), by });
      default:
        throw new ClawError('sandbox-refused', `the service marketplace cannot ${JSON.stringify(method)}`);
    }
  };
}

interface Wish {
  readonly name: string;
  readonly registry?: string | undefined;
  readonly by: Doer;
}

async function search(marketplace: Marketplace, query: string, signal: AbortSignal): Promise<JsonValue> {
  const { found, remarks } = await marketplace.search(query, signal);
  return { packages: found.slice(0, MOST_SHOWN).map(shortJson), remarks: [...remarks] };
}

function shortJson({ entry, from, installed, revoked }: Found): JsonObject {
  const may = permissionWords(entry.permissions).join('; ') || 'only compute';
  const { name, version, description } = entry;
  const state = revoked === null ? {} : { revoked };
  return { name, version, description, may, registry: from.location, installed, ...state };
}

async function info(marketplace: Marketplace, name: string, signal: AbortSignal): Promise<JsonValue> {
  const { found } = await marketplace.search(name, signal);
  const named = found.filter(({ entry }) => entry.name === name);
  if (named.length > 0) return named.map((each) => ({ ...shortJson(each), author: each.entry.author }));
  throw new ClawError('not-found', `No registry has a package named ${JSON.stringify(name)}.`);
}

async function install(
  marketplace: Marketplace,
  scope: ServiceScope,
  { name, registry, by }: Wish,
): Promise<JsonValue> {
  if (isPlace(name)) throw new ClawError('sandbox-refused', 'in chat, packages come from configured registries only');
  const { plan } = await marketplace.plan({ what: name, registry, by, signal: scope.call.signal });
  await requireYes(scope, plan);
  const consent = { isYes: true, allowsNewPermissions: true, allowsLookAlike: true };
  await marketplace.install(plan, { ...consent, trust: plan.candidate.verified.keyId }, by);
  const { manifest } = plan.candidate.verified;
  return `${manifest.name} ${manifest.version} is installed and usable from the next message on.`;
}

async function update(marketplace: Marketplace, scope: ServiceScope, { name, by }: Wish): Promise<JsonValue> {
  const { offers } = await marketplace.updates(name, scope.call.signal);
  const [offer] = offers;
  if (offer === undefined || offer.kind !== 'newer') return `${name}: ${offer?.reason ?? 'it is not installed'}.`;
  const { entry, from } = offer.listed;
  return install(marketplace, scope, { name: `${entry.name}@${entry.version}`, registry: from.location, by });
}

async function uninstall(marketplace: Marketplace, scope: ServiceScope, { name, by }: Wish): Promise<JsonValue> {
  const found = (await marketplace.installed()).find((each) => each.name === name);
  if (found !== undefined) {
    const answer = await scope.ask({
      kind: 'tool',
      act: `uninstall the tool ${name} ${found.version}`,
      exact: { uninstall: name, version: found.version, key: found.key_id },
      pattern: `uninstall: ${name}`,
      reason: 'it takes a tool away from everybody in this home',
      detail: `The package ${name} ${found.version} from ${found.registry}.`,
    });
    if (!answer.isAllowed) throw new ClawError('permission-denied', `${name} was not uninstalled. ${answer.reason}`);
  }
  await marketplace.uninstall(name, by);
  return `${name} is uninstalled.`;
}

/** A package of the publisher of claw that may only compute needs no more than the admin's own wish, said with all their rights: any other, known or not, could be the wish of a text that a model read. */
async function requireYes(scope: ServiceScope, plan: InstallPlan): Promise<void> {
  const { manifest, keyId, sha256 } = plan.candidate.verified;
  const { name, version, permissions } = manifest;
  if (plan.trust === 'changed') {
    throw new ClawError(
      'sandbox-refused',
      `${name} is signed by another key than the one that was agreed to for this name before: ${keyId}. In chat that is not decided.`,
    );
  }
  const questions = questionsOf(plan).filter((question) => question !== 'install');
  const isLimited = scope.call.isLimited === true;
  if (!isLimited && plan.trust === 'publisher' && questions.length === 0 && wantsNothing(permissions)) return;
  const words = permissionWords(permissions);
  const may = words.length === 0 ? 'compute only' : words.join('; ');
  const reasons = [
    ...(words.length === 0 ? [] : [`it wants to ${words.join('; ')}`]),
    ...(plan.trust === 'new' ? [`its publisher ${keyId} is not known`] : []),
    ...(plan.trust === 'known' ? [`it is of the publisher ${keyId} and not of that of claw`] : []),
    ...(isLimited ? ['it was asked for with a key that is not good for this'] : []),
    ...(plan.alike === undefined ? [] : [`its name looks like ${plan.alike}`]),
  ];
  const answer = await scope.ask({
    kind: 'tool',
    act: `install the package ${name} ${version} of ${plan.candidate.registry}, which may then ${may}`,
    exact: { install: name, version, sha256, key: keyId, registry: plan.candidate.registry },
    pattern: `install: ${name}`,
    reason: reasons.join('; '),
    detail: packageDetail(plan),
  });
  if (!answer.isAllowed) throw new ClawError('permission-denied', `${name} was not installed. ${answer.reason}`);
}

function read<T>(schema: z.ZodType<T>, args: JsonObject): T {
  const { success, data, error } = schema.safeParse(args);
  if (success) return data;
  throw new ClawError('data-invalid', `the question does not fit: ${error.issues[0]?.message ?? ''}`);
}
