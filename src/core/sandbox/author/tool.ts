/** Owns what a tool's author imports as `claw/tool`: defineTool, and z, a small builder of JSON Schema. It runs inside the wall and touches nothing outside. */

/** What a tool may do; nothing declared, nothing reachable. */
export interface Permissions {
  /** Hosts: `api.example.com`, `*.example.com`. */
  net?: string[];
  files?: { folder: string; mode: 'read' | 'write' }[];
  /** Names of programs. */
  exec?: string[];
  /** Stored secrets, each sent to one host only. */
  secrets?: { name: string; host: string }[];
  /** Services of claw: `memory`, `knowledge` and so on. */
  host?: string[];
}

/** What `run` is given besides its input. Every function asks claw, which checks the grant. */
export interface ToolContext {
  /** As the global `fetch`. `secrets: {header: 'NAME'}` puts a stored secret into that header without showing it to the tool. */
  fetch(url: string, options?: FetchOptions): Promise<Response>;
  files: {
    read(path: string, options?: { offset?: number; limit?: number }): Promise<string>;
    write(path: string, text: string): Promise<void>;
    list(path?: string): Promise<{ name: string; type: 'file' | 'folder' | 'other'; bytes: number }[]>;
  };
  exec(
    program: string,
    args?: string[],
    options?: { input?: string },
  ): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** A service of claw by name: `ctx.host('memory').call('search', {query})`. */
  host(service: string): { call(method: string, args?: object): Promise<unknown> };
  log(...words: unknown[]): void;
  progress(text: string): void;
  /** Aborts when the call is stopped or out of time, a moment before its process ends. */
  signal: AbortSignal;
}

export interface FetchOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  secrets?: Record<string, string>;
}

export interface ToolDefinition<Input> {
  name: string;
  description: string;
  version?: string;
  /** A schema made with z, or plain JSON Schema of type object. */
  input: Schema<Input> | object;
  permissions?: Permissions;
  /** `node`: may import Node's own modules; runs only inside bubblewrap or a container. */
  runtime?: 'quickjs' | 'node';
  examples?: { input: object; output?: unknown }[];
  /** May run at the same time as other calls (default true). */
  parallel?: boolean;
  /** Running it twice does no harm (default false). */
  idempotent?: boolean;
  /** Where its answer comes from: `web` and `file` are shown to the model as data. */
  provenance?: 'tool' | 'web' | 'file';
  run(input: Input, ctx: ToolContext): unknown;
}

/** Names the type; the definition itself is passed on as it is. */
export function defineTool<Input>(definition: ToolDefinition<Input>): ToolDefinition<Input> {
  return definition;
}

/** A JSON Schema with the type it describes. */
export interface Schema<Type> {
  /** The JSON Schema. */
  readonly json: Record<string, unknown>;
  readonly isOptional: boolean;
  /** Only for the type checker. */
  readonly type?: Type;
  optional(): Schema<Type | undefined>;
  default(value: Type): Schema<Type>;
  describe(text: string): Schema<Type>;
  /** Least value, length or number of items. */
  min(limit: number): Schema<Type>;
  /** Greatest value, length or number of items. */
  max(limit: number): Schema<Type>;
  int(): Schema<Type>;
}

type Infer<S> = S extends Schema<infer Type> ? Type : never;
type OptionalKeys<Shape> = { [Key in keyof Shape]: undefined extends Infer<Shape[Key]> ? Key : never }[keyof Shape];
type ObjectOf<Shape> = { [Key in Exclude<keyof Shape, OptionalKeys<Shape>>]: Infer<Shape[Key]> } & {
  [Key in OptionalKeys<Shape>]?: Infer<Shape[Key]>;
};

function schema<Type>(json: Record<string, unknown>, isOptional = false): Schema<Type> {
  const bound = (edge: 'min' | 'max', limit: number): Record<string, unknown> => {
    const suffix = json['type'] === 'string' ? 'Length' : json['type'] === 'array' ? 'Items' : 'imum';
    return { ...json, [`${edge}${suffix}`]: limit };
  };
  return {
    json,
    isOptional,
    optional: () => schema(json, true),
    default: (value) => schema({ ...json, default: value }, true),
    describe: (description) => schema({ ...json, description }, isOptional),
    min: (limit) => schema(bound('min', limit), isOptional),
    max: (limit) => schema(bound('max', limit), isOptional),
    int: () => schema({ ...json, type: 'integer' }, isOptional),
  };
}

export const z = {
  string: () => schema<string>({ type: 'string' }),
  number: () => schema<number>({ type: 'number' }),
  int: () => schema<number>({ type: 'integer' }),
  boolean: () => schema<boolean>({ type: 'boolean' }),
  any: () => schema<unknown>({}),
  literal: <Value extends string | number | boolean>(value: Value) => schema<Value>({ const: value }),
  enum: <const Values extends readonly string[]>(values: Values) =>
    schema<Values[number]>({ type: 'string', enum: values }),
  array: <Item>(item: Schema<Item>) => schema<Item[]>({ type: 'array', items: item.json }),
  record: <Value>(value: Schema<Value>) =>
    schema<Record<string, Value>>({ type: 'object', additionalProperties: value.json }),
  union: <Options extends readonly Schema<unknown>[]>(options: Options) =>
    schema<Infer<Options[number]>>({ anyOf: options.map(({ json }) => json) }),
  object: <Shape extends Record<string, Schema<unknown>>>(shape: Shape) => {
    const entries = Object.entries(shape);
    const required = entries.filter(([, member]) => !member.isOptional).map(([name]) => name);
    return schema<ObjectOf<Shape>>({
      type: 'object',
      properties: Object.fromEntries(entries.map(([name, member]) => [name, member.json])),
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    });
  },
};
