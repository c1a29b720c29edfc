/** Owns the source of a tool made from a few lines. */

/** The source of a tool whose run has this body; `input` and `ctx` are its parameters. */
export const tool = (body: string, head = ''): string =>
  `import { defineTool, z } from 'claw/tool';\n${head}\nexport default defineTool({ name: 'probe', description: 'a probe', input: z.object({}), async run(input, ctx) { ${body} } });`;
