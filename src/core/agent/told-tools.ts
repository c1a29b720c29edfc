/** Owns how much of a shipped tool's input schema a model is told: what only a validator needs stays here, since every request pays for it. */
import type { JsonObject, JsonValue } from '../kernel/messages.ts';
import type { ToolDescription } from '../tools/tool-port.ts';

/** Limits that are checked anyway before a tool runs, and that no model comes near. */
const UNTOLD = new Set(['maxLength', 'minLength', 'additionalProperties', 'maxItems', 'minItems', 'minimum']);

/** The same tools, schemas of shipped ones cut to what a model needs; the same schema gives the same bytes. */
export function toldTools(tools: readonly ToolDescription[]): ToolDescription[] {
  return tools.map((tool) =>
    tool.origin === 'builtin' ? { ...tool, inputSchema: cutSchema(tool.inputSchema) as JsonObject } : tool,
  );
}

/** Names of properties are kept whatever they are called. */
function cutSchema(schema: JsonValue): JsonValue {
  if (Array.isArray(schema)) return schema.map((each) => cutSchema(each));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).flatMap(([name, value]): [string, JsonValue][] => {
    if (UNTOLD.has(name)) return [];
    if (name !== 'properties' || typeof value !== 'object' || value === null) return [[name, cutSchema(value)]];
    return [[name, Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cutSchema(each)]))]];
  });
  return Object.fromEntries(entries);
}
