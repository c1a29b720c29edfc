/** Owns sending a file with its progress told, which `fetch` cannot: bytes that have gone, then the answer of the route. */
import { ApiError, answerOf } from './client.ts';

interface UploadOptions {
  readonly query: Readonly<Record<string, string>>;
  /** Told the share that has gone, 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Sends the bytes to a route whose body is bytes. Throws `ApiError`; an aborted `signal` as code `cancelled`. */
export function uploadFile<Answer>(path: string, file: Blob, options: UploadOptions): Promise<Answer> {
  const { query, onProgress, signal } = options;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (code: string): void => reject(new ApiError(0, { code }));
    request.open('POST', `/api/v1${path}?${new URLSearchParams(query).toString()}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total));
    request.upload.addEventListener('load', () => onProgress(1));
    request.addEventListener('error', () => fail('offline'));
    request.addEventListener('abort', () => fail('cancelled'));
    request.addEventListener('load', () => {
      try {
        resolve(answerOf(request.status, request.responseText) as Answer);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    if (signal.aborted) return fail('cancelled');
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
