/** Owns the copies of registries that were fetched: one file each, so that list and signature belong together. A copy is as little trusted as what comes from the web. */
import { createHash } from 'node:crypto';
import { mkdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../kernel/read-if-there.ts';
import { replaceFile } from '../kernel/replace-file.ts';

export interface CopiedRegistry {
  readonly json: Uint8Array;
  readonly signature: Uint8Array;
  /** What the server called this version; empty when it did not. */
  readonly etag: string;
}

export interface RegistryCopy {
  /** `at`: when it was last found to be current, milliseconds UTC. */
  readonly known: (CopiedRegistry & { readonly at: number }) | undefined;
  write(copied: CopiedRegistry, now: number): Promise<void>;
  /** It is still current. */
  confirm(now: number): Promise<void>;
}

const COPY = z.strictObject({ location: z.string(), etag: z.string(), json: z.base64(), signature: z.base64() });

/** The copy of the registry at `location`, in the folder `cache`. One that cannot be read counts as none. */
export async function openCopy(cache: string, location: string): Promise<RegistryCopy> {
  const file = join(cache, `${createHash('sha256').update(location).digest('hex')}.json`);
  const touch = (now: number): Promise<void> => utimes(file, now / 1000, now / 1000);
  return {
    known: await read(file, location),
    async write({ json, signature, etag }, now) {
      await mkdir(cache, { recursive: true, mode: 0o700 });
      const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
      const copy = { location, etag, json: base64(json), signature: base64(signature) };
      await replaceFile(file, JSON.stringify(copy), 0o600);
      await touch(now);
    },
    confirm: touch,
  };
}

async function read(file: string, location: string): Promise<RegistryCopy['known']> {
  const text = await readIfThere(file);
  const parsed = text === undefined ? undefined : COPY.safeParse(parse(text));
  if (parsed?.success !== true || parsed.data.location !== location) return undefined;
  const { json, signature, etag } = parsed.data;
  const { mtimeMs } = await stat(file);
  return {
    json: Buffer.from(json, 'base64'),
    signature: Buffer.from(signature, 'base64'),
    etag,
    at: Math.trunc(mtimeMs),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
