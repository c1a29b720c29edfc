import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/core/create-app.ts';
import { startEndpoints } from '../fakes/oauth/endpoint-server.ts';
import { runClaw, runClawJson, temporaryDirectory } from './run-claw.ts';

/** A server with TLS and a certificate of its own, which keeps the headers it got. */
async function secureServer(folder: string) {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', certificate, ...names], { stdio: 'pipe' });
  const seen: (string | undefined)[] = [];
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    seen.push(request.headers.authorization);
    response.end('posted');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, certificate, seen };
}

const source = (host: string, url: string, name: string): string => `import { defineTool, z } from 'claw/tool';
export default defineTool({
  name: '${name}',
  description: 'For a test.',
  input: z.object({}),
  permissions: { net: ['${host}'], secrets: [{ name: 'THREADS_ACCESS_TOKEN', host: '${host}' }] },
  run: async (_input, ctx) => {
    const answer = await ctx.fetch('${url}/me', { secrets: { authorization: 'Bearer THREADS_ACCESS_TOKEN' } });
    return answer.text();
  },
});
`;

test(
  'a tool has the current token of the account sent to its API, and to no other host',
  { timeout: 60_000 },
  async () => {
    const home = await temporaryDirectory();
    const [api, other] = [await secureServer(home), await secureServer(await temporaryDirectory())];
    const endpoints = await startEndpoints();
    onTestFinished(() => endpoints.close());
    endpoints.answer('/refresh_access_token', {
      body: { access_token: 'renewed-token-canary', expires_in: 60 * 86_400 },
    });
    mkdirSync(join(home, 'tools'));
    writeFileSync(join(home, '.env'), 'THREADS_ACCESS_TOKEN=first-token-canary\n');
    const trusted = { TRUSTED_ORIGINS: `${api.url},${other.url}`, NODE_EXTRA_CA_CERTS: api.certificate };
    const env = { ...trusted, THREADS_API_ROOT: api.url };
    for (const [name, { url }] of [
      ['posts', api],
      ['leaks', other],
    ] as const) {
      writeFileSync(join(home, 'tools', `${name}.ts`), source(new URL(url).host, url, name));
      expect(await runClaw(['tool', 'approve', name], { home, env })).toMatchObject({ code: 0 });
    }
    const run = async (name: string) => (await runClawJson(['tool', 'run', name], { home, env })).json;
    expect(await run('posts')).toMatchObject({ status: 'ok', output: 'posted' });
    const app = await openApp({ home, overrides: { SECRET_STORE: 'file', THREADS_API_ROOT: endpoints.url } });
    await (await app.accounts()).service.refresh('threads', { id: 'owner-1' });
    await app.close();
    expect(await run('posts')).toMatchObject({ status: 'ok' });
    expect(api.seen).toEqual(['Bearer first-token-canary', 'Bearer renewed-token-canary']);
    const leak = await run('leaks');
    expect(leak).toMatchObject({ error: expect.stringContaining('bound to') as unknown });
    expect(JSON.stringify(leak)).not.toContain('canary');
    expect(other.seen).toEqual([]);
  },
);
