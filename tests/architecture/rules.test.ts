import { describe, expect, it } from 'vitest';
import { readModule } from './read-module.ts';
import * as rules from './rules.ts';

/** Runs `rule` on a tree planted in memory. */
function broken(rule: rules.Rule, files: Readonly<Record<string, string>>): readonly string[] {
  return rule(Object.entries(files).map(([path, source]) => readModule(path, source)));
}

const lines = (count: number): string => `${'// a line\n'.repeat(count - 1)}export const last = 1;\n`;
const longFunction = (name: string, count: number): string =>
  `export function ${name}() {\n${'  run();\n'.repeat(count - 2)}}\n`;

describe('ranks', () => {
  const forms = {
    'a static import': "import { x } from '../agent/x.ts'; x();",
    'a type-only import': "import type { X } from '../agent/x.ts'; export type Y = X;",
    'a dynamic import': "export const load = () => import('../agent/x.ts');",
    'a re-export': "export { x } from '../agent/x.ts'; export const y = 1;",
    'an import type': "export type X = import('../agent/x.ts').X;",
    'a require': "const x = require('../agent/x.ts'); x();",
  };
  for (const [form, source] of Object.entries(forms)) {
    it(`refuse ${form} of a higher rank`, () => {
      expect(broken(rules.ranks, { 'src/core/llm/a.ts': source })).toEqual([
        'src/core/llm/a.ts:1 (rank 1) imports src/core/agent/x.ts (rank 3)',
      ]);
    });
  }

  it('refuse a folder of the same rank', () => {
    expect(broken(rules.ranks, { 'src/repl/a.ts': "import '../serve/b.ts';" })).toHaveLength(1);
  });

  it('refuse a file outside every ranked folder', () => {
    expect(broken(rules.ranks, { 'src/helpers/a.ts': 'export const a = 1;' })).toHaveLength(1);
    expect(broken(rules.ranks, { 'src/core/llm/a.ts': "import '../helpers/a.ts';" })).toHaveLength(1);
  });

  it('allow the own folder and lower ranks', () => {
    const source = "import './b.ts'; import '../kernel/errors.ts'; import './deep/c.ts';";
    expect(broken(rules.ranks, { 'src/core/llm/a.ts': source })).toEqual([]);
  });
});

describe('doors', () => {
  it('refuse a package beside its door, in any form and by any path inside it', () => {
    const source =
      "import type { Kysely } from 'kysely/migration'; export const f = () => import('@anthropic-ai/sdk/core');";
    expect(broken(rules.doors, { 'src/core/agent/a.ts': source })).toHaveLength(2);
    expect(broken(rules.doors, { 'src/core/agent/a.ts': "import { spawn } from 'node:child_process';" })).toHaveLength(
      1,
    );
  });

  it('refuse a package without a row', () => {
    expect(broken(rules.doors, { 'src/core/llm/a.ts': "import 'left-pad';" })).toHaveLength(1);
  });

  it('allow a package at its door and plain modules of Node', () => {
    expect(broken(rules.doors, { 'src/core/store/a.ts': "import 'kysely'; import 'node:fs';" })).toEqual([]);
  });

  it('refuse a second file for a package that one file owns', () => {
    const files = {
      'src/core/llm/a.ts': "import 'openai';",
      'src/core/llm/b.ts': "import type { X } from 'openai/x';",
    };
    expect(broken(rules.oneFilePackages, files)).toEqual([
      'openai is imported by src/core/llm/a.ts and src/core/llm/b.ts',
    ]);
  });

  it('refuse a tool that reaches into claw or Node', () => {
    const source = "import { defineTool } from 'claw/tool'; import '../src/core/kernel/ids.ts'; import 'node:fs';";
    expect(broken(rules.toolImports, { 'tools/a.ts': source })).toHaveLength(2);
  });
});

