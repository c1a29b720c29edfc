/** Owns the documents of the API: everything is the caller's own. Content comes with the request; no path of the server's machine is ever read for it. */
import { z } from 'zod';
import { doerOf } from '../../core/access/actor.ts';
import { documentRow, shownRow } from '../../core/knowledge/document-row.ts';
import { OCTETS, route, type Route, type RouteDeps } from './route.ts';
import { instant, pageQuery } from './wire-schemas.ts';

const document = z.object({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  kind: z.string(),
  provenance: z.enum(['user', 'file', 'web']),
  state: z.enum(['indexing', 'ready']),
  bytes: z.int(),
  chunks: z.int(),
  created_at: instant,
  updated_at: instant,
});

const hit = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  place: z.string(),
  score: z.number(),
  provenance: z.enum(['user', 'file', 'web']),
  words: z.number().nullable().describe('What the search by words gave it; null: it did not find it'),
  meaning: z
    .number()
    .nullable()
    .describe('What the search by meaning gave it; null: it did not find it, or was not asked'),
});

const added = z.object({
  id: z.string(),
  title: z.string(),
  source: z.string(),
  outcome: z.enum(['added', 'updated', 'unchanged', 'duplicate']),
  chunks: z.int(),
});

const documentParams = z.object({ id: z.string().min(1).max(200) });
const MOST_FOUND = 100;
const MAX_BODY_BYTES = 16 * 1024 * 1024;

export function knowledgeRoutes({ app }: RouteDeps): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/knowledge/search',
      action: 'knowledge.read',
      summary: 'Find passages in your documents, best first',
      query: z.object({
        q: z.string().max(10_000),
        limit: z.coerce.number().int().min(1).max(100).default(5),
        provenance: z.enum(['user', 'file', 'web']).optional().describe('Only of documents that came this way'),
      }),
      result: z.array(hit),
      handle: async ({ actor, query: { q, limit, provenance }, signal }) => {
        const wanted = provenance === undefined ? limit : MOST_FOUND;
        const hits = await (await app.knowledge()).search(actor.user.id, q, wanted, { signal });
        return hits
          .filter((each) => provenance === undefined || each.provenance === provenance)
          .slice(0, limit)
          .map(({ parts, ...each }) => ({
            ...each,
            words: parts ? parts.words : each.score,
            meaning: parts?.meaning ?? null,
          }));
      },
    }),
    route({
      method: 'GET',
      path: '/knowledge',
      action: 'knowledge.read',
      summary: 'List your documents, latest change first',
      query: pageQuery.extend({
        text: z.string().max(300).optional().describe('A part of the title or the source'),
        kind: z.string().max(40).optional(),
        sort: z.enum(['updated', 'title', 'size', 'passages']).default('updated'),
      }),
      result: z.array(document),
      handle: async ({ actor, query }) => (await (await app.knowledge()).list(actor.user.id, query)).map(documentRow),
    }),
    ...oneRoutes(app),
    ...changeRoutes(app),
  ];
}

function oneRoutes(app: RouteDeps['app']): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/knowledge/stats',
      action: 'knowledge.read',
      summary: 'Count your documents and their passages',
      result: z.object({
        documents: z.int(),
        chunks: z.int(),
        bytes: z.int(),
        folders: z.int(),
        vectors: z.int().nullable(),
        kinds: z.array(z.object({ kind: z.string(), documents: z.int() })),
        max_file_bytes: z.int().describe('The largest file that can be added over the API'),
      }),
      handle: async ({ actor }) => {
        const knowledge = await app.knowledge();
        return {
          ...(await knowledge.stats(actor.user.id)),
          kinds: await knowledge.kinds(actor.user.id),
          max_file_bytes: Math.min(MAX_BODY_BYTES, knowledge.maxBytes),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/knowledge/folders',
      action: 'knowledge.read',
      summary: 'Your folders that the server keeps in step',
      result: z.array(
        z.object({ id: z.string(), path: z.string(), created_at: instant, checked_at: instant.nullable() }),
      ),
      handle: async ({ actor }) =>
        (await (await app.knowledge()).folders(actor.user.id)).map((row) => ({
          id: row.id,
          path: row.path,
          created_at: new Date(row.created_at).toISOString(),
          checked_at: row.checked_at === null ? null : new Date(row.checked_at).toISOString(),
        })),
    }),
    route({
      method: 'GET',
      path: '/knowledge/:id',
      action: 'knowledge.read',
      summary: 'Show a document with the passages it was cut into',
      params: documentParams,
      result: document.extend({
        passages: z.array(z.object({ place: z.string(), heading: z.string(), text: z.string() })),
      }),
      handle: async ({ actor, params }) => shownRow(await (await app.knowledge()).show(actor.user.id, params.id)),
    }),
  ];
}

function changeRoutes(app: RouteDeps['app']): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/knowledge',
      action: 'knowledge.change',
      summary: 'Add a text or a web page; an id that is there already is brought up to date',
      maxBodyBytes: MAX_BODY_BYTES,
      body: z.union([
        z.strictObject({
          content: z.string(),
          name: z.string().max(300).optional(),
          id: z.string().min(1).max(200).optional(),
          title: z.string().max(300).optional(),
        }),
        z.strictObject({ url: z.url({ protocol: /^https?$/ }), title: z.string().max(300).optional() }),
      ]),
      result: added,
      status: 201,
      handle: async ({ actor, body, signal }) => {
        const knowledge = await app.knowledge();
        const title = body.title === undefined ? {} : { title: body.title };
        if ('url' in body) return knowledge.addUrl(doerOf(actor), body.url, { signal, ...title });
        const { content, name, id } = body;
        const named = { ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { id }) };
        return knowledge.addText(doerOf(actor), { content, signal, ...named, ...title });
      },
    }),
    route({
      method: 'POST',
      path: '/knowledge/files',
      action: 'knowledge.change',
      summary: 'Add a file: its bytes are the body, the ending of its name tells what it is',
      maxBodyBytes: MAX_BODY_BYTES,
      consumes: OCTETS,
      query: z.strictObject({ name: z.string().min(1).max(300), title: z.string().max(300).optional() }),
      body: z.instanceof(Uint8Array),
      result: added,
      status: 201,
      handle: async ({ actor, query: { name, title }, body, signal }) =>
        (await app.knowledge()).addText(doerOf(actor), {
          content: body,
          name,
          title: title ?? name,
          provenance: 'file',
          signal,
        }),
    }),
    route({
      method: 'DELETE',
      path: '/knowledge/:id',
      action: 'knowledge.change',
      summary: 'Remove a document',
      params: documentParams,
      result: z.object({ removed: z.int() }),
      handle: async ({ actor, params }) => ({
        removed: await (await app.knowledge()).remove(doerOf(actor), params.id),
      }),
    }),
  ];
}
