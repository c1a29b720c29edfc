/** Owns how states of tools look, and which routes a change of a tool touches. */
import type { Endpoint, Result } from '../../api/client.ts';
import type { Tone } from '../../components/badge.tsx';
import type { Texts } from '../../language/texts.ts';

export type Tool = Result<'GET /tools'>[number];

/** A tool or one version of it, whole. */
export type ToolInfo = Result<'GET /tools/{name}'>;

export const TOOL_ROUTES: readonly Endpoint[] = [
  'GET /tools',
  'GET /tools/{name}',
  'GET /tools/{name}/versions',
  'GET /marketplace/installed',
  'GET /marketplace/search',
  'GET /marketplace/updates',
];

const TONES: Readonly<Record<string, Tone>> = {
  active: 'good',
  pending: 'warn',
  draft: 'bad',
  disabled: 'quiet',
  rejected: 'bad',
  quarantined: 'bad',
  shadowed: 'bad',
};

export function toneOf(state: string): Tone {
  return TONES[state] ?? 'quiet';
}

/** The word for a code, or the code where there is none. */
export function wordOf(words: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code] ?? code) : code;
}

/** The end of a list: those that can be used, then those that cannot. */
export const STATE_NAMES: readonly (keyof Texts['tools']['states'])[] = [
  'active',
  'pending',
  'draft',
  'disabled',
  'rejected',
  'quarantined',
  'shadowed',
];

export const ORIGIN_NAMES: readonly (keyof Texts['tools']['origins'])[] = ['builtin', 'user', 'ai', 'marketplace'];
