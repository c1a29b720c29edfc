/** Owns every text of the dashboard, in English: the keys that any other language must have. */
import { englishWords } from './english-words.ts';
import { englishWork } from './english-work.ts';
import { englishMarket } from './english-market.ts';
import { englishTasks } from './english-tasks.ts';
import { englishPermissions } from './english-permissions.ts';
import { englishConversations } from './english-conversations.ts';
import { englishMemory } from './english-memory.ts';
import { englishKnowledge } from './english-knowledge.ts';
import { englishPeople } from './english-people.ts';
import { englishPlaces } from './english-places.ts';
import { englishPermits } from './english-permits.ts';
import { englishSettings } from './english-settings.ts';
import { englishHealth } from './english-health.ts';
import { englishRunning } from './english-running.ts';
import { englishChat } from './english-chat.ts';
import { englishGate } from './english-gate.ts';
import { englishLive } from './english-live.ts';

export const english = {
  ...englishWords,
  ...englishWork,
  ...englishMarket,
  ...englishTasks,
  ...englishPermissions,
  ...englishConversations,
  ...englishMemory,
  ...englishKnowledge,
  ...englishPeople,
  ...englishPlaces,
  ...englishPermits,
  ...englishSettings,
  ...englishRunning,
  ...englishHealth,
  ...englishChat,
  ...englishGate,
  ...englishLive,
  name: 'English',
  nav: {
    overview: 'Overview',
    chat: 'Chat',
    conversations: 'Conversations',
    approvals: 'Approvals',
    tools: 'Tools',
    tasks: 'Tasks',
    memory: 'Memory',
    knowledge: 'Knowledge',
    users: 'Users and keys',
    channels: 'Groups and channels',
    costs: 'Costs',
    metrics: 'Metrics',
    audit: 'Audit',
    backups: 'Backups',
    settings: 'Settings',
    accounts: 'Accounts',
    webhooks: 'Webhooks',
    logs: 'Logs',
    doctor: 'Health',
  },
  shell: {
    groups: { talk: 'Talk', work: 'What it can', people: 'People and places', running: 'How it runs' },
    skip: 'Skip to the content',
    menu: 'Menu',
    pages: 'Pages',
    theme: 'Theme',
    light: 'Light',
    dark: 'Dark',
    system: 'System',
    language: 'Language',
    signOut: 'Sign out',
    signedInAs: (name: string, role: string) => `${name} (${role})`,
    offline: 'The server cannot be reached. This page goes on when it answers again.',
    notFound: 'There is no such page.',
    crashed: 'This page failed. Reload it; if it fails again, the browser’s console says why.',
  },
  state: {
    loading: 'Loading …',
    retry: 'Try again',
    nothing: 'Nothing here yet.',
    failed: (why: string) => `This did not work: ${why}`,
    unreachable: 'The server does not answer.',
    yes: 'Yes',
    cancel: 'Cancel',
    save: 'Save',
    close: 'Close',
  },
} as const;
