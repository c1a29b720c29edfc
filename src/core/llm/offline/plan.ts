/** Owns what offline mode makes of a question: a few tool calls, and a sentence made of their results. */
import type { JsonObject, ToolSpec } from '../../kernel/messages.ts';

export interface PlannedCall {
  readonly name: string;
  readonly input: JsonObject;
}

export interface Plan {
  /** Made one after the other; each may use the outputs of those before it. */
  readonly calls: readonly ((outputs: readonly string[]) => PlannedCall)[];
  readonly answer: (outputs: readonly string[]) => string;
}

export interface Question {
  readonly text: string;
  readonly isKorean: boolean;
  readonly tools: readonly ToolSpec[];
}
