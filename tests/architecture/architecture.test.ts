import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOORS, RANKS } from './law.ts';
import { readModule } from './read-module.ts';
import * as rules from './rules.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (path) => path.includes('node_modules') }).map((path) =>
    readModule(path, readFileSync(join(root, path), 'utf8')),
  );

const source = [
  ...read('src/**/*.{ts,tsx}'),
  ...read('bin/*.js'),
  ...read('tools/*.ts'),
  ...read('marketplace/**/*.ts'),
];
const tests = read('tests/**/*.{ts,tsx}');
const workshop = [...read('scripts/*.ts'), ...read('bench/**/*.ts')];

describe('the source tree', () => {
  it('was read', () => {
    expect(source.length).toBeGreaterThan(40);
    expect(source.flatMap(({ imports }) => imports).length).toBeGreaterThan(source.length);
    expect(tests.length).toBeGreaterThan(5);
  });

  it('keeps the ranks', () => expect(rules.ranks(source)).toEqual([]));
  it('keeps the doors', () => expect([...rules.doors(source), ...rules.oneFilePackages(source)]).toEqual([]));
  it('keeps tools to their interface', () => expect(rules.toolImports(source)).toEqual([]));
  it('has no import cycle', () => expect(rules.cycles([...source, ...tests, ...workshop])).toEqual([]));
  it('keeps to its sizes', () => expect(rules.sizes([...source, ...workshop])).toEqual([]));
  it('reads the environment in one folder', () => expect(rules.environment(source)).toEqual([]));
  it('has no barrel', () => expect(rules.barrels([...source, ...workshop])).toEqual([]));
  it('has no module-level mutable state', () => expect(rules.mutableState(source)).toEqual([]));
  it('puts no work off', () => expect(rules.postponedWork([...source, ...tests, ...workshop])).toEqual([]));
});

describe('the law', () => {
  it('names no folder or door that is gone from the plan', () => {
    for (const [name, open] of Object.entries(DOORS)) {
      for (const door of open) {
        const isKnown =
          door === 'src' || Object.keys(RANKS).some((folder) => door === folder || door.startsWith(`${folder}/`));
        expect(isKnown, `${name}: ${door}`).toBe(true);
      }
    }
  });
});

describe('tests', () => {
  it('mirror the source path for path', () => {
    const sources = new Set(source.map(({ path }) => path.replace(/^src\//, '').replace(/\.tsx?$/, '')));
    const strays = tests
      .map(({ path }) => path)
      .filter((path) => /^tests\/(core|cli|repl|serve|commands)\/.*\.test\.tsx?$/.test(path))
      .filter((path) => !sources.has(path.replace(/^tests\//, '').replace(/(\.\w+)?\.test\.tsx?$/, '')));
    expect(strays).toEqual([]);
  });

  it('mock no module, skip nothing, single nothing out', () => {
    const forbidden = [/\bvi\.(mock|doMock)\(/, /\b(it|test|describe)\.(skip|only|todo|skipIf|runIf)\b/];
    const found = tests
      .map(({ path }) => path)
      .filter((path) => {
        const text = readFileSync(join(root, path), 'utf8');
        return !path.startsWith('tests/architecture/') && forbidden.some((pattern) => pattern.test(text));
      });
    expect(found).toEqual([]);
  });
});
