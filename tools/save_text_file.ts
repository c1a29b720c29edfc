import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'save_text_file',
  description: 'Saves a text file in the workspace, making its folders and replacing one of that name. At most 1 MiB.',
  input: z.object({
    path: z.string().min(1).max(4096).describe('notes/today.md'),
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
