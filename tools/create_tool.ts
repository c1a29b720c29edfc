import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'create_tool',
  description: `Writes a new tool or version, usable from the next message on. The source is one TypeScript file:
import { defineTool, z } from 'claw/tool';
export default defineTool({ name: 'dice', description: '…', input: z.object({ sides: z.int().min(2) }), permissions: {}, run: ({ sides }) => 1 + Math.floor(Math.random() * sides) });
It runs walled in, without files, network, programs or Node modules. What permissions declare (net: ['api.example.com'], files: [{ folder: 'workspace', mode: 'read' }], exec: ['date']) is reached by ctx.fetch, ctx.files.read/write/list and ctx.exec in run(input, ctx), after the user agreed. Declare only what is needed. Examples are tried first.`,
  input: z.object({
    source: z.string().min(1).max(200_000).describe('The whole file.'),
    permissions: z
      .object({
        net: z.array(z.string()).optional(),
        files: z.array(z.object({ folder: z.string(), mode: z.enum(['read', 'write']) })).optional(),
        exec: z.array(z.string()).optional(),
        secrets: z.array(z.object({ name: z.string(), host: z.string() })).optional(),
        host: z.array(z.string()).optional(),
      })
      .optional()
      .describe('As in the source; empty for one that only computes.'),
    examples: z
      .array(
        z.object({
          input: z.record(z.any()),
          expected: z.any().describe('The result; for a random tool a value of the same form.'),
        }),
      )
      .min(1)
      .max(10),
  }),
  permissions: { host: ['tools'] },
  parallel: false,
  run: (input, ctx) => ctx.host('tools').call('create', input),
});
