/** Owns the tools that need no wall because they are claw's own arithmetic: nothing of a user's or a model's is run. */
import type { JsonObject } from '../kernel/messages.ts';
import type { ToolCallRequest, ToolDescription, ToolHost, ToolOutcome } from './tool-port.ts';

const TWO_NUMBERS: JsonObject = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
  additionalProperties: false,
};

function arithmetic(name: string, description: string): ToolDescription {
  const fixed = { version: '1.0.0', origin: 'builtin', parallel: true, idempotent: true, provenance: 'tool' } as const;
  return { name, description, inputSchema: TWO_NUMBERS, ...fixed };
}

const TOOLS = [
  arithmetic('add_two_numbers', 'Adds two numbers and returns the sum.'),
  arithmetic('multiply_two_numbers', 'Multiplies two numbers and returns the product.'),
];

export function createBuiltinTools(): ToolHost {
  return { snapshot: async () => ({ tools: TOOLS, call }) };
}

async function call({ name, input }: ToolCallRequest): Promise<ToolOutcome> {
  const { a, b } = input;
  if (typeof a !== 'number' || typeof b !== 'number') return { status: 'error', output: 'a and b must be numbers.' };
  return { status: 'ok', output: String(name === 'add_two_numbers' ? a + b : a * b) };
}
