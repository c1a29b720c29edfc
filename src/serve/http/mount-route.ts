/** Owns how a route is answered: its parts are read by its schemas, its answer is written by its own. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { ClawError } from '../../core/kernel/errors.ts';
import { invalidRequest } from './problem.ts';
import { addressOf } from './request-address.ts';
import { Answer, fullPath, type Route } from './route.ts';

/** Makes the server answer it. Throws for a route without an action. */
export function mountRoute(fastify: FastifyInstance, route: Route): void {
  const path = fullPath(route);
  // Types do not hold for a row that was put together in another way.
  if (!route.action) throw new Error(`the route ${route.method} ${path} names no action`);
  fastify.route({
    method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
    url: path,
    config: { route },
    ...(route.maxBodyBytes === undefined ? {} : { bodyLimit: route.maxBodyBytes }),
    handler: async (request, reply) => answer(route, request, reply),
  });
}

async function answer(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const gone = new AbortController();
  const onClose = (): void => {
    if (!reply.raw.writableFinished) gone.abort(new ClawError('cancelled', 'The client went away.'));
  };
  reply.raw.once('close', onClose);
  const result = await route.handle({
    actor: request.actor as NonNullable<typeof request.actor>,
    params: read(route.params, request.params, 'path'),
    query: read(route.query, request.query, 'query'),
    body: readBody(route, request.body),
    headers: request.headers,
    address: addressOf(request),
    signal: gone.signal,
  });
  if (result instanceof Answer) return reply.code(result.status).headers(result.headers).send(result.body);
  reply.code(route.status ?? 200).header('content-type', 'application/json; charset=utf-8');
  return reply.send(JSON.stringify(route.result?.parse(result) ?? null));
}

function readBody(route: Route, body: unknown): unknown {
  // A route whose members are all optional is also asked without a body.
  return read(route.body, route.consumes === undefined ? (body ?? {}) : body, 'body');
}

/** What the schema makes of it; nothing without a schema. Throws `HttpFailure` 400 that names the member. */
function read(schema: z.ZodType | undefined, value: unknown, part: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (!result.success) throw invalidRequest(result.error, part);
  return result.data;
}
