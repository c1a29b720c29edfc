/** Owns the layers that settings come from: what each one holds and where in it. Reads files, judges nothing. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { readConfigMembers } from './config-text.ts';
import { parseEnv } from './env-file.ts';
import type { Environment } from './home.ts';

/** Where a value comes from, strongest first; `default` is the table's own. */
export type Source = 'flag' | 'environment' | 'home-env' | 'cwd-env' | 'config' | 'default';

export interface Found {
  readonly raw: unknown;
  /** For people: `the environment`, or a file with its line. */
  readonly place: string;
}

export interface Layer {
  readonly source: Exclude<Source, 'default'>;
  readonly entries: ReadonlyMap<string, Found>;
  /** Why the layer's file could not be read; its entries are then empty. */
  readonly damage?: ClawError;
}

export interface LayerOptions {
  readonly home: string;
  readonly config: string;
  readonly env: string;
  readonly cwd: string;
  readonly environment: Environment;
  readonly overrides: Readonly<Record<string, string>>;
}

/** Every layer, strongest first. */
export function readLayers(options: LayerOptions): readonly Layer[] {
  const cwdEnv = join(options.cwd, '.env');
  const layers = [
    fromRecord('flag', options.overrides, 'the command line'),
    fromRecord('environment', options.environment, 'the environment'),
    fromEnvFile('home-env', options.env),
  ];
  if (!isSameFile(cwdEnv, options.env)) layers.push(fromEnvFile('cwd-env', cwdEnv));
  return [...layers, fromConfig(options.config)];
}

function fromRecord(source: Layer['source'], record: Environment, place: string): Layer {
  return { source, entries: new Map(Object.entries(record).map(([name, raw]) => [name, { raw, place }])) };
}

function fromEnvFile(source: Layer['source'], path: string): Layer {
  try {
    const entries = parseEnv(readFileSync(path));
    return {
      source,
      entries: new Map(entries.map(({ name, value, line }) => [name, { raw: value, place: `${path}:${line}` }])),
    };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // A folder called .env is a Python environment, and what cannot be read in a working directory was not meant for claw.
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code) || source === 'cwd-env') return { source, entries: new Map() };
    return { source, entries: new Map(), damage: unreadable(path, code, error) };
  }
}

function fromConfig(path: string): Layer {
  try {
    const members = readConfigMembers(readFileSync(path, 'utf8'), path);
    return {
      source: 'config',
      entries: new Map(members.map(({ name, value, line }) => [name, { raw: value, place: `${path}:${line}` }])),
    };
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { source: 'config', entries: new Map() };
    const damage = error instanceof ClawError ? error : unreadable(path, code, error);
    return { source: 'config', entries: new Map(), damage };
  }
}

function unreadable(path: string, code: string, cause: unknown): ClawError {
  return new ClawError('data-invalid', `${path} cannot be read (${code}).`, {
    hint: `Check the owner and mode of ${path} and of ${dirname(path)}.`,
    cause,
  });
}

function isSameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
