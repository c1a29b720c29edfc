/** Owns the marketplace of the API: looking is free of effects; installing says what it was agreed to in the request itself, for nobody can be asked. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { JsonObject } from '../../core/kernel/messages.ts';
import {
  foundJson,
  inspectedJson,
  installedJson,
  offerJson,
  packageJson,
  planJson,
  registryJson,
  verdictJson,
} from '../../core/marketplace/marketplace-json.ts';
import { isPlace } from '../../core/marketplace/open-package.ts';
import type { InstallPlan } from '../../core/marketplace/plan-install.ts';
import { SHA256 } from '../../core/marketplace/package-format.ts';
import { isWebAddress } from '../../core/marketplace/registry-source.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const nameParams = z.object({ name: z.string().regex(/^[a-z][a-z0-9_]{1,49}$/, 'is no name of a package') });
const permissions = z.looseObject({});

const found = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  author: z.string(),
  tags: z.array(z.string()),
  permissions,
  registry: z.string(),
  key_id: z.string(),
  sha256: z.string(),
  installed: z.string().nullable().describe('The version that is installed from there'),
  revoked: z.string().nullable().describe('Why it was taken back'),
});

const inspected = found.extend({
  state: z.string(),
  license: z.string().nullable(),
  published_at: z.string().nullable(),
  runtime: z.string().nullable(),
  problem: z.string().nullable().describe('Why it cannot be had'),
  source: z.string().nullable(),
});

const plan = z.looseObject({
  name: z.string(),
  version: z.string(),
  registry: z.string(),
  key_id: z.string(),
  sha256: z.string(),
  trust: z.enum(['publisher', 'known', 'new', 'changed']),
  may: z.array(z.string()),
  questions: z.array(z.string()).describe('What an install must agree to'),
  permissions,
  description: z.string(),
  author: z.string(),
  replaces: z.string().nullable().describe('The version that is installed'),
  permissions_added: z.array(z.string()),
  permissions_removed: z.array(z.string()),
  looks_like: z.string().nullable(),
  findings: z.array(z.object({ rule: z.string(), line: z.number(), message: z.string() })),
  trials: z.array(z.object({ input: z.json(), status: z.string(), result: z.string() })),
  to_model: z.string().nullable().describe('What it says of itself to the model'),
  source: z.string(),
  former_source: z.string().nullable().describe('Of the version that is installed'),
  former_permissions: permissions.nullable(),
});

const installed = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string().describe('SHA-256 of the source'),
  registry: z.string(),
  key_id: z.string(),
  permissions,
  replaces: z.string().nullable(),
  state: z.string(),
  file: z.string(),
});

const registry = z.looseObject({
  location: z.string(),
  name: z.string(),
  key_id: z.string(),
  sequence: z.number(),
  updated_at: z.string(),
  packages: z.int(),
  revoked: z.int(),
  remark: z.string().nullable(),
});

const offer = z.object({
  name: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  status: z.enum(['available', 'current', 'unavailable']),
  reason: z.string().nullable(),
});

const agreement = {
  yes: z.boolean().default(false).describe('Agree to what a dry run shows'),
  trust: z.string().optional().describe('Agree to the publisher with this key'),
  allow_new_permissions: z.boolean().default(false),
  allow_look_alike: z.boolean().default(false),
  sha256: SHA256.optional().describe('Agree to this package alone, as a dry run named it'),
};

const record = z.object({
  name: z.string(),
  version: z.string(),
  registry: z.string(),
  key_id: z.string(),
  installed_at: z.int().describe('Milliseconds UTC'),
});

export function marketplaceRoutes(deps: RouteDeps): readonly Route[] {
  return [...lookRoutes(deps), updateList(deps), ...installedRoutes(deps), ...installRoutes(deps)];
}

function lookRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/marketplace/search',
      action: 'marketplace.read',
      summary: 'List the packages of the registries, or those with every word of a text',
      query: z.object({ q: z.string().max(200).default('') }),
      result: z.object({ packages: z.array(found), remarks: z.array(z.string()) }),
      async handle({ query, signal }) {
        const result = await (await app.marketplace()).search(query.q, signal);
        return { packages: result.found.map(foundJson), remarks: [...result.remarks] };
      },
    }),
    route({
      method: 'GET',
      path: '/marketplace/packages/:name',
      action: 'marketplace.read',
      summary: 'Show a package of the registries with its source',
      params: nameParams,
      result: z.object({ packages: z.array(inspected), remarks: z.array(z.string()) }),
      async handle({ params, signal }) {
        const result = await (await app.marketplace()).inspect(params.name, signal);
        return { packages: result.found.map(inspectedJson), remarks: [...result.remarks] };
      },
    }),
    route({
      method: 'GET',
      path: '/marketplace/registries',
      // Locations may be folders of this machine.
      action: 'marketplace.manage',
      summary: 'List the registries that can be read, and what is wrong with others',
      result: z.object({ registries: z.array(registry), remarks: z.array(z.string()) }),
      async handle({ signal }) {
        const { loaded, remarks } = await (await app.marketplace()).registries(signal);
        return { registries: loaded.map(registryJson), remarks: [...remarks] };
      },
    }),
  ];
}

function updateList({ app }: RouteDeps): Route {
  return route({
    method: 'GET',
    path: '/marketplace/updates',
    action: 'marketplace.read',
    summary: 'Say of each installed package whether where it came from has something newer',
    result: z.object({ updates: z.array(offer), remarks: z.array(z.string()) }),
    async handle({ signal }) {
      const { offers, remarks } = await (await app.marketplace()).updates(undefined, signal);
      return { updates: offers.map(offerJson), remarks: [...remarks] };
    },
  });
}

function installedRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/marketplace/installed',
      action: 'marketplace.read',
      summary: 'List the packages that are installed',
      result: z.array(record),
      handle: async () => (await (await app.marketplace()).installed()).map(packageJson),
    }),
    route({
      method: 'GET',
      path: '/marketplace/verify',
      action: 'marketplace.read',
      summary: 'Say of each installed package whether it is as it was signed',
      query: z.object({ name: nameParams.shape.name.optional() }),
      result: z.array(
        z.object({
          name: z.string(),
          version: z.string(),
          status: z.enum(['ok', 'tampered', 'missing', 'revoked']),
          detail: z.string(),
          registry: z.string(),
          key_id: z.string(),
        }),
      ),
      handle: async ({ query, signal }) =>
        (await (await app.marketplace()).verify(query.name, signal)).map(verdictJson),
    }),
    route({
      method: 'POST',
      path: '/marketplace/uninstall',
      action: 'marketplace.manage',
      summary: 'Take an installed package away',
      body: z.strictObject({ name: nameParams.shape.name }),
      result: record,
      handle: async ({ actor, body }) =>
        packageJson(await (await app.marketplace()).uninstall(body.name, doerOf(actor))),
    }),
    route({
      method: 'POST',
      path: '/marketplace/registries/forget',
      action: 'marketplace.manage',
      summary: 'Learn the key of a registry anew',
      body: z.strictObject({ registry: z.string().min(1).max(2000) }),
      result: z.object({ forgotten: z.string() }),
      async handle({ actor, body }) {
        await (await app.marketplace()).forgetRegistry(body.registry, doerOf(actor));
        return { forgotten: body.registry };
      },
    }),
  ];
}

function installRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/marketplace/plan',
      action: 'marketplace.manage',
      summary: 'Check and try a package as an install would, and install nothing',
      body: z.strictObject({ package: z.string().min(1).max(2000), registry: z.string().max(2000).optional() }),
      result: plan,
      async handle({ actor, body, signal }) {
        refusePath(body.package);
        const wish = { what: body.package, registry: body.registry, by: doerOf(actor), signal };
        return wholePlan((await (await app.marketplace()).plan(wish)).plan);
      },
    }),
    route({
      method: 'POST',
      path: '/marketplace/install',
      action: 'marketplace.manage',
      summary: 'Install a package by name, name@version or https address',
      status: 201,
      body: z.strictObject({
        package: z.string().min(1).max(2000),
        registry: z.string().max(2000).optional(),
        ...agreement,
      }),
      result: installed,
      async handle({ actor, body, signal }) {
        refusePath(body.package);
        const marketplace = await app.marketplace();
        const by = doerOf(actor);
        const made = await marketplace.plan({ what: body.package, registry: body.registry, by, signal });
        return installedJson(made.plan, await marketplace.install(made.plan, consentOf(body), by));
      },
    }),
    route({
      method: 'POST',
      path: '/marketplace/update',
      action: 'marketplace.manage',
      summary: 'Update an installed package from where it came',
      body: z.strictObject({ name: nameParams.shape.name, ...agreement }),
      result: z.object({
        name: z.string(),
        from: z.string(),
        to: z.string().nullable(),
        status: z.enum(['updated', 'current', 'unavailable']),
        reason: z.string().nullable(),
      }),
      async handle({ actor, body, signal }) {
        const marketplace = await app.marketplace();
        const by = doerOf(actor);
        const [offer] = (await marketplace.updates(body.name, signal)).offers;
        if (offer === undefined) throw new ClawError('not-found', `No package named ${body.name} is installed.`);
        const told = offerJson(offer);
        if (offer.kind !== 'newer') return { ...told, status: offer.kind };
        const { entry, from } = offer.listed;
        const what = `${entry.name}@${entry.version}`;
        const made = await marketplace.plan({ what, registry: from.location, by, signal });
        await marketplace.install(made.plan, consentOf(body), by);
        return { ...told, status: 'updated' as const };
      },
    }),
  ];
}

/** The plan with the sources, for a surface that shows what changes. */
function wholePlan(made: InstallPlan) {
  const { candidate, former, examined } = made;
  return {
    ...planJson(made),
    to_model: examined.description?.description ?? null,
    source: candidate.verified.source,
    former_source: former?.source ?? null,
    former_permissions: former === undefined ? null : (JSON.parse(former.permissions) as JsonObject),
  };
}

function consentOf(body: z.infer<z.ZodObject<typeof agreement>>) {
  return {
    isYes: body.yes,
    trust: body.trust,
    allowsNewPermissions: body.allow_new_permissions,
    allowsLookAlike: body.allow_look_alike,
    sha256: body.sha256,
  };
}

/** Files of the server's machine are for its terminal. */
function refusePath(what: string): void {
  if (!isPlace(what) || isWebAddress(what)) return;
  throw new ClawError('usage-invalid', 'A file can be installed at the terminal only.', {
    hint: 'Name a package of a registry, or an https address.',
  });
}
