/** Owns what a route of the HTTP API is: a row of data with its schemas, the right it needs and what it does. The server, the OpenAPI document and the tests read the same rows. */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Actor } from '../../core/access/actor.ts';
import type { requirePermission } from '../../core/access/permissions.ts';
import type { App } from '../../core/create-app.ts';
import type { TurnStreams } from '../turn-stream.ts';
import type { Uploads } from '../uploads.ts';

/** A row of the permission table, or `public`: anyone may ask, signed in or not. */
export type RouteAction = Parameters<typeof requirePermission>[1] | 'public';

/** What the resources of the API work with. */
export interface RouteDeps {
  readonly app: App;
  readonly streams: TurnStreams;
  readonly uploads: Uploads;
}

export interface RouteRequest<Params, Query, Body> {
  /** Who asks; of a public route too when a good credential was shown. */
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Address the request came from; `forwarded` behind a proxy. */
  readonly address: string;
  /** Aborts when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
}

/** Media type of a body that is bytes and nothing else. */
export const OCTETS = 'application/octet-stream';

interface Definition<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Result extends z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with parameters as `:name`; a path that begins with `//` stands at the root. */
  readonly path: string;
  readonly action: RouteAction;
  /** One sentence without a full stop. */
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** The JSON of the answer: members that it does not name are left out. Absent for an `Answer` of another kind. */
  readonly result?: Result;
  /** Status of a good answer, 200 when absent. */
  readonly status?: number;
  /** Media type of the answer when it is not JSON, for the document. */
  readonly produces?: string;
  /** Bytes of the largest body, 1 MiB when absent. */
  readonly maxBodyBytes?: number;
  /** Media type of the body when it is not JSON; the handler gets its bytes. */
  readonly consumes?: string;
  /** How errors leave: problem+json, or the shape of OpenAI's API. */
  readonly errors?: 'problem' | 'openai';
  /** A page for people: a link on another site may lead to it. */
  readonly isPage?: boolean;
  handle(
    request: RouteRequest<z.output<Params>, z.output<Query>, z.output<Body>>,
  ): Promise<z.input<Result> | Answer> | z.input<Result> | Answer;
}

export type Route = Definition<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

/** A route whose handler is typed by its schemas. */
export function route<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Result extends z.ZodType = z.ZodNever,
>(definition: Definition<Params, Query, Body, Result>): Route {
  return definition;
}

/** An answer that is no JSON of a schema: a stream, a text, another status or headers of its own. */
export class Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer | Readable;

  constructor(body: string | Buffer | Readable, headers: Readonly<Record<string, string | string[]>>, status = 200) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** The path as a client writes it. */
export function fullPath({ path }: Pick<Route, 'path'>): string {
  return path.startsWith('//') ? path.slice(1) : `/api/v1${path}`;
}
