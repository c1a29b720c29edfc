/** Owns the port to models that make vectors of texts. Adapters convert; they never retry, log or read settings. */

/** What a text is to the search: some models make other vectors of questions than of what is searched. */
export type EmbeddingPurpose = 'document' | 'query';

export interface EmbeddingRequest {
  /** 1 to `maxTexts`, none of them empty. */
  readonly texts: readonly string[];
  readonly purpose: EmbeddingPurpose;
  readonly signal: AbortSignal;
}

export interface Embedded {
  /** One for each text, in order; all of one length, not normalised. */
  readonly vectors: readonly Float32Array[];
  /** As the provider counted; undefined when it did not. */
  readonly inputTokens: number | undefined;
}

export interface EmbeddingModel {
  readonly provider: string;
  /** The id the provider knows. */
  readonly model: string;
  /** Texts of one request at most. */
  readonly maxTexts: number;
  /** Throws `ModelFailure`. */
  embed(request: EmbeddingRequest): Promise<Embedded>;
}
