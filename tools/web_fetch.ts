import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'web_fetch',
  description: 'Opens a public http or https page and returns its text as Markdown; JSON and plain text as they are.',
  input: z.object({ url: z.string().min(1).max(8192) }),
  permissions: { net: ['*'], host: ['pages'] },
  idempotent: true,
  provenance: 'web',
  async run({ url }, ctx) {
    const response = await ctx.fetch(url, {
      headers: {
        accept: 'text/html,application/xhtml+xml,application/json,text/*;q=0.9',
        'user-agent': 'claw/0.1 (personal assistant)',
      },
    });
    if (!response.ok) throw new Error(`${response.url} answered with status ${response.status}`);
    const type = (response.headers.get('content-type') ?? 'text/html').toLowerCase();
    const body = await response.text();
    if (/html/.test(type)) {
      const { title, text } = (await ctx.host('pages').call('read', { html: body, url: response.url })) as {
        title: string;
        text: string;
      };
      return `# ${title}\n${response.url}\n\n${text === '' ? 'The page has no readable text.' : text}`;
    }
    if (/^text\/|json|xml|javascript/.test(type)) return `${response.url}\n\n${body}`;
    throw new Error(`${response.url} is ${type.split(';')[0]}, which is no text`);
  },
});
