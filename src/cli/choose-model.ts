/** Owns the choice of a model on the command line: for everybody in config.json, for one room, task or user in the store. */
import { requirePermission } from '../core/access/permissions.ts';
import { setConfigValue, unsetConfigValue } from '../core/config/config-file.ts';
import { describeOutranked } from '../core/config/prepare-change.ts';
import { modelChoiceJson } from '../core/conversations/model-choice-json.ts';
import type { App } from '../core/create-app.ts';
import { printErr } from './print.ts';
import { recordAct } from './record-act.ts';

const SETTINGS = ['LLM_PROVIDER', 'LLM_MODEL'] as const;

interface Flags {
  readonly room?: string | undefined;
  readonly task?: string | undefined;
  readonly user?: string | undefined;
  readonly by?: string | undefined;
}

interface Done {
  readonly json: unknown;
  readonly text: string;
}

/** Chooses `model`, or takes the choice back without one. */
export async function chooseModel(app: App, model: string | undefined, flags: Flags): Promise<Done> {
  const scope = (['task', 'room', 'user'] as const).find((name) => flags[name] !== undefined);
  if (scope === undefined) return chooseForAll(app, model, flags.by);
  const target = { scope, name: flags[scope] ?? '' };
  const choices = await app.modelChoices();
  const by = await app.actor(flags.by);
  if (model === undefined) {
    const wasThere = await choices.unset(by, target);
    const text = wasThere ? `No model is chosen for the ${scope} ${target.name} any more.` : 'None was chosen.';
    return { json: { scope, name: target.name, unset: wasThere }, text };
  }
  const choice = await choices.set(by, target, model);
  return { json: modelChoiceJson(choice), text: `${choice.models} answers now for the ${scope} ${choice.name}.` };
}

async function chooseForAll(app: App, model: string | undefined, by: string | undefined): Promise<Done> {
  const { config, models } = app;
  requirePermission(await app.actor(by), 'model.change');
  if (model === undefined) {
    for (const name of SETTINGS) await unsetConfigValue(config.paths, name);
    await recordAct(app, 'model.set', { target: 'default' }, by);
    return { json: { provider: null, model: null }, text: 'The first provider that is set up answers now.' };
  }
  const available = await models();
  const [first = '', ...next] = (await available.chain(model)).split(',');
  const { provider, id } = await available.choose(first);
  await setConfigValue(config.paths, 'LLM_PROVIDER', provider);
  await setConfigValue(config.paths, 'LLM_MODEL', id);
  if (next.length > 0) await setConfigValue(config.paths, 'FALLBACK_MODELS', next);
  await recordAct(app, 'model.set', { target: [first, ...next].join(',') }, by);
  config.reload();
  for (const name of next.length > 0 ? [...SETTINGS, 'FALLBACK_MODELS'] : SETTINGS) {
    const outranked = describeOutranked(config.unchecked(), name);
    if (outranked !== undefined) printErr(outranked);
  }
  const then = next.length === 0 ? '' : `, and when it fails ${next.join(', ')}`;
  return {
    json: { provider, model: id, ...(next.length === 0 ? {} : { next }) },
    text: `${provider}/${id} answers now${then}.`,
  };
}
