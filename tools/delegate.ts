import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'delegate',
  description:
    'Hands a sub-task to a cheaper model, which sees only task and context and has no tools: to summarise, extract, translate or draft. Several run at once.',
  input: z.object({
    task: z.string().min(1).max(20_000),
    context: z.string().max(200_000).optional().describe('Text to work on.'),
    max_tokens: z.int().min(1).max(8192).optional(),
  }),
  permissions: { host: ['delegate'] },
  idempotent: true,
  run: (input, ctx) => ctx.host('delegate').call('run', input),
});
