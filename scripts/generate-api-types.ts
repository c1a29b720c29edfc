/** Generates the types by which the dashboard talks to the API, from the same rows that the server answers by. */
import { openApiDocument } from '../src/serve/http/openapi.ts';
import { allRoutes } from '../src/serve/http/routes.ts';
import { emitGenerated } from './generated-file.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

interface Operation {
  readonly parameters: readonly { name: string; in: string; required: boolean; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema?: Schema }>> };
  readonly responses: Readonly<Record<string, { content: Readonly<Record<string, { schema?: Schema }>> }>>;
}

const SIMPLE: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** The type that a JSON Schema describes; `unknown` for what it leaves open. */
function typeOf(schema: Schema | undefined): string {
  if (schema === undefined) return 'unknown';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return union(choices.map(typeOf));
  if (schema.allOf !== undefined) return schema.allOf.map((each) => `(${typeOf(each)})`).join(' & ');
  if (Array.isArray(schema.type)) return union(schema.type.map((type: string) => typeOf({ ...schema, type })));
  if (schema.prefixItems !== undefined) return `readonly [${schema.prefixItems.map(typeOf).join(', ')}]`;
  if (schema.type === 'array') return `readonly (${typeOf(schema.items)})[]`;
  if (schema.type === 'object' || schema.properties !== undefined) return objectType(schema);
  return SIMPLE[String(schema.type)] ?? 'unknown';
}

function union(types: readonly string[]): string {
  return [...new Set(types)].map((type) => (type.includes('&') ? `(${type})` : type)).join(' | ') || 'never';
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, each]) => `readonly ${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(each)}`,
  );
  const isOpen = typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0;
  if (members.length === 0) {
    if (isOpen) return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`;
    return additionalProperties === false ? 'Readonly<Record<string, never>>' : 'Readonly<Record<string, unknown>>';
  }
  const isLoose = typeof additionalProperties === 'object' && !isOpen;
  return `{ ${members.join('; ')} }${isLoose ? ' & Readonly<Record<string, unknown>>' : ''}`;
}

function operationType({ parameters, requestBody, responses }: Operation): string {
  const part = (place: string): string => {
    const own = parameters.filter((each) => each.in === place);
    const required = own.filter((each) => each.required).map(({ name }) => name);
    return own.length === 0
      ? 'undefined'
      : objectType({ properties: Object.fromEntries(own.map(({ name, schema }) => [name, schema])), required });
  };
  const good = Object.entries(responses).find(([status]) => status !== 'default')?.[1].content['application/json'];
  const body = requestBody?.content['application/json']?.schema;
  return `{ params: ${part('path')}; query: ${part('query')}; body: ${body === undefined ? 'undefined' : typeOf(body)}; result: ${typeOf(good?.schema)} }`;
}

const deps = {
  app: {},
  streams: {},
  uploads: {},
  version: '0',
  metricsText: async () => '',
  metricsHistory: () => ({ every_seconds: 10, points: [] }),
} as unknown as Parameters<typeof allRoutes>[0];
const routes = allRoutes(deps, () => ({ isReady: true, report: {} }));
const { paths } = openApiDocument(routes, '0') as { paths: Record<string, Record<string, Operation>> };
const lines = Object.entries(paths)
  .filter(([path]) => path.startsWith('/api/v1/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        `  ${JSON.stringify(`${method.toUpperCase()} ${path.slice('/api/v1'.length)}`)}: ${operationType(operation)};`,
    ),
  );

emitGenerated(
  'src/dashboard/api/types.ts',
  `/** Generated from the routes of the server by scripts/generate-api-types.ts; change them there. What each asks for and answers. */\nexport interface Api {\n${lines.toSorted().join('\n')}\n}\n`,
  'scripts/generate-api-types.ts',
);
