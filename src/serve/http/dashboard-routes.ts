/** Owns how the dashboard reaches a browser: the page, its scripts and styles, as they were built, under the strictest policy a page can have. Only files of the build are served; a path is looked up, never joined. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { ClawError } from '../../core/kernel/errors.ts';
import { lazy } from '../../core/kernel/lazy.ts';
import { packageRoot } from '../../core/tools/source/own-program.ts';
import { Answer, route, type Route } from './route.ts';

/** No text becomes code or markup, nothing of elsewhere is loaded, nobody frames it. Source: W3C CSP 3, Trusted Types. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};
/** Their names hold a hash of their content. */
const FOREVER = 'public, max-age=31536000, immutable';

/** A view of the dashboard, as its address says it. */
const view = z.string().regex(/^[a-z][a-z-]{0,30}$/);

export function dashboardRoutes(folder = join(packageRoot(), 'dist', 'dashboard')): readonly Route[] {
  const assets = lazy(async () => new Set(readdirSync(join(folder, 'assets'))));
  const page = async (): Promise<Answer> => new Answer(await readBuilt(join(folder, 'index.html')), PAGE_HEADERS);
  return [
    ...[
      { path: '//', params: z.object({}) },
      { path: '//dashboard', params: z.object({}) },
      { path: '//dashboard/:view', params: z.object({ view }) },
      { path: '//dashboard/:view/:id', params: z.object({ view, id: z.string() }) },
    ].map(({ path, params }) =>
      route({
        method: 'GET',
        path,
        action: 'public',
        summary: 'The dashboard',
        produces: 'text/html',
        isPage: true,
        params,
        handle: page,
      }),
    ),
    route({
      method: 'GET',
      path: '//assets/:file',
      action: 'public',
      summary: 'A script, style or picture of the dashboard',
      produces: 'application/octet-stream',
      params: z.object({ file: z.string() }),
      handle: async ({ params: { file }, headers }) => {
        const type = TYPES[extname(file)];
        const built = await assets();
        if (type === undefined || !built.has(file)) throw new ClawError('not-found', `There is no ${file}.`);
        const fixed = { 'content-type': type, 'cache-control': FOREVER, vary: 'Accept-Encoding, Origin' };
        const isPacked = built.has(`${file}.br`) && takesBrotli(headers['accept-encoding']);
        const body = await readBuilt(join(folder, 'assets', isPacked ? `${file}.br` : file));
        return new Answer(body, isPacked ? { ...fixed, 'content-encoding': 'br' } : fixed);
      },
    }),
  ];
}

function takesBrotli(accepted: string | string[] | undefined): boolean {
  return /(?:^|,)\s*br\s*(?:,|$|;\s*q=(?!0(?:\.0*)?\s*(?:,|$)))/.test(String(accepted ?? ''));
}

async function readBuilt(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new ClawError('not-found', 'The dashboard is not built.', { hint: 'Run "npm run build".', cause });
  });
}
