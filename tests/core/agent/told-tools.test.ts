import { expect, test } from 'vitest';
import { toldTools } from '../../../src/core/agent/told-tools.ts';
import type { JsonObject } from '../../../src/core/kernel/messages.ts';
import type { ToolDescription } from '../../../src/core/tools/tool-port.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    maxLength: { type: 'string', maxLength: 10, description: 'A limit.' },
    limit: { type: 'integer', minimum: 1, maximum: 20 },
    list: { type: 'array', maxItems: 3, items: { type: 'object', properties: {}, additionalProperties: false } },
  },
  required: ['maxLength'],
  additionalProperties: false,
};
const tool = (origin: ToolDescription['origin']): ToolDescription => ({
  name: 'probe', description: 'a probe', inputSchema: schema, version: '1.0.0', origin, parallel: true, idempotent: false, provenance: 'tool',
}); // oxfmt-ignore

test('a shipped tool is told without the limits that only a validator needs, its properties whatever their names', () => {
  expect(toldTools([tool('builtin')])[0]?.inputSchema).toEqual({
    type: 'object',
    properties: {
      maxLength: { type: 'string', description: 'A limit.' },
      limit: { type: 'integer', maximum: 20 },
      list: { type: 'array', items: { type: 'object', properties: {} } },
    },
    required: ['maxLength'],
  });
});

test("everybody else's tool is told as it is", () => {
  expect(toldTools([tool('user')])[0]?.inputSchema).toBe(schema);
});
