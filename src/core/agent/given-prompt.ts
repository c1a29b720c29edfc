/** Owns what a turn is given when its caller brings the history along. */
import type { Message } from '../kernel/messages.ts';
import type { CallOptions } from '../llm/language-model.ts';

/** A prompt that its caller brings along: nothing stored before it is sent. */
export interface GivenPrompt {
  readonly messages: readonly Message[];
  /** True: `messages` are all; the stored message of the turn is not sent. */
  readonly isWhole: boolean;
  readonly options: CallOptions;
  /** The model's tool calls end the turn: the caller runs them. */
  readonly returnsCalls: boolean;
}
