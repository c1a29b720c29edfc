import { defineTool, z } from 'claw/tool';

const MOST = 100_000;

export default defineTool({
  name: 'read_text_file',
  description: 'Reads a text file of the workspace, or of spool/ (long tool outputs).',
  input: z.object({
    path: z.string().min(1).max(4096).describe('notes/today.md or spool/NAME.'),
    offset: z.int().min(0).optional().describe('First byte.'),
    limit: z.int().min(1).max(MOST).optional().describe('Bytes.'),
  }),
  permissions: {
    files: [
      { folder: 'workspace', mode: 'read' },
      { folder: 'spool', mode: 'read' },
    ],
  },
  idempotent: true,
  provenance: 'file',
  async run({ path, offset = 0, limit = MOST }, ctx) {
    const text = await ctx.files.read(path, { offset, limit });
    const bytes = new TextEncoder().encode(text).length;
    if (bytes < limit - 3) return text;
    return `${text}\n[Read up to byte ${offset + limit}. Go on with offset ${offset + limit}.]`;
  },
});
