import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'create_tool',
  description: `Writes a new tool or version, usable from the next message on. source is one TypeScript file:
import { defineTool, z } from 'claw/tool';
export default defineTool({ name: 'dice', description: '…', input: z.object({ sides: z.int().min(2) }), permissions: {}, run: ({ sides }) => 1 + Math.floor(Math.random() * sides) });
It has no files, network, programs or Node modules. What permissions declare (net: ['api.example.com'], files: [{ folder: 'workspace', mode: 'read' }], exec: ['date']) is reached in run(input, ctx) by ctx.fetch, ctx.files.read/write/list and ctx.exec once the user agrees. Declare only what is needed. Examples are tried first.`,
  input: z.object({
    source: z.string().min(1).max(200_000),
    permissions: z.record(z.any()).optional().describe('As in the source.'),
    examples: z
      .array(
        z.object({
          input: z.record(z.any()),
          expected: z.any().describe('Result; of a random tool, one of the same form.'),
        }),
      )
      .min(1)
      .max(10),
  }),
  permissions: { host: ['tools'] },
  parallel: false,
  run: (input, ctx) => ctx.host('tools').call('create', input),
});
