import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'save_text_file',
  description:
    'Saves text as a file of the workspace, making its folders; a file of that name is replaced. At most 1 MiB.',
  input: z.object({
    path: z.string().min(1).max(4096).describe('Such as notes/today.md.'),
    content: z.string().max(1_048_576),
  }),
  permissions: { files: [{ folder: 'workspace', mode: 'write' }] },
  parallel: false,
  idempotent: true,
  async run({ path, content }, ctx) {
    await ctx.files.write(path, content);
    return `Saved ${content.length} characters in ${path}.`;
  },
});
