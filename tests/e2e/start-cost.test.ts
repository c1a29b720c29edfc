/** What a start loads, counted in files and bytes of dist: a machine that is busy does not change it, and a module that is loaded without need, or as a file of its own, shows. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runClaw } from './run-claw.ts';

/** Has the process tell on stderr what it loaded. */
const TELLER = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({ load: (url, context, next) => (loaded.add(url), next(url, context)) });
process.on('exit', () => process.stderr.write([...loaded].map((url) => 'loaded ' + url + '\\n').join('')));
`)}`;

test.each([
  { args: ['config', 'get', 'MAX_TOKENS'], files: 8, kilobytes: 430 },
  { args: ['conversation', 'list', '--json'], files: 6, kilobytes: 890 },
  { args: ['chat', '-p', 'hello'], files: 11, kilobytes: 1850 },
])('$args loads at most $files files with $kilobytes kB', async ({ args, files, kilobytes }) => {
  const { code, stderr } = await runClaw(args, { nodeArgs: ['--import', TELLER] });
  expect(code).toBe(0);
  const loaded = [...stderr.matchAll(/^loaded (file:.*\/dist\/.*)$/gm)].map(([, url = '']) => fileURLToPath(url));
  const bytes = loaded.map((path) => statSync(path).size).reduce((sum, size) => sum + size, 0);
  expect(loaded.length, loaded.join('\n')).toBeGreaterThan(3);
  expect(loaded.length, loaded.join('\n')).toBeLessThanOrEqual(files);
  expect(bytes / 1000).toBeLessThanOrEqual(kilobytes);
});

test('no start loads what answers HTTP, whose namespace brings Node’s whole fetch along', async () => {
  const { stderr } = await runClaw(['chat', '-p', 'hello'], { nodeArgs: ['--import', TELLER] });
  expect(stderr).toContain('loaded node:fs');
  expect(stderr).not.toMatch(/^loaded node:https?$/m);
});
