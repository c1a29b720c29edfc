/** Owns the list of pages: reading it tells what exists. Each is loaded when it is opened. */
import { type ComponentType, createElement, lazy, useState } from 'react';
import type { Texts } from '../language/texts.ts';

/** The headings of the navigation, in their order. */
export const GROUPS = ['talk', 'work', 'people', 'running'] as const;

type Load = () => Promise<ComponentType>;

export interface Page {
  /** Its address below /dashboard. */
  readonly path: keyof Texts['nav'];
  readonly group: (typeof GROUPS)[number];
  /** Only admins see it; the API decides anyhow. */
  readonly isForAdmins: boolean;
  readonly Component: ComponentType;
  /** Loads its script, once. */
  readonly load: Load;
}

function page(group: Page['group'], path: Page['path'], load: Load): Page {
  let loaded: ComponentType | undefined;
  const once: Load = async () => (loaded ??= await load());
  const Later = lazy(async () => ({ default: await once() }));
  /** What is there already is drawn at once: a page that waits is shown 300 ms later at the earliest, whatever it waits for. */
  const Component: ComponentType = () => {
    const [Chosen] = useState<ComponentType>(() => loaded ?? Later);
    return createElement(Chosen);
  };
  return { path, group, isForAdmins: false, load: once, Component };
}

function adminPage(group: Page['group'], path: Page['path'], load: Load): Page {
  return { ...page(group, path, load), isForAdmins: true };
}

export const PAGES: readonly Page[] = [
  page('talk', 'overview', async () => (await import('./overview.tsx')).Overview),
  page('talk', 'chat', async () => (await import('./chat/chat.tsx')).Chat),
  page('talk', 'conversations', async () => (await import('./conversations/conversations.tsx')).Conversations),
  adminPage('talk', 'approvals', async () => (await import('./approvals.tsx')).Approvals),
  page('work', 'tools', async () => (await import('./tools/tools.tsx')).Tools),
  page('work', 'tasks', async () => (await import('./tasks/tasks.tsx')).Tasks),
  page('work', 'memory', async () => (await import('./memory/memory.tsx')).Memory),
  page('work', 'knowledge', async () => (await import('./knowledge/knowledge.tsx')).Knowledge),
  adminPage('people', 'users', async () => (await import('./users.tsx')).Users),
  adminPage('people', 'channels', async () => (await import('./channels.tsx')).Channels),
  adminPage('people', 'accounts', async () => (await import('./accounts.tsx')).Accounts),
  page('people', 'webhooks', async () => (await import('./webhooks.tsx')).Webhooks),
  page('running', 'costs', async () => (await import('./costs.tsx')).Costs),
  adminPage('running', 'metrics', async () => (await import('./metrics.tsx')).Metrics),
  adminPage('running', 'doctor', async () => (await import('./doctor.tsx')).Doctor),
  adminPage('running', 'logs', async () => (await import('./logs.tsx')).Logs),
  adminPage('running', 'audit', async () => (await import('./audit.tsx')).Audit),
  adminPage('running', 'backups', async () => (await import('./backups.tsx')).Backups),
  adminPage('running', 'settings', async () => (await import('./settings.tsx')).Settings),
];

/** Begins to load the page of an address before it is known who asks: both take a round to the server. */
export function preloadPage(pathname: string): void {
  const path = pathname.split('/')[2];
  const page = PAGES.find((each) => each.path === path) ?? PAGES[0];
  // What fails here fails again when the page is shown, and is told there.
  page?.load().catch(() => undefined);
}
