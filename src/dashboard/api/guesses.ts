/** Owns what changes that can be taken back will most likely come to: a list reads what each makes of which answers. */
import { guessOf } from './guess.ts';

export const TOOL_OFF = [
  guessOf<'POST /tools/{name}/disable', 'GET /tools'>('GET /tools', (tools, { params }) =>
    tools.map((tool) => (tool.name === params.name ? { ...tool, state: 'disabled' } : tool)),
  ),
] as const;

export const TOOL_ON = [
  guessOf<'POST /tools/{name}/enable', 'GET /tools'>('GET /tools', (tools, { params }) =>
    tools.map((tool) => (tool.name === params.name ? { ...tool, state: 'active' } : tool)),
  ),
] as const;
