import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'add_two_numbers',
  description: 'Adds two numbers.',
  input: z.object({ a: z.number(), b: z.number() }),
  idempotent: true,
  examples: [{ input: { a: 2, b: 3 }, output: 5 }],
  run: ({ a, b }) => a + b,
});
