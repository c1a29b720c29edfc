import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'multiply_two_numbers',
  description: 'Multiplies two numbers.',
  input: z.object({ a: z.number(), b: z.number() }),
  idempotent: true,
  examples: [{ input: { a: 2, b: 3 }, output: 6 }],
  run: ({ a, b }) => a * b,
});
