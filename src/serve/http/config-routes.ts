/** Owns the settings of the API: what is in force and from where, and changing config.json. Secrets are never shown and never taken here. */
import { z } from 'zod';
import type { Actor } from '../../core/access/actor.ts';
import { requireWhole } from '../../core/access/permissions.ts';
import { listConfigVersions, setConfigValue, undoConfig, unsetConfigValue } from '../../core/config/config-file.ts';
import { describeSetting, describeSettings } from '../../core/config/describe-settings.ts';
import { describeOutranked, prepareChange, requireSetting, settingNamed } from '../../core/config/prepare-change.ts';
import { settingOf } from '../../core/config/settings-table.ts';
import { configJsonSchema } from '../../core/config/zod-schema.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import type { AuditRow } from '../../core/store/audit-table.ts';
import { recordAct } from './record-act.ts';
import { route, type Route, type RouteDeps } from './route.ts';
import { instant } from './wire-schemas.ts';

const nameParams = z.object({ name: z.string().regex(/^[\w.-]{1,100}$/, 'is no name of a setting') });

const setting = z.object({
  name: z.string(),
  value: z.unknown(),
  source: z.string(),
  place: z.string().nullable(),
  default: z.unknown(),
  description: z.string(),
  secret: z.boolean(),
  type: z.string(),
  group: z.string(),
  error: z.string().optional(),
});

const version = z.object({
  version: z.int(),
  saved_at: instant,
  changed: z.array(z.string()),
  changes: z
    .array(z.object({ name: z.string(), from: z.unknown().optional(), to: z.unknown().optional() }))
    .describe('Values before and after; absent where there was none, and those of secrets'),
  by: z.string().nullable().describe('Whoever changed it; null when it was no act of claw'),
});

/** Acts that are looked at to tell who made a version: there are ten versions. */
const MOST_ACTS = 200;
/** A change is recorded right after it was made, in milliseconds. */
const RECORDED_WITHIN_MS = 10_000;

/** The act that replaced a version: the first one recorded after it that names what changed. */
function actOf(acts: readonly AuditRow[], savedAt: number, changed: readonly string[]): AuditRow | undefined {
  return acts.findLast(
    ({ at, target, action }) =>
      // A file system may round the instant up.
      at >= savedAt - 5 &&
      at < savedAt + RECORDED_WITHIN_MS &&
      (action === 'config.undo' || changed.includes(target ?? '')),
  );
}

export function configRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...stateRoutes(deps), ...changeRoutes(deps)];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  const stored = async (): Promise<ReadonlySet<string>> => (await app.secrets()).storedNames();
  return [
    route({
      method: 'GET',
      path: '/config',
      action: 'config.read',
      summary: 'The settings in force and where each comes from; secrets are hidden',
      result: z.array(setting),
      handle: async () => [...describeSettings(app.config.fresh(), await stored())],
    }),
    route({
      method: 'GET',
      path: '/config/settings/:name',
      action: 'config.read',
      summary: 'One setting; a secret is hidden',
      params: nameParams,
      result: setting,
      handle: async ({ params }) => describeSetting(app.config.fresh(), requireSetting(params.name), await stored()),
    }),
  ];
}

function stateRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/config/schema',
      action: 'config.read',
      summary: 'The JSON Schema of config.json',
      result: z.looseObject({}),
      handle: () => configJsonSchema() as Record<string, unknown>,
    }),
    route({
      method: 'GET',
      path: '/config/history',
      action: 'config.read',
      summary: 'The earlier versions of config.json, newest first',
      result: z.array(version),
      handle: async () => {
        const versions = await listConfigVersions(app.paths);
        const acts = await (await app.store()).audit.list({ action: 'config.*' }, MOST_ACTS);
        return versions.map(({ version: number, savedAt, changed, changes }) => ({
          version: number,
          saved_at: new Date(savedAt).toISOString(),
          changed: [...changed],
          changes: [...changes],
          by: actOf(acts, savedAt, changed)?.username ?? null,
        }));
      },
    }),
    route({
      method: 'GET',
      path: '/config/problems',
      action: 'config.read',
      summary: 'What is wrong with the settings as their files stand now',
      result: z.object({
        valid: z.boolean(),
        problems: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() })),
        remarks: z.array(z.string()),
      }),
      handle: () => {
        const { problems, remarks } = app.config.fresh();
        return {
          valid: problems.length === 0,
          problems: problems.map(({ code, message, hint = null }) => ({ code, message, hint })),
          remarks: [...remarks],
        };
      },
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/config/settings/:name',
      action: 'config.change',
      summary: 'Change a setting in config.json; a secret is refused',
      params: nameParams,
      body: z.strictObject({ value: z.union([z.string().max(10_000), z.number(), z.boolean()]) }),
      result: z.object({ name: z.string(), value: z.unknown(), remark: z.string().nullable() }),
      handle: async ({ actor, params, body }) => {
        const { name, value, isUnknown } = prepareChange(params.name, String(body.value));
        refuseProgram(name);
        refuseDoor(actor, name);
        await setConfigValue(app.paths, name, value);
        await recordAct(app, actor, 'config.set', { target: name, detail: { value: JSON.stringify(value) } });
        await app.reload();
        const unknown = `${name} is no setting of this version: it is kept, and has no effect.`;
        return { name, value, remark: isUnknown ? unknown : (describeOutranked(app.config.fresh(), name) ?? null) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/config/settings/:name',
      action: 'config.change',
      summary: 'Take a setting out of config.json, so that its default holds',
      params: nameParams,
      result: z.object({ name: z.string(), changed: z.boolean() }),
      handle: async ({ actor, params }) => {
        const name = settingNamed(params.name) ?? params.name;
        refuseDoor(actor, name);
        const changed = await unsetConfigValue(app.paths, name);
        if (changed) await recordAct(app, actor, 'config.unset', { target: name });
        await app.reload();
        return { name, changed };
      },
    }),
    route({
      method: 'POST',
      path: '/config/undo',
      action: 'config.change',
      summary: 'Take back the last change of config.json, or go back to an earlier version',
      body: z.strictObject({ version: z.int().min(1).optional() }),
      result: z.object({ version: z.int(), changed: z.array(z.string()) }),
      handle: async ({ actor, body }) => {
        // What an earlier version says of doors is not looked at.
        requireWhole(actor);
        const { version, changed } = await undoConfig(app.paths, body.version);
        const detail = { changed: [...changed] };
        await recordAct(app, actor, 'config.undo', { target: `version ${version}`, detail });
        await app.reload();
        return { version, changed: [...changed] };
      },
    }),
  ];
}

/** Who may come in is not for a credential that is good for some things only: it would be let in for more. */
function refuseDoor(actor: Actor, asked: string): void {
  const name = settingNamed(asked);
  if (name !== undefined && settingOf(name).sensitive === true) requireWhole(actor);
}

/** What runs on the server's machine is for its terminal. */
function refuseProgram(asked: string): void {
  const name = settingNamed(asked);
  if (name === undefined || settingOf(name).startsProgram !== true) return;
  throw new ClawError('permission-denied', `${name} names a program to start; it is set at the terminal only.`, {
    hint: `claw config set ${name} COMMAND`,
  });
}
