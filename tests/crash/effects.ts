/** A place on 127.0.0.1 where a tool leaves effects that can be counted from outside. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EffectServer {
  readonly origin: string;
  /** How often each key was recorded. */
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startEffects(): Promise<EffectServer> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = decodeURIComponent(request.url ?? '').replace('/effect/', '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
    response.end('recorded');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A tool of the home that records one effect; it is not idempotent, and does not say that it is. */
export function effectTool(origin: string): string {
  return `import { defineTool, z } from 'claw/tool';

export default defineTool({
  name: 'record_effect',
  description: 'Records an effect.',
  input: z.object({ key: z.string() }),
  permissions: { net: [${JSON.stringify(new URL(origin).host)}] },
  async run({ key }, ctx) {
    const answer = await ctx.fetch(${JSON.stringify(origin)} + '/effect/' + key, { method: 'POST' });
    return answer.text();
  },
});
`;
}
