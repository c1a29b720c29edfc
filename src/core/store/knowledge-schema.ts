/** Owns the row types of knowledge: documents of an owner, their chunks, and folders that are kept in step. Instants are milliseconds UTC. */
import type { Generated } from 'kysely';

/** `indexing`: its chunks are being written; what is there can be found, and adding it again goes on. */
export type DocumentState = 'indexing' | 'ready';

export interface KnowledgeDocumentsTable {
  seq: Generated<number>;
  /** Unique per owner. */
  id: string;
  owner_id: string;
  /** Where it came from, unique per owner: `file:/path`, a URL, `text:<id>`. */
  source: string;
  title: string;
  /** `text`, `markdown`, `pdf` …: what it was read as. */
  kind: string;
  /** Where its words come from: `user`, `file` or `web`. */
  provenance: 'user' | 'file' | 'web';
  /** SHA-256 of the content it was made from, in hex. */
  hash: string;
  bytes: number;
  /** What tells cheaply that a file has not changed: `mtime:size`; null for others. */
  stamp: string | null;
  state: DocumentState;
  created_at: number;
  updated_at: number;
}

export interface KnowledgeChunksTable {
  seq: Generated<number>;
  document_seq: number;
  owner_id: string;
  /** 0, 1, 2 … within the document. */
  position: number;
  /** Neighbouring chunks of one section are one hit. */
  section: number;
  /** Headings above it, `Part > Chapter`. */
  heading: string;
  /** Where it is, for a citation: `page 3`, `# Heading`, `line 120`. */
  place: string;
  text: string;
  /** Of title, heading and text: what is indexed. */
  hash: string;
}

export interface KnowledgeFoldersTable {
  id: string;
  owner_id: string;
  /** Absolute. */
  path: string;
  created_at: number;
  /** Null before the first look. */
  checked_at: number | null;
}

/** What an embedding model made of a passage. A new one gets a new id, never an old one. */
export interface KnowledgeVectorsTable {
  id: Generated<number>;
  chunk_seq: number;
  owner_id: string;
  /** The model and the length it was asked for, `openai/text-embedding-3-small@512`: only vectors of one space can be compared. */
  space: string;
  /** The signs of the vector, a bit each. Empty, as the vector: the model would not take this passage. */
  code: Uint8Array;
  /** The vector in bytes with a sign. */
  vector: Uint8Array;
}

export interface KnowledgeSchema {
  knowledge_vectors: KnowledgeVectorsTable;
  knowledge_documents: KnowledgeDocumentsTable;
  knowledge_chunks: KnowledgeChunksTable;
  knowledge_folders: KnowledgeFoldersTable;
}
