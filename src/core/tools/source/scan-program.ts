/** Owns the static findings on a tool's source: hints for the model and for whoever approves. They are no wall, and nothing may depend on their being complete. */
import type { Node, Program } from 'oxc-parser';

export interface Finding {
  /** Stable, for programs. */
  readonly rule:
    | 'syntax-error'
    | 'types-not-strippable'
    | 'node-module'
    | 'foreign-module'
    | 'dynamic-import'
    | 'require'
    | 'code-from-text'
    | 'process-access'
    | 'global-access'
    | 'constructor-chain'
    | 'prototype-access'
    | 'built-property-name'
    | 'hidden-characters';
  /** 1, 2, 3 … */
  readonly line: number;
  readonly message: string;
}

type Found = Pick<Finding, 'rule' | 'message'>;
type AnyNode = Node & Readonly<Record<string, unknown>>;

/** What a tool may import. */
const OPEN_MODULES = new Set(['claw/tool', 'zod']);
const GLOBAL_NAMES = new Set(['globalThis', 'global', 'self', 'window']);
const CODE_MAKERS = new Set(['eval', 'Function', 'AsyncFunction', 'GeneratorFunction', 'AsyncGeneratorFunction']);
const BARE_NODE_MODULES = new Set([
  'fs',
  'fs/promises',
  'child_process',
  'net',
  'http',
  'https',
  'http2',
  'tls',
  'dgram',
  'dns',
  'os',
  'vm',
  'module',
  'process',
  'worker_threads',
  'cluster',
  'inspector',
  'v8',
  'repl',
  'wasi',
  'sqlite',
  'path',
  'stream',
  'util',
  'crypto',
]);

/** Control, bidi and invisible characters; not the ends of lines, tabs and what joins and colours emoji. */
const HIDDEN =
  /(?![\n\r\t]|\u200d|\ufe0f)[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufeff]|\r(?!\n)/gu;

/** The findings of a parsed program, in order of their lines. */
export function scanProgram(program: Program, source: string): Finding[] {
  const lineOf = lineCounter(source);
  const found: Finding[] = [];
  const open: { node: AnyNode; parent: AnyNode | undefined }[] = [
    { node: program as unknown as AnyNode, parent: undefined },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const each of findingsOf(next.node, next.parent)) found.push({ ...each, line: lineOf(next.node.start) });
    for (const child of childrenOf(next.node)) open.push({ node: child, parent: next.node });
  }
  for (const match of source.matchAll(HIDDEN)) {
    found.push({
      rule: 'hidden-characters',
      line: lineOf(match.index),
      message: 'a character that hides or reverses text',
    });
  }
  return found.toSorted((a, b) => a.line - b.line);
}

function findingsOf(node: AnyNode, parent: AnyNode | undefined): Found[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return moduleFinding(textOf(node.source as AnyNode | null));
    case 'ImportExpression': {
      const name = textOf(node.source as AnyNode);
      const what = name === undefined ? 'a computed name' : JSON.stringify(name);
      return [{ rule: 'dynamic-import', message: `import() of ${what}` }, ...moduleFinding(name)];
    }
    case 'CallExpression':
    case 'NewExpression':
      return callFinding(node);
    case 'MemberExpression':
      return memberFinding(node);
    case 'Identifier':
      return identifierFinding(node, parent);
    default:
      return [];
  }
}

function moduleFinding(name: string | undefined): Found[] {
  if (name === undefined || OPEN_MODULES.has(name)) return [];
  if (name.startsWith('node:') || BARE_NODE_MODULES.has(name)) {
    return [
      { rule: 'node-module', message: `imports ${JSON.stringify(name)}, a module of Node that the wall keeps closed` },
    ];
  }
  return [
    { rule: 'foreign-module', message: `imports ${JSON.stringify(name)}; a tool imports only claw/tool and zod` },
  ];
}

