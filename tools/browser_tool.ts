import { defineTool, z } from 'claw/tool';

const ACTIONS = ['navigate', 'click', 'type', 'text', 'screenshot', 'links', 'wait', 'scroll'] as const;

export default defineTool({
  name: 'browser_tool',
  description:
    'Drives a real browser, for pages that need scripts or clicks; to read, prefer web_fetch. click and type act on the selector; text reads the page or selector; screenshot saves a PNG in the workspace. The page stays open.',
  input: z.object({
    action: z.enum(ACTIONS),
    url: z.string().max(8192).optional(),
    selector: z.string().max(1000).optional().describe('CSS, or text=Words'),
    text: z.string().max(10_000).optional().describe('type'),
    submit: z.boolean().optional().describe('type: then Enter'),
    path: z.string().max(200).optional().describe('screenshot: file name'),
    seconds: z.number().min(0).optional().describe('wait: at most 10'),
    pixels: z.int().optional().describe('scroll: up when negative'),
  }),
  permissions: { net: ['*'], host: ['browser'] },
  parallel: false,
  provenance: 'web',
  run: (input, ctx) => ctx.host('browser').call('act', input),
});
