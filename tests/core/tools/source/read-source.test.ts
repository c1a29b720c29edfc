import { expect, test } from 'vitest';
import { readSource } from '../../../../src/core/tools/source/read-source.ts';

const ts = (source: string) => readSource({ source, language: 'ts' });
const rules = async (source: string): Promise<string[]> => (await ts(source)).findings.map(({ rule }) => rule);

test.each([
  ["import { spawn } from 'node:child_process'", 'node-module'],
  ["import fs from 'node:fs'", 'node-module'],
  ["import fs from 'fs/promises'", 'node-module'],
  ["import net from 'node:net'", 'node-module'],
  ["export * from 'node:http'", 'node-module'],
  ["import left from 'left-pad'", 'foreign-module'],
  ["const a = 'x'; await import(a + 'b')", 'dynamic-import'],
  ["await import('node:fs')", 'node-module'],
  ["const name = 'fs'; require(name)", 'require'],
  ["require('fs')", 'node-module'],
  ["eval('1')", 'code-from-text'],
  ["const e = eval; e('1')", 'code-from-text'],
  ["new Function('return 1')()", 'code-from-text'],
  ["Function('return 1')()", 'code-from-text'],
  ["setTimeout('evil()', 1)", 'code-from-text'],
  ["process.binding('fs')", 'process-access'],
  ["process['bin' + 'ding']('fs')", 'process-access'],
  ['const p = process', 'process-access'],
  ["globalThis['ev' + 'al']", 'global-access'],
  ['const k = 1; globalThis[k]', 'global-access'],
  ['const g = globalThis', 'global-access'],
  ["[].constructor.constructor('return 1')()", 'constructor-chain'],
  ["[]['constructor']['constructor']('return 1')()", 'constructor-chain'],
  ['({}).__proto__.x = 1', 'prototype-access'],
  ["const o = {}; o['con' + 'structor']", 'built-property-name'],
  ['const a = 1; // \u202e tixe', 'hidden-characters'],
  ['const a = 1; // \u001b[2J', 'hidden-characters'],
  ['const a = 1; // b\u{e0041}', 'hidden-characters'],
  ['const a = 1; // b\u200bc', 'hidden-characters'],
])('%s is a finding', async (source, rule) => {
  expect(await rules(source)).toContain(rule);
});

test('a plain tool has no findings, and only its types go', async () => {
  const { code, findings } = await ts(`import { defineTool } from 'claw/tool';
export default defineTool({ name: 'add', run: ({ a, b }: { a: number; b: number }) => ({ eval: a, process: b }) });`);
  expect(findings).toEqual([]);
  expect(code).toContain('run: ({ a, b }');
  expect(code).not.toContain('number');
});

test('a syntax error is a finding with its line, and there is no code', async () => {
  expect(await ts('const a = 1;\nconst b = ;')).toMatchObject({
    code: null,
    findings: [{ rule: 'syntax-error', line: 2 }],
  });
});

test('syntax that cannot be stripped is a finding', async () => {
  expect(await ts('enum A { B }')).toMatchObject({ code: null, findings: [{ rule: 'types-not-strippable' }] });
});

test.each([
  ['brackets', `${'['.repeat(60_000)}${']'.repeat(60_000)}`],
  ['arrows', `${'a=>'.repeat(60_000)}1`],
  ['types', `let x: ${'A<'.repeat(60_000)}1${'>'.repeat(60_000)}`],
  ['operators', `${'!'.repeat(60_000)}1`],
])('a source of %s that breaks parsers is refused and this process lives', async (_what, source) => {
  expect(await ts(source)).toMatchObject({ code: null, findings: [{ line: 1 }] });
});

test('a source over 256 KiB is refused', async () => {
  await expect(ts(' '.repeat(256 * 1024 + 1))).rejects.toThrow(/larger than/);
});