function callFinding(node: AnyNode): Found[] {
  const callee = node.callee as AnyNode;
  if (callee.type !== 'Identifier') return [];
  if (callee.name === 'require') {
    const [first] = node.arguments as AnyNode[];
    const name = first === undefined ? undefined : textOf(first);
    const what = name === undefined ? 'a computed name' : JSON.stringify(name);
    return [{ rule: 'require', message: `require of ${what}` }, ...moduleFinding(name)];
  }
  const [first] = node.arguments as AnyNode[];
  const isTimer = callee.name === 'setTimeout' || callee.name === 'setInterval';
  return isTimer && first !== undefined && isText(first)
    ? [{ rule: 'code-from-text', message: `${callee.name} with code as text` }]
    : [];
}

function memberFinding(node: AnyNode): Found[] {
  const object = node.object as AnyNode;
  const property = node.property as AnyNode;
  const name = propertyName(node);
  const found: Found[] = [];
  if (object.type === 'Identifier' && object.name === 'process') {
    found.push({ rule: 'process-access', message: `process.${name ?? '[computed]'}` });
  }
  if (object.type === 'Identifier' && GLOBAL_NAMES.has(object.name) && node.computed === true) {
    found.push({ rule: 'global-access', message: `${object.name}[…]: a global by a computed name` });
  }
  if (name === 'constructor' && object.type === 'MemberExpression' && propertyName(object) === 'constructor') {
    found.push({ rule: 'constructor-chain', message: 'constructor.constructor, a way to make code from text' });
  }
  if (name === '__proto__' || name === 'setPrototypeOf') {
    found.push({ rule: 'prototype-access', message: `changes or reads a prototype (${name})` });
  }
  if (node.computed === true && isBuiltText(property)) {
    found.push({ rule: 'built-property-name', message: 'a property name put together from pieces of text' });
  }
  return found;
}

function identifierFinding(node: AnyNode, parent: AnyNode | undefined): Found[] {
  const name = String(node.name);
  const isOwnName = parent !== undefined && isNameOnly(node, parent);
  if (isOwnName) return [];
  if (CODE_MAKERS.has(name)) return [{ rule: 'code-from-text', message: `${name}: code made from text` }];
  const isObject = parent?.type === 'MemberExpression' && parent.object === node;
  if (GLOBAL_NAMES.has(name) && !isObject) return [{ rule: 'global-access', message: `${name} handed on as a value` }];
  if (name === 'process' && !isObject) return [{ rule: 'process-access', message: 'process handed on as a value' }];
  if (name === 'WebAssembly') return [{ rule: 'code-from-text', message: 'WebAssembly' }];
  return [];
}

/** The identifier is a plain property or key, not a variable. */
function isNameOnly(node: AnyNode, parent: AnyNode): boolean {
  if (parent.computed === true) return false;
  const isKey = parent.key === node && parent.shorthand !== true;
  return (parent.type === 'MemberExpression' && parent.property === node) || isKey;
}

/** The name of a member, also when it is written as `["name"]`. */
function propertyName(node: AnyNode): string | undefined {
  const property = node.property as AnyNode;
  return node.computed === true ? textOf(property) : (property.name as string | undefined);
}

function textOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral' || (node.expressions as unknown[]).length > 0) return undefined;
  const [only] = node.quasis as { value: { cooked: string | null } }[];
  return only?.value.cooked ?? undefined;
}

function isText(node: AnyNode): boolean {
  return textOf(node) !== undefined || isBuiltText(node);
}

function isBuiltText(node: AnyNode): boolean {
  if (node.type === 'TemplateLiteral') return (node.expressions as unknown[]).length > 0;
  return (
    node.type === 'BinaryExpression' &&
    node.operator === '+' &&
    (isText(node.left as AnyNode) || isText(node.right as AnyNode))
  );
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return value !== null && typeof value === 'object' && typeof (value as { type?: unknown }).type === 'string';
}

function lineCounter(source: string): (offset: number) => number {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (low + 1 < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
