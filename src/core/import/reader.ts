/** Owns the contract of a reader: it turns the folder of one kind of assistant into items, changes nothing there, and never fails because of one bad row. */
import type { ForeignDatabase } from '../store/sqlite/read-foreign-database.ts';
import type { ImportedItem, ImportSource } from './imported.ts';
import type { SourceFolder, TellLeftOut } from './source-folder.ts';

/** The folder that is imported, open for reading. */
export interface Source {
  /** Absolute, for people. */
  readonly path: string;
  readonly files: SourceFolder;
  /** A copy of the SQLite file at that path, with what its log holds; undefined when there is none or it cannot be read, which is told. Closed with the source. */
  database(path: string): Promise<ForeignDatabase | undefined>;
  /** Puts a remark into the report. */
  readonly tell: TellLeftOut;
}

export interface ReaderLimits {
  /** Most bytes of one file that is read as a whole. */
  readonly maxFileBytes: number;
}

export interface SourceLook {
  /** 0: nothing of it; the higher, the surer. */
  readonly score: number;
  /** Why it is refused although it is of this kind, as one sentence: a layout that is newer than what is read. */
  readonly refusal?: string | undefined;
}

export interface Reader {
  readonly source: ImportSource;
  /** For people: `flux-openclaw`. */
  readonly label: string;
  /** How much the folder looks like one of this kind, and whether this version of it can be read. */
  look(source: Source): Promise<SourceLook>;
  /** Throws only when the signal was given. */
  read(source: Source, limits: ReaderLimits, signal: AbortSignal): AsyncIterable<ImportedItem>;
}
