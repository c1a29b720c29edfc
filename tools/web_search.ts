import { defineTool, z } from 'claw/tool';

interface Found {
  title: string;
  url: string;
  text: string;
}

interface Search {
  query: string;
  count: number;
  base: string;
}

type Fetch = (
  url: string,
  options?: { method?: string; headers?: Record<string, string>; body?: string; secrets?: Record<string, string> },
) => Promise<Response>;

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#x27': "'",
  '#39': "'",
  '#x2F': '/',
};

function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => {
      if (ENTITIES[name] !== undefined) return ENTITIES[name];
      const code = /^#x/i.test(name)
        ? Number.parseInt(name.slice(2), 16)
        : name.startsWith('#')
          ? Number(name.slice(1))
          : Number.NaN;
      return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** Links of DuckDuckGo lead through its own page; the target stands in `uddg`. */
function target(href: string): string {
  const match = /[?&]uddg=([^&]+)/.exec(href.replaceAll('&amp;', '&'));
  return match?.[1] === undefined ? href : decodeURIComponent(match[1]);
}

async function duckduckgo(fetch: Fetch, { query, count, base }: Search): Promise<Found[]> {
  const response = await fetch(`${base || 'https://html.duckduckgo.com'}/html/?q=${encodeURIComponent(query)}`, {
    headers: { 'user-agent': 'Mozilla/5.0 (compatible; claw)' },
  });
  const html = await checked(response).text();
  const results = html.split(/class="[^"]*\bresult__body\b/).slice(1);
  const found = results.flatMap((part) => {
    const link = /<a\b(?=[^>]*class="result__a")[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/.exec(part);
    const text = /class="result__snippet"[^>]*>([\s\S]*?)<\/(?:a|td|div)>/.exec(part);
    const url = target(link?.[1] ?? '');
    const isAd = url.startsWith('https://duckduckgo.com/y.js') || !/^https?:/.test(url);
    return link === null || isAd ? [] : [{ title: plain(link[2] ?? ''), url, text: plain(text?.[1] ?? '') }];
  });
  if (found.length === 0 && /anomaly-modal|challenge-form/.test(html))
    throw new Error(
      'DuckDuckGo asks for a proof that you are human; choose another provider with the setting SEARCH_PROVIDER',
    );
  return found.slice(0, count);
}

async function brave(fetch: Fetch, { query, count, base }: Search): Promise<Found[]> {
  const response = await fetch(
    `${base || 'https://api.search.brave.com'}/res/v1/web/search?q=${encodeURIComponent(query)}&count=${count}`,
    {
      headers: { accept: 'application/json' },
      secrets: { 'x-subscription-token': 'SEARCH_API_KEY' },
    },
  );
  const { web } = (await checked(response).json()) as {
    web?: { results?: { title?: string; url?: string; description?: string }[] };
  };
  return (web?.results ?? []).map(({ title = '', url = '', description = '' }) => ({
    title: plain(title),
    url,
    text: plain(description),
  }));
}

async function tavily(fetch: Fetch, { query, count, base }: Search): Promise<Found[]> {
  const response = await fetch(`${base || 'https://api.tavily.com'}/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    secrets: { authorization: 'Bearer SEARCH_API_KEY' },
    body: JSON.stringify({ query, max_results: count }),
  });
  const { results = [] } = (await checked(response).json()) as {
    results?: { title?: string; url?: string; content?: string }[];
  };
  return results.map(({ title = '', url = '', content = '' }) => ({ title: plain(title), url, text: plain(content) }));
}

async function searxng(fetch: Fetch, { query, base }: Search): Promise<Found[]> {
  if (base === '') throw new Error('searxng needs the setting SEARCH_BASE_URL');
  const response = await fetch(`${base}/search?q=${encodeURIComponent(query)}&format=json`);
  const { results = [] } = (await checked(response).json()) as {
    results?: { title?: string; url?: string; content?: string }[];
  };
  return results.map(({ title = '', url = '', content = '' }) => ({ title: plain(title), url, text: plain(content) }));
}

const PROVIDERS: Record<string, (fetch: Fetch, search: Search) => Promise<Found[]>> = {
  duckduckgo,
  brave,
  tavily,
  searxng,
};

function checked(response: Response): Response {
  if (response.ok) return response;
  const why = response.status === 401 || response.status === 403 ? '; check the secret SEARCH_API_KEY' : '';
  throw new Error(`the search service answered with status ${response.status}${why}`);
}

export default defineTool({
  name: 'web_search',
  description: 'Searches the web: titles, addresses and a few lines of each hit. Open one with web_fetch.',
  input: z.object({ query: z.string().min(1).max(500), count: z.int().min(1).max(20).default(8) }),
  permissions: {
    net: ['html.duckduckgo.com', 'api.search.brave.com', 'api.tavily.com'],
    secrets: [
      { name: 'SEARCH_API_KEY', host: 'api.search.brave.com' },
      { name: 'SEARCH_API_KEY', host: 'api.tavily.com' },
    ],
    host: ['settings'],
  },
  idempotent: true,
  provenance: 'web',
  async run({ query, count }, ctx) {
    const settings = (await ctx.host('settings').call('get')) as { search_provider: string; search_base_url: string };
    const search = PROVIDERS[settings.search_provider];
    if (search === undefined) throw new Error(`the search provider ${settings.search_provider} is not known`);
    const base = settings.search_base_url.replace(/\/$/, '');
    const found = (await search(ctx.fetch, { query, count, base }))
      .filter(({ url }) => /^https?:/.test(url))
      .slice(0, count);
    if (found.length === 0) return `Nothing was found for ${JSON.stringify(query)}.`;
    return found
      .map(({ title, url, text }, at) => `${at + 1}. ${title}\n   ${url}\n   ${text.slice(0, 400)}`)
      .join('\n');
  },
});
