/** Owns the neutral model of what a reader finds in the folder of another assistant. Readers make these items, the writer alone knows where they go; nothing here reads or writes. */
import type { JsonObject, Part } from '../kernel/messages.ts';

export const IMPORT_SOURCES = ['flux', 'nanoclaw', 'rustclaw', 'openclaw'] as const;
export type ImportSource = (typeof IMPORT_SOURCES)[number];

/** In the order in which they are shown. */
export const IMPORT_KINDS = [
  'user',
  'key',
  'room',
  'conversation',
  'message',
  'memory',
  'document',
  'task',
  'skill',
  'tool',
  'instruction',
  'setting',
  'secret',
  'webhook',
] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

interface Common {
  /** Names the thing for good within its source and kind, also after more was added to it; at most 200 characters are kept. Two folders of one source must not give one name to two things: build it from ids of the source, not from positions. */
  readonly sourceId: string;
  /** For the report: what a person should know about this one, without a secret. */
  readonly remark?: string;
}

/** Whose something is: the `sourceId` of a user item that came before; undefined: the person who imports, or --user. */
interface Owned {
  readonly owner?: string | undefined;
}

export interface ImportedUser extends Common {
  readonly kind: 'user';
  readonly name: string;
  readonly role: 'admin' | 'user' | 'readonly';
  readonly isActive: boolean;
}

export interface ImportedKey extends Common, Owned {
  readonly kind: 'key';
  readonly name: string;
  /** SHA-256 of the key's text, hexadecimal. */
  readonly hash: string;
  /** Its first 13 characters, to tell it from others. */
  readonly prefix: string;
  /** Milliseconds UTC, as every instant here; undefined when it is not known. */
  readonly createdAt?: number | undefined;
}

export interface ImportedRoom extends Common {
  readonly kind: 'room';
  /** `tg:-100123`, `dc:123`, `slack:C0123`, or a form `normaliseChatId` understands. */
  readonly jid: string;
  readonly name: string;
  readonly folder: string;
  readonly trigger?: string | undefined;
  readonly requiresTrigger: boolean;
  readonly isMain: boolean;
}

export interface ImportedConversation extends Common, Owned {
  readonly kind: 'conversation';
  readonly title: string;
  /** `terminal`, `http`, `telegram` …, as claw names where one is begun; free text otherwise. */
  readonly origin: string;
  /** Folder of the room whose conversation it is; it becomes that of the folder when that has none yet. */
  readonly folder?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly createdAt?: number | undefined;
}

/** Follows its conversation, in the order of the conversation. */
export interface ImportedMessage extends Common {
  readonly kind: 'message';
  /** `sourceId` of its conversation. */
  readonly conversation: string;
  /** `tool`: holds tool-result parts only. */
  readonly role: 'user' | 'assistant' | 'tool';
  /** At least one. Texts a person or assistant wrote; what came from the web or files keeps that provenance. */
  readonly parts: readonly Part[];
  readonly createdAt?: number | undefined;
}

export interface ImportedMemory extends Common, Owned {
  readonly kind: 'memory';
  /** Folder of the room whose memory it is; then it has no owner. */
  readonly folder?: string | undefined;
  /** user_info, preferences, facts, notes or reminders; another one is refused. */
  readonly category: string;
  readonly key: string;
  readonly value: string;
  /** 1 to 5, clamped; 3 when undefined. */
  readonly importance?: number | undefined;
  readonly expiresAt?: number | undefined;
  readonly createdAt?: number | undefined;
  readonly updatedAt?: number | undefined;
}

/** A text that goes into the knowledge base. */
export interface ImportedDocument extends Common, Owned {
  readonly kind: 'document';
  readonly title: string;
  /** Its ending tells what it is: `notes.md`, `list.csv`. */
  readonly name: string;
  readonly content: string;
}

export interface ImportedTask extends Common, Owned {
  readonly kind: 'task';
  /** As people call it: up to 64 of `A-Za-z0-9._-`; others are replaced. */
  readonly name: string;
  /** The chat that gets the answers. */
  readonly jid?: string | undefined;
  readonly prompt?: string | undefined;
  readonly tool?: string | undefined;
  readonly toolInput?: JsonObject | undefined;
  readonly type: 'cron' | 'interval' | 'once';
  /** As `claw task create --schedule-value` takes it. */
  readonly value: string;
  /** IANA name; undefined: the zone of this claw. */
  readonly zone?: string | undefined;
  readonly context?: 'group' | 'isolated' | undefined;
  /** False: it was switched off or is over, and stays paused even with --activate. */
  readonly isActive: boolean;
}

export interface ImportedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface ImportedSkill extends Common {
  readonly kind: 'skill';
  readonly name: string;
  /** Folder of the room it is for; undefined: for all. */
  readonly folder?: string | undefined;
  readonly files: readonly ImportedFile[];
}

export interface ImportedTool extends Common {
  readonly kind: 'tool';
  readonly name: string;
  readonly language: 'ts' | 'js' | 'python' | 'other';
  readonly source: string;
  /** What it says of itself, for the note that is kept of a tool that cannot run here. */
  readonly description?: string | undefined;
  /** Its input schema as text, as far as it could be read without running it. */
  readonly schema?: string | undefined;
}

/** Who the assistant is and how it behaves; never put over what is there. */
export interface ImportedInstruction extends Common {
  readonly kind: 'instruction';
  /** Folder of the room whose memory file it is; undefined: the home's instruction.md. */
  readonly folder?: string | undefined;
  readonly text: string;
}

/** A setting under claw's name or an alias of it. */
export interface ImportedSetting extends Common {
  readonly kind: 'setting';
  readonly name: string;
  readonly value: string;
}

/** Its value is never shown, neither in a report nor in an error. */
export interface ImportedSecret extends Common {
  readonly kind: 'secret';
  readonly name: string;
  readonly value: string;
}

export interface ImportedWebhook extends Common, Owned {
  readonly kind: 'webhook';
  readonly url: string;
  /** Names of claw's events. */
  readonly events: readonly string[];
  readonly secret?: string | undefined;
}

/** Something that was found and cannot be taken over: counted and told, with the reason. */
export interface SkippedItem {
  readonly kind: 'skipped';
  readonly of: ImportKind;
  readonly sourceId: string;
  /** One sentence that is the same for all things of this sort, so that they can be counted together. */
  readonly reason: string;
}

/** Something that is no item but should be told: a whole file that was not read, a table that is damaged. */
export interface RemarkItem {
  readonly kind: 'remark';
  readonly text: string;
}

export type TakenItem =
  | ImportedUser
  | ImportedKey
  | ImportedRoom
  | ImportedConversation
  | ImportedMessage
  | ImportedMemory
  | ImportedDocument
  | ImportedTask
  | ImportedSkill
  | ImportedTool
  | ImportedInstruction
  | ImportedSetting
  | ImportedSecret
  | ImportedWebhook;

/** Order: users, keys, rooms, then conversations each followed by its messages, then the rest. */
export type ImportedItem = TakenItem | SkippedItem | RemarkItem;
