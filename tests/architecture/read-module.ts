/** Reads what the rules need to know of a source file, by its syntax tree. Throws on a file that does not parse, so that nothing is silently left out. */
import { parseSync } from 'oxc-parser';

export interface Import {
  /** As written. */
  readonly from: string;
  readonly line: number;
}

export interface FunctionSize {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface Module {
  /** From the root of the project, with /. */
  readonly path: string;
  readonly lines: number;
  /** Static, dynamic, re-exporting and type-only imports alike. */
  readonly imports: readonly Import[];
  readonly functions: readonly FunctionSize[];
  /** Lines that read process.env. */
  readonly environmentReads: readonly number[];
  /** Lines of module-level `let`, `var`, and empty collections. */
  readonly mutableState: readonly number[];
  /** True when it does nothing but re-export. */
  readonly isBarrel: boolean;
  /** Lines of `export *`. */
  readonly starExports: readonly number[];
  /** Lines of comments that put work off. */
  readonly postponed: readonly number[];
  /** Lines of dynamic imports whose target is computed. */
  readonly computedImports: readonly number[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Facts {
  imports: Import[];
  functions: FunctionSize[];
  environmentReads: number[];
  computedImports: number[];
}

/** The facts of `source`, the text of the file at `path`. */
export function readModule(path: string, source: string): Module {
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const lineOf = lineCounter(source);
  const facts: Facts = { imports: [], functions: [], environmentReads: [], computedImports: [] };
  walk(program as unknown as Node, undefined, (node, parent) => collect(node, parent, lineOf, facts));
  const body = (program as unknown as { body: Node[] }).body;
  return {
    path,
    lines: source.split('\n').length - (source.endsWith('\n') ? 1 : 0),
    ...facts,
    mutableState: body.filter(isMutableState).map((node) => lineOf(node.start)),
    isBarrel: body.length > 0 && body.every(isReExport),
    starExports: body.filter((node) => node.type === 'ExportAllDeclaration').map((node) => lineOf(node.start)),
    postponed: comments
      .filter(({ value }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(value))
      .map(({ start }) => lineOf(start)),
  };
}

function collect(node: Node, parent: Node | undefined, lineOf: (at: number) => number, facts: Facts): void {
  const source = node['source'] as Node | null | undefined;
  if (/^(Import|ExportAll|ExportNamed)Declaration$/.test(node.type) && source) {
    facts.imports.push({ from: String(source['value']), line: lineOf(node.start) });
  } else if (node.type === 'ImportExpression' || node.type === 'TSImportType') {
    const target = literalOf(source ?? (node['argument'] as Node));
    if (target === undefined) facts.computedImports.push(lineOf(node.start));
    else facts.imports.push({ from: target, line: lineOf(node.start) });
  } else if (node.type === 'CallExpression' && nameOf(node['callee']) === 'require') {
    const target = literalOf((node['arguments'] as Node[])[0]);
    if (target !== undefined) facts.imports.push({ from: target, line: lineOf(node.start) });
  } else if (readsEnvironment(node)) {
    facts.environmentReads.push(lineOf(node.start));
  } else if (/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) {
    const lines = lineOf(node.end) - lineOf(node.start) + 1;
    const name = nameOf(node['id']) ?? nameOf(parent?.['id']) ?? nameOf(parent?.['key']) ?? 'a function';
    facts.functions.push({ name, line: lineOf(node.start), lines });
  }
}

/** `process.env`, `process['env']`, `{ env } = process`, `import { env } from 'node:process'`. */
function readsEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression' && nameOf(node['object']) === 'process') {
    return nameOf(node['property']) === 'env' || literalOf(node['property'] as Node) === 'env';
  }
  if (node.type === 'VariableDeclarator' && nameOf(node['init']) === 'process') {
    const pattern = node['id'] as Node;
    return (
      pattern.type === 'ObjectPattern' &&
      (pattern['properties'] as Node[]).some((each) => nameOf(each['key']) === 'env')
    );
  }
  return node.type === 'ImportSpecifier' && nameOf(node['imported']) === 'env';
}

function isMutableState(statement: Node): boolean {
  const node = statement.type === 'ExportNamedDeclaration' ? (statement['declaration'] as Node | null) : statement;
  if (node?.type !== 'VariableDeclaration' || node['declare'] === true) return false;
  if (node['kind'] !== 'const') return true;
  return (node['declarations'] as Node[]).some(({ init }) => isEmptyCollection(init as Node | null));
}

function isEmptyCollection(node: Node | null): boolean {
  if (node?.type === 'ArrayExpression') return (node['elements'] as unknown[]).length === 0;
  if (node?.type === 'ObjectExpression') return (node['properties'] as unknown[]).length === 0;
  if (node?.type !== 'NewExpression' || (node['arguments'] as unknown[]).length > 0) return false;
  return ['Map', 'Set', 'WeakMap', 'WeakSet'].includes(nameOf(node['callee']) ?? '');
}

function isReExport(node: Node): boolean {
  return node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && node['source'] !== null);
}

function nameOf(node: unknown): string | undefined {
  const named = node as Node | null | undefined;
  return named && (named.type === 'Identifier' || named.type === 'PrivateIdentifier')
    ? String(named['name'])
    : undefined;
}

function literalOf(node: Node | undefined): string | undefined {
  if (node?.type === 'TSLiteralType') return literalOf(node['literal'] as Node);
  return node?.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

function walk(node: Node, parent: Node | undefined, visit: (node: Node, parent: Node | undefined) => void): void {
  visit(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (child !== null && typeof child === 'object' && 'type' in child) walk(child as Node, node, visit);
    }
  }
}

/** A function from an offset in `source` to its line, counted from 1. */
function lineCounter(source: string): (at: number) => number {
  const starts = [0];
  for (let at = source.indexOf('\n'); at !== -1; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return (at) => starts.findLastIndex((start) => start <= at) + 1;
}
