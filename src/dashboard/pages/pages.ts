/** Owns the list of pages: reading it tells what exists. Each is loaded when it is opened. */
import { type ComponentType, lazy } from 'react';
import type { Texts } from '../language/texts.ts';

export interface Page {
  /** Its address below /dashboard. */
  readonly path: keyof Texts['nav'];
  /** Only admins see it; the API decides anyhow. */
  readonly isForAdmins?: boolean;
  readonly Component: ComponentType;
}

export const PAGES: readonly Page[] = [
  { path: 'overview', Component: lazy(async () => ({ default: (await import('./overview.tsx')).Overview })) },
  { path: 'chat', Component: lazy(async () => ({ default: (await import('./chat/chat.tsx')).Chat })) },
  {
    path: 'conversations',
    Component: lazy(async () => ({ default: (await import('./conversations.tsx')).Conversations })),
  },
  {
    path: 'approvals',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./approvals.tsx')).Approvals })),
  },
  { path: 'tools', Component: lazy(async () => ({ default: (await import('./tools.tsx')).Tools })) },
  { path: 'tasks', Component: lazy(async () => ({ default: (await import('./tasks.tsx')).Tasks })) },
  { path: 'memory', Component: lazy(async () => ({ default: (await import('./memory.tsx')).Memory })) },
  { path: 'knowledge', Component: lazy(async () => ({ default: (await import('./knowledge.tsx')).Knowledge })) },
  { path: 'users', isForAdmins: true, Component: lazy(async () => ({ default: (await import('./users.tsx')).Users })) },
  {
    path: 'channels',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./channels.tsx')).Channels })),
  },
  { path: 'costs', Component: lazy(async () => ({ default: (await import('./costs.tsx')).Costs })) },
  { path: 'audit', isForAdmins: true, Component: lazy(async () => ({ default: (await import('./audit.tsx')).Audit })) },
  {
    path: 'backups',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./backups.tsx')).Backups })),
  },
  {
    path: 'settings',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./settings.tsx')).Settings })),
  },
  {
    path: 'accounts',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./accounts.tsx')).Accounts })),
  },
  {
    path: 'metrics',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./metrics.tsx')).Metrics })),
  },
  { path: 'logs', isForAdmins: true, Component: lazy(async () => ({ default: (await import('./logs.tsx')).Logs })) },
];
