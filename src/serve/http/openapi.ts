/** Owns the OpenAPI 3.1 document of the API, made from the rows that the server answers by, and a page that shows it. Source: https://spec.openapis.org/oas/v3.1.1. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Answer, fullPath, route, type Route } from './route.ts';

/** The document and its page, for these routes and themselves. */
export function documentRoutes(routes: readonly Route[], version: string): readonly Route[] {
  let text: string | undefined;
  const all = (): readonly Route[] => [...routes, ...own];
  const own: readonly Route[] = [
    route({
      method: 'GET',
      path: '/openapi.json',
      action: 'public',
      summary: 'This document',
      produces: 'application/json',
      handle: () => {
        text ??= JSON.stringify(openApiDocument(all(), version));
        return new Answer(text, { 'content-type': 'application/json; charset=utf-8' });
      },
    }),
    route({
      method: 'GET',
      path: '/docs',
      action: 'public',
      summary: 'A page that shows this document',
      produces: 'text/html',
      isPage: true,
      handle: () => new Answer(PAGE, PAGE_HEADERS),
    }),
  ];
  return own;
}

export function openApiDocument(routes: readonly Route[], version: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const each of routes) {
    const path = fullPath(each).replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation(each) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'claw', version, description: 'Every path below /api/v1 is answered below /api too.' },
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key or an access token' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  hint: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

function operation(each: Route): Readonly<Record<string, unknown>> {
  const [tag = 'system'] = each.path.replaceAll(/^\/+/g, '').split('/', 1);
  return {
    operationId: `${each.method.toLowerCase()}${fullPath(each).replaceAll(/[^a-z0-9]+/gi, '_')}`,
    tags: [tag],
    summary: each.summary,
    'x-claw-action': each.action,
    security: each.action === 'public' ? [] : [{ bearer: [] }],
    parameters: [...parameters(each.params, 'path'), ...parameters(each.query, 'query')],
    ...(each.body === undefined ? {} : { requestBody: requestBody(each) }),
    responses: {
      [each.status ?? 200]: { description: 'Done', content: { [each.produces ?? JSON_TYPE]: resultOf(each) } },
      default: { description: 'Why not', content: { 'application/problem+json': { schema: PROBLEM } } },
    },
  };
}

const JSON_TYPE = 'application/json';
const PROBLEM = { $ref: '#/components/schemas/Problem' };

function requestBody({ body, consumes }: Route): Readonly<Record<string, unknown>> {
  const schema = consumes === undefined && body !== undefined ? schemaOf(body, 'input') : {};
  return { required: true, content: { [consumes ?? JSON_TYPE]: { schema } } };
}

function resultOf({ result }: Route): Readonly<Record<string, unknown>> {
  return result === undefined ? {} : { schema: schemaOf(result, 'output') };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly object[] {
  if (schema === undefined) return [];
  const { properties, required } = schemaOf(schema, 'input') as { properties?: object; required?: string[] };
  return Object.entries(properties ?? {}).map(([name, each]) => ({
    name,
    in: place,
    required: place === 'path' || (required ?? []).includes(name),
    schema: each as unknown,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}

const SCRIPT = `
const show = (tag, text, to) => { const e = document.createElement(tag); e.textContent = text; to.append(e); return e; };
const json = (value) => JSON.stringify(value, null, 2);
fetch('openapi.json').then((r) => r.json()).then((doc) => {
  const main = document.querySelector('main');
  for (const [path, methods] of Object.entries(doc.paths)) for (const [method, op] of Object.entries(methods)) {
    const box = document.createElement('details'); main.append(box);
    show('summary', method.toUpperCase() + ' ' + path + ' - ' + op.summary, box);
    show('p', 'Needs: ' + op['x-claw-action'], box);
    if (op.parameters.length) show('pre', json(op.parameters), box);
    if (op.requestBody) show('pre', json(op.requestBody), box);
    show('pre', json(op.responses), box);
    if (method !== 'get') continue;
    const key = box.appendChild(document.createElement('input')); key.placeholder = 'API key'; key.type = 'password';
    const at = box.appendChild(document.createElement('input')); at.value = path;
    const out = document.createElement('pre');
    show('button', 'Ask', box).onclick = async () => {
      const headers = key.value ? { authorization: 'Bearer ' + key.value } : {};
      const answer = await fetch(at.value, { headers });
      out.textContent = answer.status + '\\n' + (await answer.text());
    };
    box.append(out);
  }
});`;
const STYLE = `body{font:15px system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}
summary{cursor:pointer;padding:.3rem 0}pre{overflow:auto;background:#8882;padding:.5rem}:root{color-scheme:light dark}`;
const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>claw API</title><style>${STYLE}</style><h1>claw API</h1><main></main><script>${SCRIPT}</script></html>`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
};
