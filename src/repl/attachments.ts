/** Owns `@file` in a message: finds the names, reads the files through the guard, and says plainly why one cannot be attached. */
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { attachFile, MAX_IMAGE_BYTES } from '../core/conversations/attach-file.ts';
import { ClawError, toError } from '../core/kernel/errors.ts';
import type { ImagePart } from '../core/kernel/messages.ts';
import { openGuardedFiles } from '../core/sandbox/files.ts';
import type { AttachedFile } from './chat-port.ts';

const MAX_ENTRIES = 1000;

export interface Attachments {
  readonly files: readonly AttachedFile[];
  readonly images: readonly ImagePart[];
  /** Names that look like files and are none; the message goes without them. */
  readonly missing: readonly string[];
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

export interface AttachmentFiles {
  /** Throws `not-found`, or what refuses the file. At most `MAX_IMAGE_BYTES` + 1 are read. */
  read(path: string): Promise<{ bytes: Buffer; size: number }>;
  /** Entries of a folder that may be attached; none when it cannot be read. */
  list(folder: string): Promise<readonly FolderEntry[]>;
}

/** Files as the user names them: relative to `cwd`, absolute, or from `~`. `home` is claw's own, which stays closed. */
export function openAttachmentFiles(cwd: string, home: string): AttachmentFiles {
  const locate = async (path: string): Promise<{ files: ReturnType<typeof openGuardedFiles>; inner: string }> => {
    const whole = resolve(cwd, path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);
    const inside = relative(cwd, whole);
    const isInside = !inside.startsWith('..') && !isAbsolute(inside);
    // Outside the working directory, links of the folder are followed first: the guard itself follows none.
    const real = isInside ? whole : join(await realpath(dirname(whole)).catch(() => dirname(whole)), basename(whole));
    // The guard takes no root above a top folder; every name below it is checked.
    const folder = isInside ? cwd : `/${real.split('/')[1] ?? ''}`;
    return {
      files: openGuardedFiles({ roots: [{ name: 'here', folder, mode: 'read' }], home }),
      inner: relative(folder, real) || '.',
    };
  };
  return {
    async read(path) {
      const { files, inner } = await locate(path);
      return files.read(inner, { maxBytes: MAX_IMAGE_BYTES + 1 });
    },
    async list(folder) {
      const { files, inner } = await locate(folder === '' ? '.' : folder);
      const found = await files.list(inner, { maxEntries: MAX_ENTRIES }).catch((error: unknown) => {
        if (error instanceof ClawError) return undefined;
        throw error;
      });
      return (found?.entries ?? [])
        .filter(({ kind }) => kind === 'file' || kind === 'folder')
        .map(({ name, kind }) => ({ name, isFolder: kind === 'folder' }));
    },
  };
}

/** `@name` at the start of a word; with spaces as `@"my notes.md"`. */
const MENTION = /(?<=^|\s)@(?:"([^"\n]+)"|([^\s"@][^\s"]*))/g;

/** Reads what `text` attaches. Throws with the name of the file that is refused, and why. */
export async function readAttachments(text: string, source: AttachmentFiles): Promise<Attachments> {
  const files: AttachedFile[] = [];
  const images: ImagePart[] = [];
  const missing: string[] = [];
  for (const [, quoted, bare] of text.matchAll(MENTION)) {
    const found = await readFirst(quoted === undefined ? spellings(bare ?? '') : [quoted], source);
    if (found === undefined) {
      const name = quoted ?? bare ?? '';
      if (quoted !== undefined || looksLikePath(name)) missing.push(name);
    } else if (!files.some(({ name }) => name === found.name)) {
      const part = attachFile(found.name, found.bytes, found.size);
      if ('mediaType' in part) images.push(part);
      else files.push(part);
    }
  }
  return { files, images, missing };
}

/** A name may be followed by punctuation, or by a Korean particle without a space. */
function spellings(name: string): string[] {
  const bare = name.replace(/[.,;:!?)\]'"»”]+$/u, '');
  return [...new Set([name, bare, bare.replace(/(?<=[^가-힣])[가-힣]{1,4}$/u, '')])].filter((each) => each !== '');
}

function looksLikePath(name: string): boolean {
  return name.includes('/') || /\.[a-z]\w{0,7}$/i.test(name);
}

async function readFirst(
  names: readonly string[],
  source: AttachmentFiles,
): Promise<{ name: string; bytes: Buffer; size: number } | undefined> {
  for (const name of names) {
    try {
      return { name, ...(await source.read(name)) };
    } catch (error) {
      if (error instanceof ClawError && error.code === 'not-found') continue;
      throw refused(name, toError(error).message, error);
    }
  }
  return undefined;
}

function refused(name: string, reason: string, cause?: unknown): ClawError {
  return new ClawError('usage-invalid', `${JSON.stringify(name)} cannot be attached: ${reason}.`, {
    hint: 'The message was not sent.',
    ...(cause === undefined ? {} : { cause }),
  });
}
