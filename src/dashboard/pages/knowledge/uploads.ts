/** Owns the list of files on their way into the documents: what each has come to, step by step. Pure. */
import type { Api } from '../../api/types.ts';

export type Added = Api['POST /knowledge/files']['result'];

export interface Upload {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  readonly state: 'waiting' | 'uploading' | 'reading' | 'ready' | 'refused' | 'cancelled';
  /** Share of its bytes that has gone, 0 to 1. */
  readonly share: number;
  /** Why it was refused. */
  readonly reason?: string;
  readonly added?: Added;
}

export type UploadChange =
  | { readonly type: 'chosen'; readonly uploads: readonly Upload[] }
  | { readonly type: 'sent'; readonly id: number; readonly share: number }
  | { readonly type: 'added'; readonly id: number; readonly added: Added }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string }
  | { readonly type: 'cancelled'; readonly id: number }
  | { readonly type: 'cleared' };

const ENDED: ReadonlySet<Upload['state']> = new Set(['ready', 'refused', 'cancelled']);

export const isEnded = ({ state }: Upload): boolean => ENDED.has(state);

/** The list after a change; what has ended stays as it is. */
export function changeUploads(uploads: readonly Upload[], change: UploadChange): readonly Upload[] {
  switch (change.type) {
    case 'chosen':
      return [...uploads, ...change.uploads];
    case 'cleared':
      return uploads.filter((upload) => !isEnded(upload));
    default:
      return uploads.map((upload) =>
        upload.id === change.id && !isEnded(upload) ? { ...upload, ...stepOf(change) } : upload,
      );
  }
}

function stepOf(change: Exclude<UploadChange, { readonly type: 'chosen' | 'cleared' }>): Partial<Upload> {
  switch (change.type) {
    case 'sent':
      // All its bytes are there: from now on the server reads.
      return { share: change.share, state: change.share < 1 ? 'uploading' : 'reading' };
    case 'added':
      return { share: 1, state: 'ready', added: change.added };
    case 'refused':
      return { state: 'refused', reason: change.reason };
    case 'cancelled':
      return { state: 'cancelled' };
  }
}
