/** Owns what a tool's module is taken for, in both kinds of child: its two accepted shapes, and what it says of itself. */
import type { ToolDefinition } from '../author/tool.ts';

export interface LoadedModule {
  readonly default?: ToolDefinition<unknown>;
  readonly SCHEMA?: { readonly name: string; readonly description: string; readonly input_schema: object };
  readonly main?: (input: unknown) => unknown;
}

/** The tool in a module: `export default defineTool({…})`, or the SCHEMA and main of older tools. Throws `TypeError`. */
export function asDefinition({ default: tool, SCHEMA, main }: LoadedModule): ToolDefinition<unknown> {
  if (typeof tool?.run === 'function') return tool;
  if (typeof SCHEMA === 'object' && typeof main === 'function') {
    const { name, description, input_schema: input } = SCHEMA;
    return { name, description, input, run: (value) => main(value) };
  }
  throw new TypeError('a tool exports defineTool({…}) as default, or SCHEMA and main');
}

/** What the tool says of itself, complete. */
export function describe(tool: ToolDefinition<unknown>): object {
  const { name, description, input, permissions = {}, examples = [], runtime = 'quickjs' } = tool;
  const { parallel = true, idempotent = false, provenance = 'tool', version = '1.0.0' } = tool;
  const inputSchema = typeof input === 'object' && input !== null && 'json' in input ? input.json : input;
  const all = { net: [], files: [], exec: [], secrets: [], host: [], ...permissions };
  return {
    name,
    description,
    version,
    inputSchema,
    permissions: all,
    examples,
    runtime,
    parallel,
    idempotent,
    provenance,
  };
}

/** Values as one line of a log. */
export function words(values: readonly unknown[]): string {
  return values.map(word).join(' ');
}

function word(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return (typeof value === 'object' ? JSON.stringify(value) : undefined) ?? String(value);
}
