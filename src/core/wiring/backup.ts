/** Owns how settings become the service of backups, and what runs after one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BackupService } from '../backup/backup-service.ts';
import type { Config } from '../config/open-config.ts';
import type { Clock } from '../kernel/clock.ts';
import { ClawError } from '../kernel/errors.ts';
import type { Masker } from '../secrets/mask.ts';

export interface Backups {
  readonly service: BackupService;
  /** Runs BACKUP_COMMAND with `file`; does nothing when there is none. Throws `upstream-failed` when it fails. */
  afterwards(file: string, signal: AbortSignal): Promise<void>;
}

interface BackupNeeds {
  readonly config: Config;
  readonly clock: Clock;
  readonly masker: () => Promise<Masker>;
  readonly lock: () => Promise<{ hold(): { release(): void } | undefined }>;
}

/** How long the command after a backup may take, in milliseconds. */
const COMMAND_MS = 6 * 60 * 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024;

export async function buildBackups({ config, clock, masker, lock }: BackupNeeds): Promise<Backups> {
  const { createBackups } = await import('../backup/backup-service.ts');
  const { stripSettings } = await import('../config/strip-settings.ts');
  const { mask } = await masker();
  const { home } = config.paths;
  const service = createBackups({
    home,
    folder: config.unchecked().get('BACKUP_DIR'),
    claw: await programVersion(),
    now: () => clock.now(),
    withoutSecrets: (name, text) => mask(stripSettings(name, text)),
    lock: async () => (await lock()).hold(),
    async migrate(file, snapshotFolder) {
      const { openStore } = await import('../store/store.ts');
      await openStore({ file, snapshotFolder, now: clock.now() }).close();
    },
  });
  return { service, afterwards: (file, signal) => runCommand(config, file, signal) };
}

async function programVersion(): Promise<string> {
  const { packageRoot } = await import('../tools/source/own-program.ts');
  const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  return version;
}

async function runCommand(config: Config, file: string, signal: AbortSignal): Promise<void> {
  const [name, ...args] = (config.unchecked().get('BACKUP_COMMAND') ?? '').split(/\s+/).filter((word) => word !== '');
  if (name === undefined) return;
  const { resolveProgram } = await import('../sandbox/exec/resolve-program.ts');
  const { runProgram } = await import('../sandbox/run-program.ts');
  const found = await resolveProgram(name);
  if (found.kind !== 'found') {
    const why = found.kind === 'missing' ? `there is no program ${name}` : found.reason;
    throw new ClawError('config-invalid', `The backup was written, but BACKUP_COMMAND cannot run: ${why}.`);
  }
  const request = { program: found.path, args: [...args, file], env: config.own, cwd: config.paths.home };
  const limits = { timeoutMs: COMMAND_MS, maxOutputBytes: MAX_OUTPUT_BYTES, signal };
  const { outcome, code, stderr } = await runProgram({ ...request, ...limits });
  if (outcome === 'exited' && code === 0) return;
  const how = outcome === 'exited' ? `ended with ${code ?? 'a signal'}` : `was ended: ${outcome}`;
  const last = stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
  throw new ClawError('upstream-failed', `The backup was written, but BACKUP_COMMAND ${how}. ${last}`.trim());
}
