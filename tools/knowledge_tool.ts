import { defineTool, z } from 'claw/tool';

interface Hit {
  readonly title: string;
  readonly id: string;
  readonly place: string;
  readonly text: string;
  readonly provenance: string;
}

export default defineTool({
  name: 'knowledge_tool',
  description:
    "The user's documents. Search when they may hold the answer; name document and place of what you use. Add a text or workspace file when asked to.",
  input: z.object({
    action: z.enum(['search', 'list', 'add']),
    query: z.string().max(10_000).optional(),
    limit: z.int().optional().describe('1 to 20 passages.'),
    path: z.string().max(1000).optional().describe('Add: workspace file.'),
    text: z.string().max(100_000).optional().describe('Add: text instead.'),
    title: z.string().max(300).optional(),
  }),
  permissions: { host: ['knowledge'] },
  parallel: false,
  provenance: 'file',
  async run({ action, query, limit, path, text, title }, ctx) {
    const ask = (args: object): Promise<unknown> => ctx.host('knowledge').call(action, args);
    if (action === 'list') return ask({});
    if (action === 'add') {
      if ((path === undefined) === (text === undefined)) throw new Error('add needs a path or a text');
      return ask({ ...(path === undefined ? { text } : { path }), ...(title === undefined ? {} : { title }) });
    }
    if (query === undefined) throw new Error('search needs query');
    const { hits, remark } = (await ask({ query, limit: Math.min(20, Math.max(1, limit ?? 5)) })) as {
      hits: Hit[];
      remark: string;
    };
    if (hits.length === 0) return remark;
    return hits
      .map(
        (hit, at) =>
          `[${at + 1}] ${hit.title || hit.id}, ${hit.place} (id ${hit.id}, from: ${hit.provenance})\n${hit.text}`,
      )
      .join('\n\n');
  },
});
