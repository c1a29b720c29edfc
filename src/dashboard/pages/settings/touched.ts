/** Owns which answers of the API change with a setting. */
export const TOUCHED = [
  'GET /config',
  'GET /config/history',
  'GET /config/problems',
  'GET /models',
  'GET /models/current',
] as const;
