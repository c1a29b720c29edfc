/** Owns what claw does for a tool whose question was granted: fetch through the guarded client, files through the guarded opener, programs through the one policy and spawner. */
import { isAbsolute, join } from 'node:path';
import { ClawError } from '../kernel/errors.ts';
import type { JsonValue } from '../kernel/messages.ts';
import type { GuardedFetch } from '../net/guarded-fetch.ts';
import type { FilesQuestion, Grant } from '../sandbox/broker.ts';
import { openGuardedFiles } from '../sandbox/files.ts';
import type { WallServices } from './walled-sandbox.ts';

export interface WallServiceDeps {
  readonly fetch: GuardedFetch;
  /** Claw's home; its own files stay closed whatever was granted. */
  readonly home: string;
  /** Absolute folder by the name that tools use for it (`workspace`, `spool`). */
  readonly folders: Readonly<Record<string, string>>;
  /** Value of a stored secret. Throws `not-found`. */
  readonly secret: (name: string) => Promise<string>;
  /** Runs a program for a tool; the policy decides. */
  readonly exec: WallServices['exec'];
}

const FETCH_TIMEOUT_MS = 20_000;
const DEFAULT_READ_BYTES = 256 * 1024;

export function createWallServices(deps: WallServiceDeps): WallServices {
  return {
    async fetch({ url, method, headers, body, refuse, authorize }, signal) {
      const request = { url, method, headers, refuse, authorize, timeoutMs: FETCH_TIMEOUT_MS, signal };
      const answer = await deps.fetch(body === undefined ? request : { ...request, body });
      return {
        status: answer.status,
        url: answer.url,
        headers: { ...answer.headers },
        body: decodeBody(answer),
      };
    },
    files: (method, args, folders) => useFiles(deps, method, args, folders),
    exec: deps.exec,
    secret: deps.secret,
  };
}

async function useFiles(
  deps: WallServiceDeps,
  method: 'read' | 'write' | 'list',
  args: FilesQuestion,
  granted: Grant['files'],
): Promise<JsonValue> {
  const roots = granted.map(({ folder, mode }) => ({ name: folder, folder: folderOf(deps, folder), mode }));
  const files = openGuardedFiles({ roots, home: deps.home });
  const { root, path } = chooseRoot(
    args.path,
    roots.map(({ name }) => name),
  );
  if (method === 'write') {
    await files.write(path, args.text ?? '', { root });
    return null;
  }
  if (method === 'read') {
    const { bytes, size } = await files.read(path, {
      root,
      offset: args.offset ?? 0,
      maxBytes: args.limit ?? DEFAULT_READ_BYTES,
    });
    if (args.offset === undefined && size > bytes.length) {
      throw new ClawError('limit-reached', `the file has ${size} bytes; read it in parts with offset and limit`);
    }
    return bytes.toString('utf8');
  }
  const { entries } = await files.list(path, { root });
  return entries.map(({ name, kind, size }) => ({
    name,
    type: kind === 'file' || kind === 'folder' ? kind : 'other',
    bytes: size,
  }));
}

/** `name/rest` names a root by its name; anything else is a path in the first. */
function chooseRoot(path: string, names: readonly string[]): { root: string; path: string } {
  const [first = ''] = names;
  const named = names.find((name) => path === name || path.startsWith(`${name}/`));
  return named === undefined ? { root: first, path } : { root: named, path: path.slice(named.length + 1) || '.' };
}

function folderOf({ folders, home }: WallServiceDeps, name: string): string {
  return folders[name] ?? (isAbsolute(name) ? name : join(home, 'groups', 'main', name));
}

/** The body as text, by the charset of its header or, in HTML, of its own <meta>; UTF-8 otherwise. */
function decodeBody({
  headers,
  body,
}: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}): string {
  const type = headers['content-type'] ?? '';
  const inPage = /html/i.test(type)
    ? /<meta[^>]{0,200}charset\s*=\s*["']?([\w-]+)/i.exec(body.toString('latin1', 0, 2048))
    : null;
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(type)?.[1] ?? inPage?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // A charset nobody knows.
    return body.toString('utf8');
  }
}
