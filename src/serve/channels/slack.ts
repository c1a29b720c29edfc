/** Owns the adapter to Slack: Socket Mode in, the Web API out. What is sent again, and when, is decided elsewhere. */
import { z } from 'zod';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Log } from '../../core/kernel/log.ts';
import type { Channel, ChannelContext, ChannelState, ChannelStatus } from './channel.ts';
import { createSlackApi, type SlackApi, SlackApiError, slackRoot, TOKEN_REFUSED } from './slack-api.ts';
import { type CatchUpDeps, catchUp } from './slack-catch-up.ts';
import { type ConnectionDeps, type ConnectionPauses, SlackConnection } from './slack-connection.ts';
import type { SlackSelf } from './slack-events.ts';
import { fetchSlackFile } from './slack-files.ts';
import { createIntake, type IntakeDeps, type SlackIntake } from './slack-intake.ts';
import { createLookups } from './slack-lookups.ts';
import { escapeSlack } from './slack-mrkdwn.ts';
import { editOnSlack, findOnSlack, sendToSlack } from './slack-send.ts';
import { connectSocket, type SocketTimings } from './slack-socket.ts';

/** All in milliseconds; for tests, which do not wait that long. */
export type SlackTimings = SocketTimings & ConnectionPauses & { readonly lookupMs: number };

const TIMINGS: SlackTimings = {
  deadlineMs: 15_000,
  pingEveryMs: 10_000,
  silenceMs: 35_000,
  firstMs: 1000,
  mostMs: 60_000,
  stableMs: 10_000,
  // Slack waits three seconds for an acknowledgement, and a name is looked up before it.
  lookupMs: 2000,
};

const WHO = z.looseObject({
  user_id: z.string(),
  user: z.string().default(''),
  team_id: z.string().default(''),
  bot_id: z.string().optional(),
});
const OPENED = z.looseObject({ url: z.string() });
const ANYTHING = z.looseObject({});

/** Makes the adapter; nothing is connected yet. Throws `auth-missing` without both tokens. */
export async function createSlackChannel(
  context: ChannelContext,
  changed: Partial<SlackTimings> = {},
): Promise<Channel> {
  const timings = { ...TIMINGS, ...changed };
  const botToken = await tokenOf(context, 'SLACK_BOT_TOKEN');
  const appToken = await tokenOf(context, 'SLACK_APP_TOKEN');
  const root = slackRoot(context.settings.get('SLACK_API_ROOT'));
  const api = createSlackApi(root, botToken, timings.deadlineMs);
  const quickApi = createSlackApi(root, botToken, timings.lookupMs);
  const state = createStatus(context.log);
  const closing = new AbortController();
  let connection: SlackConnection | undefined;

  const stop = async (): Promise<void> => {
    await connection?.stop();
    connection = undefined;
  };
  return {
    name: 'slack',
    async start(inbox) {
      state.set('connecting');
      const who = await whoAmI(api, closing.signal).catch((error: unknown) => {
        state.set('failed', toError(error).message);
        throw error;
      });
      state.account(who.name);
      // In texts it has the name that wakes it, whatever Slack calls the app.
      const self = { ...who, name: context.settings.get('ASSISTANT_NAME') };
      const events = { self, lookups: createLookups(quickApi, context.clock, closing.signal) };
      const whisper = whisperer(api, closing.signal);
      const intake = createIntake({ ...events, inbox, clock: context.clock, whisper });
      const open = (signal: AbortSignal): Promise<string> => openAddress(api, appToken, signal);
      const connect = connector({ context, timings, intake, open, catchUp: { api, events, inbox } });
      connection = new SlackConnection({ connect, onState: state.set, clock: context.clock, pauses: timings });
      await connection.start();
    },
    stopIntake: stop,
    async close() {
      closing.abort();
      await stop();
    },
    status: state.read,
    async test(signal) {
      const self = await whoAmI(api, signal);
      await openAddress(api, appToken, signal);
      return { account: self.name };
    },
    send: async (message, signal) => ({ externalId: await sendToSlack(api, message, signal) }),
    edit: async (chat, externalId, text, signal) => editOnSlack(api, chat, externalId, text, signal),
    findSent: async (message, signal) => findOnSlack(api, message, signal),
    fetchAttachment: async (attachment, maxBytes, signal) =>
      fetchSlackFile(api, botToken, attachment, maxBytes, signal),
  };
}

