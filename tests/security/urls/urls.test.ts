import { describe, expect, it } from 'vitest';
import { canonicalAddress, refuseAddress } from '../../../src/core/net/check-address.ts';
import { decideUrl, decideUrlText } from '../../../src/core/net/decide-url.ts';
import { BLOCKED_PORTS } from '../../../src/core/net/special-ranges.ts';
import { resolveByTable } from '../../../src/core/net/resolve.ts';
import {
  CLOSED_IPV4,
  CLOSED_IPV6,
  CLOSED_URLS,
  OPEN_IPV4,
  OPEN_IPV6,
  OPEN_URLS,
  PUBLIC,
  spellings,
} from './fixtures/vectors.ts';

const everythingPublic = resolveByTable(new Map([['*', [PUBLIC]]]));

async function decisions(urls: readonly string[], resolve = everythingPublic): Promise<[string, string][]> {
  return Promise.all(
    urls.map(async (url): Promise<[string, string]> => [url, (await decideUrl(url, resolve)).decision]),
  );
}

describe('the URL wall', () => {
  it(`refuses ${CLOSED_IPV4.length} closed IPv4 addresses in every spelling`, async () => {
    const urls = CLOSED_IPV4.flatMap(spellings).flatMap((host) => [`http://${host}/`, `https://${host}:8443/x?y#z`]);
    expect(urls.length).toBeGreaterThan(3_000);
    expect((await decisions(urls)).filter(([, decision]) => decision !== 'deny')).toEqual([]);
  });

  it('refuses closed IPv6 addresses, upper and lower case', async () => {
    const urls = CLOSED_IPV6.flatMap((host) => [`http://[${host}]/`, `https://[${host.toUpperCase()}]:8443/`]);
    expect((await decisions(urls)).filter(([, decision]) => decision !== 'deny')).toEqual([]);
  });

  it('lets the neighbours of closed blocks pass', async () => {
    const urls = [...OPEN_IPV4.map((host) => `http://${host}/`), ...OPEN_IPV6.map((host) => `http://[${host}]/`)];
    expect((await decisions(urls)).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it(`refuses ${CLOSED_URLS.length} URLs that are wrong by themselves`, async () => {
    expect((await decisions(CLOSED_URLS)).filter(([, decision]) => decision !== 'deny')).toEqual([]);
  });

  it(`lets ${OPEN_URLS.length} ordinary URLs pass`, async () => {
    expect((await decisions(OPEN_URLS)).filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it('refuses every bad port and no common one', async () => {
    const closed = await decisions([...BLOCKED_PORTS].map((port) => `http://a.example:${port}/`));
    expect(closed.filter(([, decision]) => decision !== 'deny')).toEqual([]);
    const open = await decisions(
      [80, 443, 3000, 5000, 8000, 8080, 8443, 9000].map((port) => `http://a.example:${port}/`),
    );
    expect(open.filter(([, decision]) => decision !== 'allow')).toEqual([]);
  });

  it('says the same of the text alone, when no name is resolved', async () => {
    const told = async (url: string): Promise<[string, string]> => [url, (await decideUrlText(url)).decision];
    expect((await Promise.all(CLOSED_URLS.map(told))).filter(([, decision]) => decision !== 'deny')).toEqual([]);
    expect((await Promise.all(OPEN_URLS.map(told))).filter(([, decision]) => decision !== 'allow')).toEqual([]);
    expect((await decideUrlText('http://0x7f.1/')).decision).toBe('deny');
  });
});

describe('names', () => {
  it('are refused for every closed address they resolve to, alone or beside a public one', async () => {
    for (const address of [...CLOSED_IPV4, ...CLOSED_IPV6]) {
      for (const answers of [[address], [PUBLIC, address], [address, PUBLIC], ['2606:4700::1111', PUBLIC, address]]) {
        const [found] = await decisions(['http://name.example/'], async () => answers);
        expect([answers, found?.[1]]).toEqual([answers, 'deny']);
      }
    }
  });

  it('are allowed for public addresses, and the addresses are handed out', async () => {
    const answers = [...OPEN_IPV4, ...OPEN_IPV6];
    expect(await decideUrl('http://name.example/', async () => answers)).toMatchObject({
      decision: 'allow',
      addresses: answers,
    });
  });

  it.each([
    ['nothing', []],
    ['an empty answer', ['']],
    ['a zone', ['fe80::1%eth0']],
    ['a zone on a public address', ['2606:4700::1111%eth0']],
    ['a name', ['localhost']],
    ['an address with a port', ['8.8.8.8:80']],
    ['a decimal', ['2130706433']],
    ['a short form', ['127.1']],
    ['a bracketed address', ['[::1]']],
  ])('that resolve to %s are refused', async (_what, answers) => {
    expect((await decideUrl('http://name.example/', async () => answers)).decision).toBe('deny');
  });

  it('that cannot be resolved are refused with the code of the failure', async () => {
    const failing = async (): Promise<string[]> =>
      Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await decideUrl('http://name.example/', failing)).toEqual({
      decision: 'deny',
      reason: 'name.example does not resolve (ENOTFOUND)',
    });
  });

  it('are asked for once, in lower case and without the final dot', async () => {
    const asked: string[] = [];
    await decideUrl('http://NAME.Example./x', async (name) => {
      asked.push(name);
      return [PUBLIC];
    });
    expect(asked).toEqual(['name.example']);
  });

  it('stand in a table by name, without case, and * for the rest', async () => {
    const resolve = resolveByTable(
      new Map([
        ['A.example.', ['127.0.0.1']],
        ['*', [PUBLIC]],
      ]),
    );
    expect(await decisions(['http://a.example/', 'http://A.EXAMPLE./', 'http://b.example/'], resolve)).toEqual([
      ['http://a.example/', 'deny'],
      ['http://A.EXAMPLE./', 'deny'],
      ['http://b.example/', 'allow'],
    ]);
    expect((await decideUrl('http://b.example/', resolveByTable(new Map()))).decision).toBe('deny');
  });
});

describe('addresses', () => {
  it('are refused when they are no plain address text', () => {
    for (const text of [
      '',
      'x',
      '1.2.3',
      '0x7f000001',
      '017700000001',
      '127.0.0.1 ',
      '::1%lo',
      '8.8.8.8%1',
      '8.8.8.8/32',
      '[::1]',
    ]) {
      expect([text, refuseAddress(text)]).toEqual([text, expect.stringContaining('not an IP address')]);
    }
  });

  it('have one spelling', () => {
    expect(canonicalAddress('::FFFF:8.8.8.8')).toBe('8.8.8.8');
    expect(canonicalAddress('2606:4700:0:0::1111')).toBe(canonicalAddress('2606:4700::1111'));
  });

  it('of this machine are refused in either spelling', async () => {
    for (const own of [PUBLIC, `::ffff:${PUBLIC}`]) {
      expect((await decideUrl('http://me.example/', everythingPublic, { ownAddresses: [own] })).decision).toBe('deny');
    }
  });
});
