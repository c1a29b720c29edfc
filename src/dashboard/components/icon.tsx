/** Owns the pictures beside words: drawn lines in the colour of the text, told to nobody who hears the page. */
import type { ReactNode } from 'react';

/** Lines in a square of 24. */
const LINES = {
  overview: 'M4 13h6V4H4zM14 20h6v-9h-6zM14 4v3h6V4zM4 20h6v-3H4z',
  chat: 'M4 5h16v11H9l-5 4z',
  conversations: 'M4 6h16M4 12h16M4 18h10',
  approvals: 'M12 3l7 3v6c0 4-3 7-7 9-4-2-7-5-7-9V6zM9 12l2 2 4-4',
  tools: 'M14 7a4 4 0 0 1 5-4l-2.500 2.500 1 1L20 4a4 4 0 0 1-5 5l-8 8a2 2 0 1 1-3-3z',
  tasks: 'M4 6h16v14H4zM4 10h16M8 3v5M16 3v5',
  memory:
    'M12 5a3 3 0 0 0-6 1 3 3 0 0 0-1 5 3 3 0 0 0 1 5 3 3 0 0 0 6 2zM12 5a3 3 0 0 1 6 1 3 3 0 0 1 1 5 3 3 0 0 1-1 5 3 3 0 0 1-6 2z',
  knowledge: 'M5 4h9l5 5v11H5zM14 4v5h5M8 13h8M8 16h6',
  users:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20c0-4 3-6 6-6s6 2 6 6M16 4a3.500 3.500 0 0 1 0 7M17 14c2.500 .5 4 2.500 4 6',
  channels: 'M4 8h16M4 16h16M9 4L7 20M17 4l-2 16',
  accounts: 'M8 15a4 4 0 1 1 3.900-5H21v3h-2v2h-3v-2h-4.100A4 4 0 0 1 8 15zM8 11h.01',
  costs: 'M12 3v18M16 7c-1-1.500-2.500-2-4-2-2 0-4 1-4 3 0 4 8 2 8 6 0 2-2 3-4 3-2 0-3.500-.8-4.500-2.500',
  metrics: 'M4 4v16h16M7 15l4-5 3 3 5-7',
  audit: 'M9 4h6v3H9zM7 5H5v16h14V5h-2M9 13l2 2 4-4',
  logs: 'M5 5h14v14H5zM8 9l3 3-3 3M13 15h4',
  backups: 'M4 7c0-2 4-3 8-3s8 1 8 3-4 3-8 3-8-1-8-3zM4 7v10c0 2 4 3 8 3s8-1 8-3V7M4 12c0 2 4 3 8 3s8-1 8-3',
  doctor: 'M3 12h4l2-6 4 12 2-6h6',
  webhooks: 'M12 8a3 3 0 1 0-2-1l-4 7M6 14a3 3 0 1 0 3 3h7M16 17a3 3 0 1 0 1-4l-4-6',
  settings:
    'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l4 4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  add: 'M12 5v14M5 12h14',
  copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
  down: 'M6 9l6 6 6-6',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
} as const;

export type IconName = keyof typeof LINES;

export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={LINES[name]} />
    </svg>
  );
}

/** Whether there is a picture of this name. */
export function hasIcon(name: string): name is IconName {
  return name in LINES;
}
