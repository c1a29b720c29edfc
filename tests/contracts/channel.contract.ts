/** Owns what every adapter to a chat platform promises, beyond what is special to one; run against a stand-in of the platform. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import {
  type ChatId,
  DeliveryError,
  type IncomingMessage,
  type OutgoingMessage,
} from '../../src/core/conversations/channel-messages.ts';
import { newId } from '../../src/core/kernel/ids.ts';
import type { Channel } from '../../src/serve/channels/channel.ts';

/** How the next try to send fails: told to wait 7 s, a failure of the platform, never to be sent, or taken with its answer lost. */
export type SendFault = 'limited' | 'down' | 'refused' | 'taken';

export interface ChannelWorld {
  readonly channel: Channel;
  /** What the adapter handed in; `before` is awaited before anything is kept, and may fail. */
  readonly inbox: Parameters<Channel['start']>[0] & {
    readonly messages: readonly IncomingMessage[];
    before: () => Promise<void>;
  };
  /** A chat of one person with the assistant. */
  readonly chat: ChatId;
  /** That person, whose name is Ada, writes there. */
  readonly say: (words: string) => void;
  /** What the assistant shows there, oldest first. */
  readonly shown: () => readonly string[];
  /** Whether one of those pinged anybody. */
  readonly pings: () => boolean;
  readonly fail: (fault: SendFault) => void;
  /** The platform is gone. */
  readonly close: () => Promise<void>;
}

export interface ChannelKit {
  readonly name: string;
  /** An adapter that is not started. With a wrong token it holds the word `wrong-token`. */
  readonly open: (options?: { readonly hasWrongToken?: boolean }) => Promise<ChannelWorld>;
}

const never = new AbortController().signal;
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5000, interval: 5 });

export function channelContract({ name, open }: ChannelKit): void {
  const started = async (): Promise<ChannelWorld> => {
    const world = await open();
    await world.channel.start(world.inbox);
    return world;
  };
  const messageTo = (world: ChannelWorld, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    id: newId(),
    chat: world.chat,
    text: 'hello',
    attempt: 1,
    ...more,
  });
  const failureOf = async (world: ChannelWorld, message = messageTo(world)): Promise<DeliveryError> => {
    const error: unknown = await world.channel.send(message, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryError);
    return error as DeliveryError;
  };

  describe(`the channel ${name}`, () => {
    it('is stopped, then connected under its account, then stopped', async () => {
      const world = await open();
      expect(world.channel.status().state).toBe('stopped');
      await world.channel.start(world.inbox);
      expect(world.channel.status()).toMatchObject({ state: 'connected', account: expect.stringMatching(/./) });
      expect(await world.channel.test(never)).toEqual({ account: world.channel.status().account });
      await world.channel.close();
      await world.channel.close();
      expect(world.channel.status().state).toBe('stopped');
    });

    it('hands in messages with who, where and what, in order, each under an id of its own', async () => {
      const world = await started();
      world.say('one');
      world.say('two <b>&');
      await eventually(() => expect(world.inbox.messages).toHaveLength(2));
      const [one, two] = world.inbox.messages;
      expect(one).toMatchObject({ channel: name, chat: world.chat, isDirect: true, text: 'one', attachments: [] });
      expect(one?.sender).toMatchObject({ name: 'Ada', isBot: false, isSelf: false });
      expect(two?.text).toBe('two <b>&');
      expect(two?.externalId).not.toBe(one?.externalId);
    });

    it('hands in again what could not be stored', async () => {
      const world = await started();
      let failures = 2;
      world.inbox.before = async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('the disk is full');
      };
      world.say('one');
      await eventually(() => expect(world.inbox.messages.map(({ text }) => text)).toEqual(['one']));
    });

    it('stops taking in when what it took is stored, and still sends', async () => {
      const world = await started();
      const stored = Promise.withResolvers<void>();
      const asked = Promise.withResolvers<void>();
      world.inbox.before = () => {
        asked.resolve();
        return stored.promise;
      };
      world.say('one');
      await asked.promise;
      let isStopped = false;
      const stopping = world.channel.stopIntake().then(() => {
        isStopped = true;
      });
      await world.channel.send(messageTo(world), never);
      expect([isStopped, world.shown()]).toEqual([false, ['hello']]);
      stored.resolve();
      await stopping;
      expect(world.inbox.messages.map(({ text }) => text)).toEqual(['one']);
    });

    it('shows a message once, under the id it returns, and replaces its text as often as asked', async () => {
      const world = await open();
      const { externalId } = await world.channel.send(messageTo(world), never);
      expect(externalId).not.toBe('');
      expect(world.shown()).toEqual(['hello']);
      await world.channel.edit?.(world.chat, externalId, 'better', never);
      await world.channel.edit?.(world.chat, externalId, 'better', never);
      expect(world.shown()).toEqual([world.channel.edit === undefined ? 'hello' : 'better']);
    });

    it('A10: pings nobody with @everyone', async () => {
      const world = await open();
      await world.channel.send(messageTo(world, { text: 'hi @everyone and @here, <!channel>' }), never);
      expect(world.shown()).toHaveLength(1);
      expect(world.pings()).toBe(false);
    });

    it.each([
      ['limited', 'not-sent', 7000, 0],
      ['down', 'not-sent', undefined, 0],
      ['refused', 'rejected', undefined, 0],
      ['taken', 'unknown', undefined, 1],
    ] as const)('tells what is known of a try that was %s', async (fault, kind, retryAfterMs, visible) => {
      const world = await open();
      world.fail(fault);
      expect(await failureOf(world)).toMatchObject({ kind, retryAfterMs });
      expect(world.shown()).toHaveLength(visible);
    });

    it('knows that nothing was sent where nobody listens, or when it was called off before', async () => {
      const world = await open();
      const early = world.channel.send(messageTo(world), AbortSignal.abort(new Error('called off')));
      await expect(early).rejects.toMatchObject({ kind: 'not-sent' });
      expect(world.shown()).toEqual([]);
      await world.close();
      expect((await failureOf(world)).kind).toBe('not-sent');
    });

    it('A14: finds, or does not double, a message that was taken with its answer lost', async () => {
      const world = await open();
      const { channel } = world;
      const message = messageTo(world);
      world.fail('taken');
      await failureOf(world, message);
      const found = await channel.findSent?.(message, never);
      // What delivery does: what is not found goes out again where the platform takes its id.
      if (found === undefined && channel.takesNonce === true) await channel.send({ ...message, attempt: 2 }, never);
      else if (channel.findSent !== undefined) expect(found).toEqual(expect.any(String));
      expect(await channel.findSent?.(messageTo(world, { text: 'never sent' }), never)).toBeUndefined();
      expect(world.shown()).toHaveLength(1);
    });

    it('says that a token is refused, and never what it is', async () => {
      const world = await open({ hasWrongToken: true });
      for (const work of [world.channel.start(world.inbox), world.channel.test(never)]) {
        const error: unknown = await work.catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'auth-rejected' });
        expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('wrong-token');
      }
      expect(world.channel.status().state).toBe('failed');
      expect(JSON.stringify(world.channel.status())).not.toContain('wrong-token');
    });

    it('rejects a message to a chat of another platform', async () => {
      const world = await open();
      expect((await failureOf(world, messageTo(world, { chat: `other:${randomUUID()}` }))).kind).toBe('rejected');
    });
  });
}
