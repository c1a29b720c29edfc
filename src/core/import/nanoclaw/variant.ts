/** Owns what tells NanoClaw and its descendant RustClaw apart: both keep the same tables and folders. Pure. */
import type { ImportSource } from '../imported.ts';

export interface Variant {
  readonly source: ImportSource;
  readonly label: string;
  /** A room's chat id as claw understands it. */
  readonly jid: (written: string) => string;
  /** True: `is_bot_message` marks every bot, and only `is_from_me` the assistant. */
  readonly marksAllBots: boolean;
  /** True: numbers of weekdays ran a day early there. */
  readonly shiftsWeekdays: boolean;
  /** Below `data/sessions/<folder>`. */
  readonly transcripts: string;
}

export const NANOCLAW: Variant = {
  source: 'nanoclaw',
  label: 'NanoClaw',
  jid: (written) => written,
  marksAllBots: false,
  shiftsWeekdays: false,
  transcripts: '.claude/projects',
};

export const RUSTCLAW: Variant = {
  source: 'rustclaw',
  label: 'RustClaw',
  // It takes a number alone for a channel of Discord.
  jid: (written) => (/^[0-9]+$/.test(written) ? `dc:${written}` : written),
  marksAllBots: true,
  shiftsWeekdays: true,
  transcripts: '.codex/sessions',
};
