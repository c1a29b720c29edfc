/** Owns the adapter to Telegram: long polling in, the Bot API out. An update counts as taken only when it is stored; what is sent again, and when, is decided elsewhere. */
import type { Api } from 'grammy';
import type { Update } from 'grammy/types';
import type { ChannelInbox, IncomingAttachment } from '../../core/conversations/channel-messages.ts';
import { ClawError, toError } from '../../core/kernel/errors.ts';
import type { Channel, ChannelContext, ChannelStatus } from './channel.ts';
import { readLimited } from './read-limited.ts';
import { asClawError, callTelegram, createTelegramApi, TelegramError } from './telegram-api.ts';
import { chatOf, editOnTelegram, sendToTelegram } from './telegram-send.ts';
import type { TelegramSelf } from './telegram-text.ts';
import { readUpdate, type TelegramEvent } from './telegram-updates.ts';

/** All in milliseconds; for tests, which do not wait that long. */
export interface TelegramTimings {
  /** A request other than the poll. */
  readonly deadlineMs: number;
  /** How long the Bot API may hold a poll open. */
  readonly pollMs: number;
  /** After the first failure; doubled after each further one. */
  readonly firstPauseMs: number;
  readonly mostPauseMs: number;
  /** After a refused token: somebody has to put it right first. */
  readonly refusedPauseMs: number;
}

const TIMINGS: TelegramTimings = {
  deadlineMs: 15_000,
  pollMs: 30_000,
  firstPauseMs: 1_000,
  mostPauseMs: 60_000,
  refusedPauseMs: 5 * 60_000,
};

const UPDATES = ['message', 'edited_message', 'channel_post', 'edited_channel_post', 'callback_query'] as const;

const COMMANDS = [
  { command: 'start', description: 'Begin' },
  { command: 'help', description: 'What I can do' },
  { command: 'reset', description: 'Begin a new conversation' },
  { command: 'usage', description: 'What you have used' },
  { command: 'stop', description: 'Stop what I am doing' },
];

/** Makes the adapter; nothing is connected yet. Throws `auth-missing` without a token. */
export async function createTelegramChannel(
  context: ChannelContext,
  changed: Partial<TelegramTimings> = {},
): Promise<Channel> {
  const timings = { ...TIMINGS, ...changed };
  const token = await context.secret('TELEGRAM_BOT_TOKEN');
  if (token === undefined || token === '') {
    throw new ClawError('auth-missing', 'TELEGRAM_BOT_TOKEN is not set', {
      hint: 'claw secret set TELEGRAM_BOT_TOKEN',
    });
  }
  const root = context.settings.get('TELEGRAM_API_ROOT').replace(/\/+$/, '');
  const api = createTelegramApi(root, token);
  const sending = { api, deadlineMs: timings.deadlineMs };
  const polling = new Polling(context, api, timings);
  return {
    name: 'telegram',
    start: (inbox) => polling.start(inbox),
    stopIntake: () => polling.stop(),
    close: () => polling.stop(),
    status: () => polling.status,
    async test(signal) {
      const { username } = await whoAmI(api, timings, signal);
      return { account: `@${username}` };
    },
    send: async (message, signal) => ({ externalId: await sendToTelegram(sending, message, signal) }),
    edit: (chat, externalId, text, signal) => editOnTelegram(sending, { chat, externalId }, text, signal),
    async typing(chat, thread) {
      const other = thread === undefined ? {} : { message_thread_id: Number(thread) };
      await callTelegram(timings.deadlineMs, undefined, (until) =>
        api.sendChatAction(chatOf(chat), 'typing', other, until),
      );
    },
    async fetchAttachment({ ref }: IncomingAttachment, maxBytes, signal) {
      const file = await callTelegram(timings.deadlineMs, signal, (until) => api.getFile(ref, until));
      if ((file.file_size ?? 0) > maxBytes || file.file_path === undefined)
        throw new ClawError('limit-reached', `it is over ${maxBytes} bytes`);
      return readLimited(`${root}/file/bot${token}/${file.file_path}`, { maxBytes, signal });
    },
  };
}

async function whoAmI(api: Api, { deadlineMs }: TelegramTimings, signal?: AbortSignal): Promise<TelegramSelf> {
  try {
    const { id, username } = await callTelegram(deadlineMs, signal, (until) => api.getMe(until));
    return { id, username };
  } catch (error) {
    throw asClawError(error);
  }
}

/** The loop that asks for updates, one batch after the other. */
class Polling {
  readonly #context: ChannelContext;
  readonly #api: Api;
  readonly #timings: TelegramTimings;
  #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #offset = 0;
  status: ChannelStatus = { state: 'stopped' };

  constructor(context: ChannelContext, api: Api, timings: TelegramTimings) {
    this.#context = context;
    this.#api = api;
    this.#timings = timings;
  }

