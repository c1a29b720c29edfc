/** Owns what the commands on backups share: the pass-phrase, and saying how far long work is. */
import { readFile } from 'node:fs/promises';
import { Flags } from '@oclif/core';
import type { App } from '../core/create-app.ts';
import { readSecret } from './read-secret.ts';

export const passphraseFlag = Flags.string({
  description: 'File that holds the pass-phrase; without it BACKUP_PASSPHRASE, else it is asked for.',
  helpValue: 'FILE',
});

/** The pass-phrase of the file, else of the secret; undefined when there is neither. */
export async function storedPassphrase(app: App, file: string | undefined): Promise<string | undefined> {
  if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
  return (await (await app.secrets()).resolve('BACKUP_PASSPHRASE'))?.value;
}

/** As `storedPassphrase`; on a terminal it is asked for when there is none. */
export async function anyPassphrase(app: App, file: string | undefined): Promise<string | undefined> {
  const stored = await storedPassphrase(app, file);
  return stored ?? (process.stdin.isTTY ? readSecret('Pass-phrase of the backup') : undefined);
}

/** Says on a terminal what is being done and how much of it; nothing anywhere else. */
export function progressOn(stream: NodeJS.WriteStream): {
  onProgress?: (step: string, share: number) => void;
  done: () => void;
} {
  if (!stream.isTTY) return { done: () => {} };
  let said = '';
  return {
    onProgress(step, share) {
      const line = `${step} ${Math.floor(share * 100)} %`;
      if (line !== said) stream.write(`\r\u001b[K${line}`);
      said = line;
    },
    done: () => void (said === '' || stream.write('\r\u001b[K')),
  };
}

/** `12.3 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
