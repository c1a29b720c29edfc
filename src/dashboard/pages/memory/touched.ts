/** Owns which answers change when a memory does. */
export const TOUCHED = ['GET /memories', 'GET /memories/counts', 'GET /memories/{id}'] as const;
