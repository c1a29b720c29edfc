/** Owns what the dashboard asks and does when a home is new: whether a model answers, which there are to choose from, and the choice. */
import { z } from 'zod';
import { firstModels, keepFirstChoice } from '../../core/wiring/first-steps.ts';
import { ClawError } from '../../core/kernel/errors.ts';
import { recordAct } from './record-act.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const choice = z.object({
  id: z.string(),
  service: z.string(),
  model: z.string().nullable().describe('The model of a server on this machine'),
  key: z.string().nullable().describe('Name of the secret that it needs'),
  has_key: z.boolean(),
});

export function firstStepsRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/first-steps',
      action: 'config.read',
      summary: 'What a new home still lacks: whether a real model answers, and what the assistant is called',
      result: z.object({
        model_ready: z.boolean(),
        model: z.string(),
        missing: z.string().nullable(),
        assistant_name: z.string(),
        time_zone: z.string(),
      }),
      handle: async () => {
        const { provider, id, missing } = await (await app.models()).current();
        const { settings } = app;
        return {
          model_ready: provider !== 'offline' && missing === undefined,
          model: `${provider}/${id}`,
          missing: missing ?? null,
          assistant_name: settings.get('ASSISTANT_NAME'),
          time_zone: settings.get('TIMEZONE') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/first-steps/models',
      action: 'config.read',
      summary: 'The models that may be chosen first: services that need a key, and servers found on this machine',
      result: z.array(choice),
      handle: async () => {
        const secrets = await app.secrets();
        return Promise.all(
          (await firstModels(app.settings.get('DASHBOARD_PORT'))).map(async ({ id, service, model, key }) => ({
            id,
            service,
            model: model ?? null,
            key: key ?? null,
            has_key: key !== undefined && (await secrets.resolve(key)) !== undefined,
          })),
        );
      },
    }),
    route({
      method: 'PUT',
      path: '/first-steps/model',
      action: 'config.change',
      summary: 'Let the chosen one answer',
      body: z.strictObject({ id: z.string().max(100) }),
      result: z.object({ id: z.string(), set: z.array(z.string()) }),
      handle: async ({ actor, body: { id } }) => {
        const chosen = (await firstModels(app.settings.get('DASHBOARD_PORT'))).find((each) => each.id === id);
        if (chosen === undefined) throw new ClawError('not-found', 'This model is not there any more.');
        const set = await keepFirstChoice(app.paths, chosen);
        await recordAct(app, actor, 'model.set', { target: chosen.service, detail: { set: set.join(', ') } });
        await app.reload();
        return { id, set: [...set] };
      },
    }),
  ];
}
