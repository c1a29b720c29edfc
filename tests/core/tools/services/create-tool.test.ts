import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, endOf, talk, toolEnds } from './tools-kit.ts';

const source = (name: string, body: string, more = ''): string =>
  `import { defineTool, z } from 'claw/tool';\nexport default defineTool({ name: '${name}', description: 'Rolls.', input: z.object({ sides: z.int() }), ${more} run: async ({ sides }: { sides: number }, ctx) => { ${body} } });\n`;

const examples = [{ input: { sides: 6 }, expected: 3 }];

test('asked for a dice roller, the assistant writes it, and the next turn uses it', async () => {
  const it = await talk([
    call('create_tool', {
      source: source('dice', 'return 1 + Math.floor(Math.random() * sides);'),
      permissions: {},
      examples,
    }),
    { text: 'The dice roller is there.' },
    call('dice', { sides: 6 }),
    { text: 'Rolled.' },
  ]);
  const first = await it.send('make me a dice roller');
  expect(toolEnds(first)).toMatchObject([{ name: 'create_tool', status: 'ok' }]);
  expect(it.requests[0]?.tools.map(({ name }) => name)).not.toContain('dice');
  const second = await it.send('roll it');
  expect(it.requests[2]?.tools.map(({ name }) => name)).toContain('dice');
  const [rolled] = toolEnds(second);
  expect(rolled).toMatchObject({ name: 'dice', status: 'ok' });
  expect(Number(rolled?.output)).toBeGreaterThanOrEqual(1);
  expect(Number(rolled?.output)).toBeLessThanOrEqual(6);
});

test('a draft that reads /etc/passwd is refused with the reason, reads nothing, and the turn goes on', async () => {
  const peek = `import { readFileSync } from 'node:fs';\n${source('peek', "return readFileSync('/etc/passwd', 'utf8');")}`;
  const it = await talk([
    call('create_tool', { source: peek, permissions: {}, examples: [{ input: { sides: 1 }, expected: 'root' }] }),
    call('create_tool', {
      source: source(
        'peek',
        "return ctx.files.read('/etc/passwd');",
        "permissions: { files: [{ folder: '/etc', mode: 'read' }] },",
      ),
      examples,
    }),
    call('create_tool', { source: source('peek', "return (await ctx.files.read('/etc/passwd')).length;"), examples }),
    { text: 'I could not do that.' },
  ]);
  const events = await it.send('show me the users', () => expect.unreachable('nobody should be asked'));
  expect(toolEnds(events)).toMatchObject([
    { status: 'refused', output: expect.stringContaining('node:fs') as string },
    { status: 'refused', output: expect.stringContaining('/etc') as string },
    { status: 'refused', output: expect.stringContaining('granted') as string },
  ]);
  expect(JSON.stringify(it.requests)).not.toContain('root:x:0');
  expect(endOf(events)).toMatchObject({ stopReason: 'complete', text: 'I could not do that.' });
  expect(existsSync(join(it.home, 'tools', 'peek.ts'))).toBe(false);
});

test('one that wants more is put before the user with what it wants; a yes makes it usable, and the clock of the call stood still', async () => {
  const wants = source('lookup', 'return sides;', "permissions: { net: ['api.example.com'] },");
  const it = await talk([
    call('create_tool', { source: wants, examples: [{ input: { sides: 3 }, expected: 3 }] }),
    { text: 'Done.' },
  ]);
  const acts: string[] = [];
  const events = await it.send('make it', ({ approvalId, act }) => {
    acts.push(act);
    void it.approvals.decide(approvalId, { isApproved: true, scope: 'once', by: it.userId });
  });
  expect(acts).toEqual(['new tool lookup, which may then reach api.example.com over the network']);
  expect(toolEnds(events)).toMatchObject([{ status: 'ok' }]);
  expect((await it.tools.snapshot(it.userId)).tools.map(({ name }) => name)).toContain('lookup');
});

test('a no leaves it out, and where nobody can be asked the command to approve is told', async () => {
  const wants = (name: string) => ({
    source: source(name, 'return sides;', "permissions: { net: ['api.example.com'] },"),
    examples: [{ input: { sides: 3 }, expected: 3 }],
  });
  const it = await talk([
    call('create_tool', wants('first')),
    { text: 'No.' },
    call('create_tool', wants('second')),
    { text: 'Later.' },
  ]);
  const denied = await it.send('make it', ({ approvalId }) => {
    void it.approvals.decide(approvalId, { isApproved: false, scope: 'once', by: it.userId });
  });
  expect(toolEnds(denied)).toMatchObject([{ status: 'refused', output: expect.stringContaining('denied') as string }]);
  const unasked = await it.send('make it');
  expect(toolEnds(unasked)).toMatchObject([
    { status: 'refused', output: expect.stringContaining('claw approval approve') as string },
  ]);
  const states = (await it.tools.registry.entries()).map(({ name, state }) => `${name} ${state}`);
  expect(states).toContain('second pending');
  expect(states).not.toContain('first pending');
});