interface ConnectorDeps {
  readonly context: ChannelContext;
  readonly timings: SlackTimings;
  readonly intake: SlackIntake;
  readonly open: (signal: AbortSignal) => Promise<string>;
  readonly catchUp: Pick<CatchUpDeps, 'api' | 'events' | 'inbox'>;
}

/** Opens a connection; after a gap, what was said meanwhile comes before what is said now. */
function connector({ context, timings, intake, open, catchUp: read }: ConnectorDeps): ConnectionDeps['connect'] {
  return async (signal, isAfterGap) => {
    const { handle, inLine } = intake;
    const { clock, log } = context;
    const url = await open(signal);
    const connected = Promise.withResolvers<boolean>();
    if (isAfterGap) await catchUp({ ...read, context, inLine }, connected.promise, signal);
    try {
      const socket = await connectSocket(url, { handle, clock, log, timings }, signal);
      connected.resolve(true);
      return socket;
    } finally {
      connected.resolve(false);
    }
  };
}

function createStatus(log: Log) {
  let status: ChannelStatus = { state: 'stopped' };
  let account: string | undefined;
  return {
    read: () => status,
    account: (name: string): void => {
      account = name;
    },
    set: (state: ChannelState, detail?: string): void => {
      status = { state, ...(account === undefined ? {} : { account }), ...(detail === undefined ? {} : { detail }) };
      if (detail === undefined) log.debug({ channel: 'slack', state }, 'connection');
      else log.warn({ channel: 'slack', state, reason: detail }, 'connection');
    },
  };
}

/** Shows a short text to one person only; that it fails does not matter. */
function whisperer(api: SlackApi, signal: AbortSignal): IntakeDeps['whisper'] {
  return async (channel, user, text, thread) => {
    const args = { channel, user, text: escapeSlack(text), ...(thread === undefined ? {} : { thread_ts: thread }) };
    await api.call('chat.postEphemeral', args, ANYTHING, { signal }).catch(() => undefined);
  };
}

async function tokenOf(context: ChannelContext, name: 'SLACK_BOT_TOKEN' | 'SLACK_APP_TOKEN'): Promise<string> {
  const token = await context.secret(name);
  if (token !== undefined && token !== '') return token;
  throw new ClawError('auth-missing', `${name} is not set`, { hint: `claw secret set ${name}` });
}

async function whoAmI(api: SlackApi, signal: AbortSignal): Promise<SlackSelf> {
  const who = await api.call('auth.test', {}, WHO, { signal }).catch((error: unknown) => {
    throw asClawError(error, 'SLACK_BOT_TOKEN');
  });
  return { userId: who.user_id, botId: who.bot_id, name: who.user || who.user_id, teamId: who.team_id };
}

/** The address of a WebSocket; it holds a ticket, so it is as secret as the token. */
async function openAddress(api: SlackApi, appToken: string, signal: AbortSignal): Promise<string> {
  const { url } = await api
    .call('apps.connections.open', {}, OPENED, { signal, token: appToken })
    .catch((error: unknown) => {
      throw asClawError(error, 'SLACK_APP_TOKEN');
    });
  const scheme = url.slice(0, url.indexOf(':'));
  // Only a stand-in that is itself reached without TLS may hand out an address without it.
  if (scheme === 'wss' || (scheme === 'ws' && api.root.protocol === 'http:')) return url;
  throw new ClawError('upstream-failed', 'Slack handed out an address that is not a WebSocket with TLS');
}

function asClawError(error: unknown, token: string): ClawError {
  if (!(error instanceof SlackApiError)) {
    return new ClawError('internal-error', 'Slack could not be asked', { cause: error });
  }
  if (TOKEN_REFUSED.has(error.error) || error.error === 'missing_scope' || error.error === 'no_permission') {
    return new ClawError('auth-rejected', `Slack refused ${token} (${error.error})`, {
      hint: `Put the right token in place: claw secret set ${token}`,
      cause: error,
    });
  }
  return new ClawError('upstream-failed', error.message, {
    hint: 'It is tried again; see the address in SLACK_API_ROOT if this stays.',
    cause: error,
  });
}
