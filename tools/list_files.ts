import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'list_files',
  description: 'Lists files and folders of the workspace or a folder in it, with sizes in bytes.',
  input: z.object({
    path: z.string().max(4096).optional().describe('Default: the workspace.'),
  }),
  permissions: { files: [{ folder: 'workspace', mode: 'read' }] },
  idempotent: true,
  provenance: 'file',
  async run({ path = '.' }, ctx) {
    const entries = await ctx.files.list(path === '' ? '.' : path);
    if (entries.length === 0) return 'The folder is empty.';
    return entries
      .map(({ name, type, bytes }) =>
        type === 'file' ? `${name}  ${bytes}` : `${name}${type === 'folder' ? '/' : '  (not a plain file)'}`,
      )
      .join('\n');
  },
});
