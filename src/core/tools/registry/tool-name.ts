/** Owns the rule for names of tools. */

export const NAME_RULE = 'a lower-case letter, then lower-case letters, digits and _, 2 to 50 in all';

/** Names that would read as something else in JSON or JavaScript. */
const RESERVED = new Set([
  'constructor',
  'prototype',
  'default',
  'main',
  'schema',
  'eval',
  'import',
  'delete',
  'new',
  'tool',
  'index',
]);

export function isToolName(name: string): boolean {
  return /^[a-z][a-z0-9_]{1,49}$/.test(name) && !RESERVED.has(name);
}