describe('cycles', () => {
  it('refuse one through type-only imports', () => {
    const files = {
      'src/cli/a.ts': "import type { B } from './b.ts'; export type A = B;",
      'src/cli/b.ts': "import './c.ts'; export type B = 1;",
      'src/cli/c.ts': "export const load = () => import('./a.ts');",
    };
    expect(broken(rules.cycles, files)).toEqual(['src/cli/a.ts -> src/cli/b.ts -> src/cli/c.ts -> src/cli/a.ts']);
  });

  it('allow two ways to one file', () => {
    const files = {
      'src/cli/a.ts': "import './b.ts'; import './c.ts';",
      'src/cli/b.ts': "import './c.ts';",
      'src/cli/c.ts': 'export const c = 1;',
    };
    expect(broken(rules.cycles, files)).toEqual([]);
  });
});

describe('sizes', () => {
  it('refuse a file of 351 lines and allow one of 350', () => {
    expect(broken(rules.sizes, { 'src/cli/a.ts': lines(351) })).toHaveLength(1);
    expect(broken(rules.sizes, { 'src/cli/a.ts': lines(350) })).toEqual([]);
  });

  it('refuse a command of 51 lines', () => {
    expect(broken(rules.sizes, { 'src/commands/a.ts': lines(51) })).toHaveLength(1);
  });

  it('refuse a function of 71 lines, a method and an arrow function too', () => {
    const inside = 'run();\n'.repeat(69);
    expect(broken(rules.sizes, { 'src/cli/a.ts': longFunction('f', 71) })).toEqual(['src/cli/a.ts:1 f has 71 lines']);
    expect(broken(rules.sizes, { 'src/cli/a.ts': `export class A { m() {\n${inside}} }` })).toHaveLength(1);
    expect(broken(rules.sizes, { 'src/cli/a.ts': `export const f = () => {\n${inside}};` })).toHaveLength(1);
    expect(broken(rules.sizes, { 'src/cli/a.ts': longFunction('f', 70) })).toEqual([]);
  });

  it('allow a component 120 lines', () => {
    expect(broken(rules.sizes, { 'src/repl/a.tsx': longFunction('App', 120) })).toEqual([]);
    expect(broken(rules.sizes, { 'src/repl/a.tsx': longFunction('App', 121) })).toHaveLength(1);
    expect(broken(rules.sizes, { 'src/repl/a.tsx': longFunction('app', 120) })).toHaveLength(1);
  });
});

describe('habits', () => {
  it('refuse process.env outside config, in any form', () => {
    const forms = [
      'export const a = process.env.HOME;',
      "export const a = process['env'];",
      'const { env } = process; export const a = env;',
      "import { env } from 'node:process'; export const a = env;",
    ];
    for (const source of forms) expect(broken(rules.environment, { 'src/cli/a.ts': source }), source).toHaveLength(1);
    expect(broken(rules.environment, { 'src/core/config/a.ts': forms[0] ?? '' })).toEqual([]);
  });

  it('refuse barrels', () => {
    expect(broken(rules.barrels, { 'src/cli/all.ts': "export { a } from './a.ts';" })).toHaveLength(1);
    expect(broken(rules.barrels, { 'src/cli/index.ts': 'export const a = 1;' })).toHaveLength(1);
    expect(broken(rules.barrels, { 'src/cli/a.ts': "export * from './b.ts'; export const a = 1;" })).toHaveLength(1);
    expect(broken(rules.barrels, { 'src/cli/a.ts': 'export const a = 1;' })).toEqual([]);
  });

  it('refuse module-level state that can change', () => {
    const forms = [
      'let a = 1; a += 1;',
      'export let a = 1;',
      'const cache = new Map(); cache.get(1);',
      'const seen = []; seen.at(0);',
    ];
    for (const source of forms) expect(broken(rules.mutableState, { 'src/cli/a.ts': source }), source).toHaveLength(1);
    const fixed = "const names = new Set(['a']); export const f = () => { let a = names.size; return a++; };";
    expect(broken(rules.mutableState, { 'src/cli/a.ts': fixed })).toEqual([]);
  });

  it('refuse comments that put work off', () => {
    expect(broken(rules.postponedWork, { 'src/cli/a.ts': '// TODO later' })).toHaveLength(1);
  });

  it('refuse to read a file that does not parse', () => {
    expect(() => readModule('src/cli/a.ts', 'export const = ;')).toThrow('does not parse');
  });
});
