/** Owns how a file of the workspace goes out with a message: read through the guarded opener, and kept in the spool until it is delivered, whatever becomes of the original. */
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { AttachFile } from '../conversations/send-service.ts';
import { ClawError } from '../kernel/errors.ts';
import type { HomePaths } from '../kernel/paths.ts';
import { openGuardedFiles } from '../sandbox/files.ts';

/** Platforms take 10 to 50 MB; the least of them counts. */
const MAX_BYTES = 10 * 1024 * 1024;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
};

export function createAttachFile(paths: HomePaths, workspace: string): AttachFile {
  const files = openGuardedFiles({
    roots: [{ name: 'workspace', folder: workspace, mode: 'read' }],
    home: paths.home,
  });
  return async (path) => {
    const { bytes, size } = await files.read(path, { maxBytes: MAX_BYTES });
    if (size > bytes.length)
      throw new ClawError('limit-reached', `the file has ${size} bytes; at most ${MAX_BYTES} go`);
    const name = basename(path);
    const kept = join(paths.spool, `outbox-${randomUUID()}`);
    await mkdir(paths.spool, { recursive: true, mode: 0o700 });
    await writeFile(kept, bytes, { mode: 0o600, flag: 'wx' });
    return { name, mediaType: MEDIA_TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream', path: kept };
  };
}
