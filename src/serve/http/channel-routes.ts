/** Owns the chat platforms of the API: how they are, and whether they know us. */
import { z } from 'zod';
import { ClawError } from '../../core/kernel/errors.ts';
import { phrase } from '../../core/kernel/language/phrase.ts';
import { appChannels, channelContext } from '../app-channels.ts';
import { CHANNELS } from '../channels/registry.ts';
import { channelStatus } from '../server-status.ts';
import { testChannels } from '../test-channels.ts';
import { route, type Route, type RouteDeps } from './route.ts';

const channel = z.object({
  name: z.string(),
  state: z.string(),
  account: z.string().nullable(),
  detail: z.string().nullable(),
  retry_at: z.int().nullable().describe('Milliseconds UTC'),
  secrets: z
    .array(z.object({ name: z.string(), is_set: z.boolean(), stored: z.boolean().describe('In the store of secrets') }))
    .describe('What it needs; never a value'),
});

export function channelRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/channels',
      action: 'channel.read',
      summary: 'Which chat platforms are connected, and why the others are not',
      result: z.array(channel),
      handle: async () => {
        const stored = await (await app.secrets()).storedNames();
        const isSet = async (name: string) => stored.has(name) || (await hasSecret(app, name));
        return Promise.all(
          (await channelStatus(app)).map(async (report) => {
            const needs = CHANNELS.find(({ name }) => name === report.name)?.needs ?? [];
            const secrets = needs.map(async (name) => ({ name, is_set: await isSet(name), stored: stored.has(name) }));
            return { ...report, secrets: await Promise.all(secrets) };
          }),
        );
      },
    }),
    route({
      method: 'POST',
      path: '/channels/test',
      action: 'channel.read',
      summary: 'Ask the chat platforms who we are there; no message is read or sent',
      body: z.strictObject({ name: z.string().max(100).optional().describe('Absent: all that are configured') }),
      result: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          account: z.string().nullable(),
          latency_ms: z.number().nullable(),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
      handle: async ({ body: { name }, signal }) => {
        const plan = await appChannels(app, name === undefined ? undefined : [name]);
        if (name === undefined && !plan.some(({ starts, isWanted }) => starts || isWanted)) {
          throw new ClawError('conflict', phrase('noChannelYet'), {
            hint: 'Set the secret of one: PUT /api/v1/secrets/TELEGRAM_BOT_TOKEN',
          });
        }
        return testChannels(plan, channelContext(app, await app.log()), signal);
      },
    }),
  ];
}

/** A store that cannot be opened has nothing. */
async function hasSecret(app: RouteDeps['app'], name: string): Promise<boolean> {
  const found = await (await app.secrets()).resolve(name).catch(() => undefined);
  return found !== undefined && found.value !== '';
}
