/** Owns the names of what can change while somebody looks at it: one list for the store, the server and the pages in a browser. */

export const TOPICS = [
  'conversations',
  'approvals',
  'tools',
  'tasks',
  'memory',
  'knowledge',
  'users',
  'groups',
  'costs',
  'audit',
  'backups',
  'settings',
  'accounts',
  'logs',
  'deliveries',
  'status',
] as const;

export type Topic = (typeof TOPICS)[number];
