/** Owns sending chosen files one after the other: one that is refused does not stop the rest, and each can be stopped. */
import { useQueryClient } from '@tanstack/react-query';
import { useReducer, useRef } from 'react';
import { ApiError } from '../../api/client.ts';
import { uploadFile } from '../../api/upload-file.ts';
import { type Added, changeUploads, type Upload } from './uploads.ts';

interface Waiting {
  readonly id: number;
  readonly file: File;
  readonly stop: AbortController;
}

export const TOUCHED = ['GET /knowledge', 'GET /knowledge/stats', 'GET /knowledge/search'] as const;

export interface Uploads {
  readonly uploads: readonly Upload[];
  /** `refusal`: why a file is not even sent. */
  readonly add: (files: readonly File[], refusal: (file: File) => string | undefined) => void;
  readonly cancel: (id: number) => void;
  readonly clear: () => void;
}

export function useUploads(): Uploads {
  const queries = useQueryClient();
  const [uploads, change] = useReducer(changeUploads, []);
  const queue = useRef<Waiting[]>([]);
  const running = useRef(false);
  const lastId = useRef(0);
  const sendOne = async ({ id, file, stop }: Waiting): Promise<void> => {
    try {
      const onProgress = (share: number): void => change({ type: 'sent', id, share });
      const options = { query: { name: file.name }, onProgress, signal: stop.signal };
      change({ type: 'added', id, added: await uploadFile<Added>('/knowledge/files', file, options) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      change(error.code === 'cancelled' ? { type: 'cancelled', id } : { type: 'refused', id, reason: error.message });
    }
  };
  const run = async (): Promise<void> => {
    if (running.current) return;
    running.current = true;
    try {
      for (let next = queue.current.shift(); next !== undefined; next = queue.current.shift()) {
        if (!next.stop.signal.aborted) await sendOne(next);
        await Promise.all(TOUCHED.map((each) => queries.invalidateQueries({ queryKey: [each] })));
      }
    } finally {
      running.current = false;
    }
  };
  const stops = useRef(new Map<number, AbortController>());
  return {
    uploads,
    add(files, refusal) {
      const chosen = files.map((file) => ({ id: ++lastId.current, file, stop: new AbortController() }));
      for (const { id, stop } of chosen) stops.current.set(id, stop);
      change({
        type: 'chosen',
        uploads: chosen.map(({ id, file }) => ({ id, name: file.name, bytes: file.size, state: 'waiting', share: 0 })),
      });
      for (const each of chosen) {
        const reason = refusal(each.file);
        if (reason === undefined) queue.current.push(each);
        else change({ type: 'refused', id: each.id, reason });
      }
      void run();
    },
    cancel(id) {
      stops.current.get(id)?.abort();
      change({ type: 'cancelled', id });
    },
    clear: () => change({ type: 'cleared' }),
  };
}