  async start(inbox: ChannelInbox): Promise<void> {
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    this.#set({ state: 'connecting' });
    try {
      const self = await whoAmI(this.#api, this.#timings, signal);
      this.#set({ state: 'connected', account: `@${self.username}` });
      await this.#announce(signal);
      this.#loop = this.#run(inbox, self, signal);
    } catch (error) {
      this.#set({ state: 'failed', detail: toError(error).message });
      throw error;
    }
  }

  /** Resolves when what was taken in is stored. */
  async stop(): Promise<void> {
    this.#stopping.abort(new ClawError('cancelled', 'stopped'));
    await this.#loop;
    this.#set({ ...this.status, state: 'stopped' });
  }

  /** The menu of commands, and no webhook, which would keep every update to itself; that this fails does not matter. */
  async #announce(signal: AbortSignal): Promise<void> {
    const { deadlineMs } = this.#timings;
    const call = async (work: (until: never) => Promise<unknown>): Promise<void> => {
      await callTelegram(deadlineMs, signal, work).catch((error: unknown) =>
        this.#context.log.debug({ channel: 'telegram', error: toError(error).message }, 'not announced'),
      );
    };
    await call((until) => this.#api.deleteWebhook({}, until));
    await call((until) => this.#api.setMyCommands(COMMANDS, {}, until));
  }

  async #run(inbox: ChannelInbox, self: TelegramSelf, signal: AbortSignal): Promise<void> {
    const { clock } = this.#context;
    const account = `@${self.username}`;
    let failures = 0;
    while (!signal.aborted) {
      try {
        for (const update of await this.#poll(signal, failures > 0)) {
          await this.#take(update, inbox, self, signal);
          this.#offset = update.update_id + 1;
        }
        failures = 0;
        if (this.status.state !== 'connected') this.#set({ state: 'connected', account });
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        this.#set({ ...this.#afterFailure(error), account });
        await clock.sleep(this.#pause(failures, error), signal).catch(() => {});
      }
    }
  }

  /** Asking with an offset confirms everything before it, so it moves on only over what is stored. After a failure the answer comes at once, to know that the connection is back. */
  #poll(signal: AbortSignal, isAfterFailure: boolean): Promise<Update[]> {
    const { pollMs, deadlineMs } = this.#timings;
    const timeout = isAfterFailure ? 0 : Math.round(pollMs / 1000);
    const question = { offset: this.#offset, timeout, allowed_updates: UPDATES };
    return callTelegram(pollMs + deadlineMs, signal, (until) => this.#api.getUpdates(question, until));
  }

  async #take(update: Update, inbox: ChannelInbox, self: TelegramSelf, signal: AbortSignal): Promise<void> {
    const event = this.#read(update, self);
    if (event?.kind === 'message') await inbox.message(event.message);
    else if (event?.kind === 'edited') await inbox.edited({ channel: 'telegram', ...event });
    else if (event?.kind === 'moved') await inbox.moved({ channel: 'telegram', ...event });
    else if (event?.kind === 'pressed') {
      const text = await inbox.pressed(event.press);
      const answer = text === '' ? {} : { text: text.slice(0, 200) };
      await callTelegram(this.#timings.deadlineMs, signal, (until) =>
        this.#api.answerCallbackQuery(event.queryId, answer, until),
      ).catch(() => {});
    }
  }

  /** An update of a form that is not known is left out: asked for again it would hold up everything after it. */
  #read(update: Update, self: TelegramSelf): TelegramEvent | undefined {
    try {
      return readUpdate(update, self, this.#context.settings.get('ASSISTANT_NAME'));
    } catch (error) {
      const fields = { channel: 'telegram', update: update.update_id, error: toError(error).message };
      this.#context.log.error(fields, 'an update could not be read and was left out');
      return undefined;
    }
  }

  #afterFailure(error: unknown): ChannelStatus {
    const failure = error instanceof TelegramError ? asClawError(error) : toError(error);
    const isRefused = failure instanceof ClawError && failure.code === 'auth-rejected';
    return { state: isRefused ? 'failed' : 'connecting', detail: failure.message };
  }

  #pause(failures: number, error: unknown): number {
    const { firstPauseMs, mostPauseMs, refusedPauseMs } = this.#timings;
    const { status = 0, retryAfterMs = 0 } = error instanceof TelegramError ? error : {};
    if (status === 401 || status === 404) return refusedPauseMs;
    return Math.max(retryAfterMs, Math.min(mostPauseMs, firstPauseMs * 2 ** (failures - 1)));
  }

  #set(status: ChannelStatus): void {
    const { log } = this.#context;
    if (status.state !== this.status.state || status.detail !== this.status.detail) {
      const fields = { channel: 'telegram', state: status.state, reason: status.detail };
      if (status.detail === undefined) log.debug(fields, 'connection');
      else log.warn(fields, 'connection');
    }
    this.status = status;
  }
}
