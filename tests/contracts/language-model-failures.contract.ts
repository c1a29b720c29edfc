/** How every adapter to a provider must fail: typed, after one request, within a second when it is cancelled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { DISCONNECT, HANG, PAUSE, plainReply, startModelServer } from '../fakes/llm/model-server.ts';
import { spoken } from '../fakes/llm/wire.ts';
import { collect, type ContractKit, endOf, failureOf, requestOf, serve, text } from './language-model-kit.ts';

export function languageModelFailuresContract(kit: ContractKit): void {
  const { wire, provider } = kit;

  describe(`when the provider of the ${provider} adapter fails`, () => {
    test.each([
      [400, 'invalid-request'],
      [401, 'auth'],
      [402, 'usage-limit'],
      [403, 'forbidden'],
      [404, 'invalid-request'],
      [413, 'invalid-request'],
      [429, 'rate-limited'],
      [500, 'server'],
      [502, 'server'],
      [503, 'overloaded'],
      [504, 'server'],
      [529, 'overloaded'],
    ])('HTTP %i is the failure %s, after one request', async (status, kind) => {
      const server = await serve(plainReply(status, wire.errorBody(status, 'Something is wrong.')));
      const { failure, events } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure).toMatchObject({ kind, status, provider });
      expect(events).toEqual([]);
      expect(server.requests).toHaveLength(1);
      expect(failure.message).toMatch(status === 401 ? /credential/ : /Something is wrong\./);
    });

    test.each([
      ['seconds', () => '7', [7000, 7000]],
      ['a date', () => new Date(Date.now() + 60_000).toUTCString(), [55_000, 60_000]],
      ['a date in the past', () => 'Wed, 21 Oct 2015 07:28:00 GMT', [0, 0]],
    ])('reads Retry-After as %s', async (_, value, [least, most]) => {
      const server = await serve(plainReply(429, wire.errorBody(429, 'Slow down.'), { 'retry-after': value() }));
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.retryAfterMs).toBeGreaterThanOrEqual(least ?? NaN);
      expect(failure.retryAfterMs).toBeLessThanOrEqual(most ?? NaN);
    });

    test('takes no Retry-After from nonsense', async () => {
      const server = await serve(plainReply(429, wire.errorBody(429, 'Slow down.'), { 'retry-after': 'soon' }));
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure).toMatchObject({ kind: 'rate-limited', retryAfterMs: undefined });
    });

    test('a web page as an error gives one short sentence', async () => {
      const page = `<!DOCTYPE html><html><body>${'<div>502 Bad Gateway</div>'.repeat(5000)}</body></html>`;
      const server = await serve(plainReply(502, page, { 'content-type': 'text/html' }));
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure).toMatchObject({ kind: 'server', status: 502 });
      expect(failure.message).toBe(`${provider} answered HTTP 502 with a web page instead of an API response.`);
    });

    test('a web page instead of a stream is no answer', async () => {
      const server = await serve(
        plainReply(200, '<html>Sign in</html>', { 'content-type': 'text/html; charset=utf-8' }),
      );
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.kind).toBe('invalid-request');
      expect(failure.message).toContain('base URL');
    });

    test('a redirect is not followed: the key stays with the address that was set', async () => {
      const elsewhere = await serve(spoken(wire, { text: ['stolen'] }));
      const server = await serve(plainReply(307, '', { location: `${elsewhere.url}/v1` }));
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.message).toContain('redirect');
      expect(elsewhere.requests).toEqual([]);
    });

    test('a server that is not there is a network failure that names the address', async () => {
      const server = await startModelServer([]);
      await server.close();
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.kind).toBe('network');
      expect(failure.message).toMatch(/127\.0\.0\.1:\d+ \(ECONNREFUSED\)/);
    });

    const start = wire.opening();

    test.each([
      ['a connection that breaks', [...start, DISCONNECT] as const],
      ['a stream that ends too early', start],
      ['an event that is no JSON', [...start, wire.malformedEvent(), ...start]],
    ])('%s is a broken stream, and what had come was shown', async (_, sent) => {
      const server = await serve({ pieces: sent });
      const { failure, events } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.kind).toBe('broken-stream');
      expect(events.filter(({ type }) => type === 'text-delta')).toEqual([{ type: 'text-delta', text: 'Hello' }]);
      expect(server.requests).toHaveLength(1);
    });

    test('an empty stream is a broken stream', async () => {
      const server = await serve({ pieces: [] });
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.kind).toBe('broken-stream');
    });

    test('an error event in the middle of a stream is typed by its code', async () => {
      const server = await serve({ pieces: [...start, wire.overloadedEvent()] });
      const { failure } = await failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')])));
      expect(failure.kind).toBe('overloaded');
      expect(failure.message).toContain('Overloaded');
    });

    test.each([
      ['before it answered', [HANG] as const],
      ['in the middle of its answer', [...start, HANG] as const],
    ])('cancelling %s ends the stream within a second', async (_, sent) => {
      const stop = new AbortController();
      const server = await serve({ pieces: sent });
      const failed = failureOf(kit.create(server.url).stream(requestOf([text('user', 'hi')], { signal: stop.signal })));
      await server.arrived(1);
      await sleep(50);
      const cancelled = performance.now();
      stop.abort(new Error('enough'));
      expect((await failed).failure.kind).toBe('cancelled');
      expect(performance.now() - cancelled).toBeLessThan(1000);
    });

    test('a request that is cancelled already is never sent', async () => {
      const server = await serve(spoken(wire, { text: ['hi'] }));
      const { failure } = await failureOf(
        kit.create(server.url).stream(requestOf([text('user', 'hi')], { signal: AbortSignal.abort() })),
      );
      expect(failure.kind).toBe('cancelled');
      expect(server.requests).toEqual([]);
    });

    test.each([
      ['before it answers', [HANG], 'timeout'],
      ['in the middle of its answer', [...start, HANG] as const, 'broken-stream'],
    ])('silence %s ends the call after the idle time-out', async (_, sent, kind) => {
      const server = await serve({ pieces: sent });
      const { failure } = await failureOf(
        kit.create(server.url, { idleMs: 150 }).stream(requestOf([text('user', 'hi')])),
      );
      expect(failure.kind).toBe(kind);
      expect(failure.message).toMatch(/sent nothing for/);
    });

    test('a slow answer is not silence: every byte begins the idle time-out anew', async () => {
      const pieces = wire.speak({ text: [...'abcdefghijkl'] }).flatMap((piece) => [piece, PAUSE]);
      const server = await serve({ pieces });
      const events = await collect(kit.create(server.url, { idleMs: 700 }).stream(requestOf([text('user', 'hi')])));
      expect(endOf(events).parts).toMatchObject([{ text: 'abcdefghijkl' }]);
    });

    test('a reader that stops reading closes the connection', async () => {
      const server = await serve({ pieces: [...start, HANG] });
      for await (const event of kit.create(server.url).stream(requestOf([text('user', 'hi')]))) {
        if (event.type === 'text-delta') break;
      }
      expect(server.requests).toHaveLength(1);
    });
  });
}
