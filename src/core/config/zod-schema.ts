/** Owns the zod schema of config.json, made from the table of settings, and its JSON Schema for editors. Loaded only where it is needed: zod takes longer to load than all settings to read. */
import { z } from 'zod';
import type { Setting } from './setting.ts';
import { SETTING_NAMES, settingOf } from './settings-table.ts';

/** The plain form of config.json: every setting under its own name and JSON type. Unknown members pass, secrets do not. The reader (read-value.ts) takes other spellings besides. */
export function configSchema(): z.ZodType<Record<string, unknown>> {
  const members = SETTING_NAMES.map((name) => [name, memberSchema(settingOf(name))] as const);
  return z.looseObject(Object.fromEntries(members)).meta({
    title: 'Settings of claw',
    description: 'config.json in the home of claw. Secrets do not belong here: see "claw secret set".',
  });
}

/** The JSON Schema (draft 2020-12) of config.json. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema(), { io: 'input' });
}

function memberSchema(setting: Setting): z.ZodType {
  const { description } = setting;
  if (setting.secret === true)
    return z
      .never()
      .optional()
      .meta({ description: `${description} A secret: not kept here.` });
  const schema = valueSchema(setting).optional();
  return schema.meta(setting.default === undefined ? { description } : { description, default: setting.default });
}

function valueSchema(setting: Setting): z.ZodType {
  switch (setting.kind) {
    case 'integer':
      return z.int().min(setting.min).max(setting.max);
    case 'number':
      return z.number().min(setting.min).max(setting.max);
    case 'boolean':
      return z.boolean();
    case 'list':
      return z.array(z.string());
    case 'choice':
      return z.enum(setting.choices);
    case 'url':
      return z.url({ protocol: /^https?$/ });
    case 'text':
      return setting.minLength === undefined ? z.string() : z.string().min(setting.minLength);
    case 'path':
    case 'regex':
    case 'zone':
      return z.string();
  }
}
