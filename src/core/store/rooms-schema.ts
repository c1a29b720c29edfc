/** Owns the row types of rooms, direct chats, people on chat platforms and pairing codes. Instants are milliseconds UTC. */

export interface RoomFoldersTable {
  folder: string;
  /** The conversation of every room of the folder; null before the first message and after a reset. */
  conversation_id: string | null;
  /** User that owns the conversation. */
  owner_id: string;
  created_at: number;
}

export interface RoomsTable {
  /** The place on its platform: `tg:-100123`, `dc:123`, `slack:C0123`. */
  jid: string;
  channel: string;
  name: string;
  folder: string;
  /** Null: the setting TRIGGER_PATTERN, or else the assistant's name. */
  trigger_pattern: string | null;
  requires_trigger: number;
  is_main: number;
  created_at: number;
  updated_at: number;
}

export interface DirectChatsTable {
  jid: string;
  channel: string;
  user_id: string;
  conversation_id: string | null;
  created_at: number;
}

/** `allowed`: paired by an admin. Whoever a setting allows stays `unknown` here, so that the setting alone decides. */
export type PersonState = 'unknown' | 'allowed' | 'blocked';

export interface ChannelPeopleTable {
  channel: string;
  /** The platform's own id. */
  person_id: string;
  name: string;
  user_id: string | null;
  state: PersonState;
  first_seen_at: number;
  last_seen_at: number;
}

export type PairingState = 'pending' | 'approved' | 'denied' | 'expired';

export interface PairingsTable {
  id: string;
  channel: string;
  person_id: string;
  person_name: string;
  /** The direct chat in which the code was given. */
  chat_jid: string;
  code_hash: string;
  state: PairingState;
  created_at: number;
  expires_at: number;
  decided_by: string | null;
  decided_at: number | null;
}

/** A wrong code that someone tried to approve. */
export interface PairingAttemptsTable {
  id: string;
  user_id: string;
  at: number;
}

export interface RoomsSchema {
  rooms: RoomsTable;
  room_folders: RoomFoldersTable;
  direct_chats: DirectChatsTable;
  channel_people: ChannelPeopleTable;
  pairings: PairingsTable;
  pairing_attempts: PairingAttemptsTable;
}
