/** Owns the models of the API: which there are, which one answers, and whether they do. */
import { z } from 'zod';
import { setConfigValue } from '../../core/config/config-file.ts';
import { modelChoiceJson } from '../../core/conversations/model-choice-json.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import { modelRow, modelTrialJson } from '../../core/llm/model-json.ts';
import { testModel } from '../../core/llm/test-model.ts';
import { recordAct } from './record-act.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const price = z.number().nullable();

const model = z.object({
  id: z.string(),
  provider: z.string(),
  context: z.int().nullable(),
  max_output: z.int().nullable(),
  input_usd_per_mtok: price,
  output_usd_per_mtok: price,
  cached_input_usd_per_mtok: price,
  long_prompt: z.looseObject({}).nullable(),
  priced_on: z.string().nullable(),
  configured: z.boolean(),
  missing: z.string().nullable(),
  current: z.boolean(),
  chain: z.int().nullable().describe('Its place in the chain that answers when no model is named, from 1'),
  local: z.boolean().describe('A server on this machine: costs nothing unless models.json says otherwise'),
  breaker: z.enum(['closed', 'half-open', 'open']),
});

const scope = z.enum(['user', 'room', 'task']);

const choice = z.object({ scope, subject: z.string(), name: z.string(), models: z.array(z.string()) });

const trial = z.object({
  provider: z.string(),
  model: z.string(),
  ok: z.boolean(),
  latency_ms: z.number(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  error: z.string().nullable(),
});

export function modelRoutes(deps: RouteDeps): readonly Route[] {
  return [...readRoutes(deps), ...changeRoutes(deps), ...choiceRoutes(deps)];
}

function readRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/models',
      action: 'model.read',
      summary: 'List models with their context and prices in US dollars per million tokens',
      query: z.object({ provider: z.string().max(100).optional(), configured: z.stringbool().default(false) }),
      result: z.array(model),
      handle: async ({ query }) => {
        const rows = (await (await app.models()).list()).map(modelRow);
        return rows.filter(
          ({ provider, configured }) =>
            (query.provider === undefined || provider === query.provider) && (!query.configured || configured),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/models/current',
      action: 'model.read',
      summary: 'The model that answers when none is named',
      result: model,
      handle: async () => modelRow(await (await app.models()).current()),
    }),
  ];
}

function changeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'PUT',
      path: '/models/current',
      action: 'model.change',
      summary: 'Choose the model that answers; a provider alone takes its default model',
      body: z.strictObject({ model: z.string().min(1).max(200).describe('provider/model') }),
      result: z.object({ provider: z.string(), model: z.string() }),
      handle: async ({ actor, body }) => {
        const { provider, id } = await (await app.models()).choose(body.model);
        await setConfigValue(app.paths, 'LLM_PROVIDER', provider);
        await setConfigValue(app.paths, 'LLM_MODEL', id);
        await recordAct(app, actor, 'model.set', { target: `${provider}/${id}` });
        await app.reload();
        return { provider, model: id };
      },
    }),
    route({
      method: 'POST',
      path: '/models/test',
      action: 'model.change',
      summary: 'Send one tiny request to each provider that is set up',
      result: z.array(trial),
      handle: async ({ signal }) => {
        const models = await (await app.models()).testable();
        if (models.length === 0) {
          throw new ClawError('conflict', phrase('noProviderYet'), { hint: 'claw secret set ANTHROPIC_API_KEY' });
        }
        const trials = await Promise.all(models.map((each) => testModel(each, app.clock, signal)));
        return trials.map(modelTrialJson);
      },
    }),
  ];
}

function choiceRoutes({ app }: RouteDeps): readonly Route[] {
  const name = z.string().min(1).max(200).describe('Name of the user, folder or chat of the room, id of the task');
  return [
    route({
      method: 'GET',
      path: '/models/choices',
      action: 'model.read',
      summary: 'The models chosen for rooms, tasks and users; those of others for admins only',
      result: z.array(choice),
      handle: async ({ actor }) => (await (await app.modelChoices()).list(actor)).map(modelChoiceJson),
    }),
    route({
      method: 'PUT',
      path: '/models/choices/:scope/:name',
      action: 'self.change',
      summary: 'Choose the model for yourself or a task of yours; admins for anybody and any room',
      params: z.object({ scope, name }),
      body: z.strictObject({
        model: z.string().min(1).max(1000).describe('provider/model; several with commas are tried in that order'),
      }),
      result: choice,
      handle: async ({ actor, params, body }) =>
        modelChoiceJson(await (await app.modelChoices()).set(actor, params, body.model)),
    }),
    route({
      method: 'DELETE',
      path: '/models/choices/:scope/:name',
      action: 'self.change',
      summary: 'Take back a chosen model',
      params: z.object({ scope, name }),
      result: z.object({ unset: z.boolean() }),
      handle: async ({ actor, params }) => ({ unset: await (await app.modelChoices()).unset(actor, params) }),
    }),
  ];
}
