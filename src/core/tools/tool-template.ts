/** Owns the beginning of a tool, for those who write one. */

/** A new tool to begin with; it works as it is. `name` must be one of a tool. */
export function toolTemplate(name: string): string {
  return `import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: '${name}',
  description: 'Says hello to someone by name.',
  input: z.object({ who: z.string().max(100) }),
  permissions: {},
  examples: [{ input: { who: 'Ada' }, output: 'Hello, Ada!' }],
  run: ({ who }) => \`Hello, \${who}!\`,
});
`;
}
