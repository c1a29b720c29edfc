/** Owns what the running server says of itself in a file of the home: who it is (the owner row of its lock) and how its channels are. Commands read it; it counts only while the lock is held. */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { readIfThere } from '../core/kernel/read-if-there.ts';
import { replaceFile } from '../core/kernel/replace-file.ts';

const channelSchema = z.object({
  name: z.string(),
  /** `off` when it is not configured or not asked for. */
  state: z.enum(['off', 'stopped', 'connecting', 'connected', 'failed']),
  account: z.string().nullable(),
  /** Why it is not connected. */
  detail: z.string().nullable(),
  /** Milliseconds UTC at which it is tried again. */
  retry_at: z.number().nullable(),
});

const stateSchema = z.object({
  /** `pid:start`, as process-identity.ts writes it. */
  owner: z.string(),
  pid: z.number().int().positive(),
  /** Milliseconds UTC. */
  started_at: z.number(),
  version: z.string(),
  /** `waiting` before a start after a crash; `safe-mode` when channels stay off after too many of them. */
  state: z.enum(['starting', 'waiting', 'ready', 'safe-mode', 'stopping']),
  /** Unclean ends in the last minutes. */
  recent_crashes: z.number().int(),
  ports: z.record(z.string(), z.number()),
  /** Where the port of HTTP listens. */
  http_host: z.string().optional(),
  channels: z.array(channelSchema),
});

export type ChannelReport = z.infer<typeof channelSchema>;
export type ServerState = z.infer<typeof stateSchema>;

/** What the file says; undefined when there is none or it is not whole. */
export async function readServerState(file: string): Promise<ServerState | undefined> {
  try {
    return stateSchema.parse(JSON.parse((await readIfThere(file)) ?? 'null'));
  } catch {
    return undefined;
  }
}

export interface StateFile {
  current(): ServerState;
  /** Changes the state at once and the file soon. */
  update(change: Partial<ServerState>): void;
  /** Resolves when the file says what the state is. */
  saved(): Promise<void>;
  /** Resolves when the file is gone. */
  remove(): Promise<void>;
}

/** The state file of this process. `onFailure` hears of a file that could not be written; the server goes on. */
export async function createStateFile(
  file: string,
  first: ServerState,
  onFailure: (error: unknown) => void,
): Promise<StateFile> {
  let current = first;
  let isDirty = false;
  let writing: Promise<void> | undefined;
  const write = async (): Promise<void> => {
    while (isDirty) {
      isDirty = false;
      await replaceFile(file, `${JSON.stringify(current, null, 2)}\n`, 0o600).catch(onFailure);
    }
    writing = undefined;
  };
  await replaceFile(file, `${JSON.stringify(current, null, 2)}\n`, 0o600);
  return {
    current: () => current,
    update: (change) => {
      current = { ...current, ...change };
      isDirty = true;
      writing ??= write();
    },
    saved: async () => writing,
    remove: async () => {
      isDirty = false;
      await writing;
      await rm(file, { force: true });
    },
  };
}
