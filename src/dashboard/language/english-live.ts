/** Owns the English texts of the palette, the keys and the connection. */
export const englishLive = {
  palette: {
    open: 'Find …',
    title: 'Find a page, an action, a conversation …',
    placeholder: 'Find a page, an action, a conversation …',
    nothing: (query: string) => `Nothing fits “${query}”.`,
    hint: 'Arrow keys choose, Enter opens, Escape closes.',
    groups: {
      recent: 'Lately',
      pages: 'Pages',
      actions: 'Actions',
      conversations: 'Conversations',
      tools: 'Tools',
      tasks: 'Tasks',
      settings: 'Settings',
      users: 'People',
    },
    actions: {
      chat: 'New conversation',
      task: 'New task',
      files: 'Add files to the knowledge',
      doctor: 'Run the doctor',
      verify: 'Verify the audit trail',
      keys: 'Show the keyboard shortcuts',
      light: 'Light theme',
      dark: 'Dark theme',
      system: 'Theme as the system',
    },
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    palette: 'Open the palette',
    help: 'Show this list',
    search: 'Go to the search of the page',
  },
  live: {
    open: 'Live',
    connecting: 'Connecting …',
    unreachable: 'No connection',
    waiting: (count: number) => (count === 1 ? '1 approval waits' : `${count} approvals wait`),
  },
} as const;
