/** Owns the decision whether a path below a root may be read or written. Looks at names and at what exists; opens no file. The opener decides again on what it opened. */
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import { factsAt, inFolder, openRoot, refuseFacts, type OpenFolder } from './file-walk.ts';
import { pathParts } from './path-text.ts';
import { type FileMode, refuseHomeNames, refuseNames } from './protected-names.ts';

export interface FileRoot {
  /** Absolute path. */
  readonly folder: string;
  /** `write` includes `read`. */
  readonly mode: FileMode;
}

export interface PathQuestion {
  readonly root: FileRoot;
  readonly mode: FileMode;
  /** Relative to the root. */
  readonly path: string;
  /** The home of claw, whose own files are closed wherever the root lies. */
  readonly home?: string;
}

export interface PathAllowed {
  readonly decision: 'allow';
  readonly reason: string;
  /** Components below the root; empty for the root itself. */
  readonly parts: readonly string[];
}
export interface PathDenied {
  readonly decision: 'deny';
  readonly reason: string;
}
export type PathDecision = PathAllowed | PathDenied;

/** Decides on a path as text and on the file system as it is now. */
export async function decidePath(question: PathQuestion): Promise<PathDecision> {
  const byName = await decideName(question);
  if (byName.decision === 'deny') return byName;
  try {
    await using root = await openRoot(question.root.folder);
    const reason = await refuseByFacts(root, byName.parts, question);
    return reason === undefined ? byName : deny(reason);
  } catch (error) {
    if (error instanceof ClawError) return deny(error.message);
    throw error;
  }
}

/** The part of the decision that needs only the name. */
export async function decideName({ root, mode, path, home }: PathQuestion): Promise<PathDecision> {
  if (mode === 'write' && root.mode === 'read') return deny('the root is granted for reading only');
  const parts = pathParts(path);
  if (typeof parts === 'string') return deny(parts);
  const protectedName =
    refuseNames(parts, mode) ?? (home && refuseHomeNames(await partsBelow(home, root, parts), mode));
  if (protectedName) return deny(protectedName);
  return { decision: 'allow', reason: 'a plain path inside the root', parts };
}

/** `parts` as seen from the home; empty when they lie outside it. */
async function partsBelow(home: string, root: FileRoot, parts: readonly string[]): Promise<string[]> {
  const [realHome, realRoot] = await Promise.all([home, root.folder].map((path) => realpath(path).catch(() => path)));
  const way = relative(realHome ?? home, join(realRoot ?? root.folder, ...parts));
  return isAbsolute(way) || way.startsWith('..') ? [] : way.split('/').filter((part) => part !== '');
}

async function refuseByFacts(
  root: OpenFolder,
  parts: readonly string[],
  question: PathQuestion,
): Promise<string | undefined> {
  const name = parts.at(-1);
  if (name === undefined) return question.mode === 'write' ? 'the root itself cannot be written' : undefined;
  try {
    return await inFolder(root, parts.slice(0, -1), false, async (folder) => {
      const facts = await factsAt(folder, name);
      if (facts === undefined) return undefined;
      if (facts.kind === 'folder' && question.mode === 'read') return undefined;
      if (facts.kind === 'file' && question.path.endsWith('/')) return `${JSON.stringify(name)} is no folder`;
      return refuseFacts(facts, name);
    });
  } catch (error) {
    // Folders that are missing hide nothing: they are made, or the reading fails.
    if (error instanceof ClawError && error.code === 'not-found') return undefined;
    throw error;
  }
}

function deny(reason: string): PathDenied {
  return { decision: 'deny', reason };
}
