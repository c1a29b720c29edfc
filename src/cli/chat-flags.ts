/** Owns the words that `claw chat` takes. */
import { Args, Flags } from '@oclif/core';
import { userFlag } from './flags.ts';

export const CHAT_ARGS = {
  prompt: Args.string({ ignoreStdin: true, description: 'What to say first; - reads it from stdin.' }),
};

export const CHAT_FLAGS = {
  print: Flags.boolean({ char: 'p', description: 'Answer one question and end.' }),
  'output-format': Flags.string({
    options: ['text', 'json', 'stream-json'] as const,
    description: 'What --print writes; stream-json is one event a line.',
  }),
  continue: Flags.boolean({ char: 'c', description: 'Go on with your last conversation.', exclusive: ['resume'] }),
  resume: Flags.string({
    char: 'r',
    helpValue: 'ID',
    description: 'Go on with this conversation (its id, or the beginning of it).',
  }),
  model: Flags.string({ char: 'm', helpValue: 'PROVIDER/MODEL', description: 'Use this model instead of LLM_MODEL.' }),
  tools: Flags.boolean({ default: true, allowNo: true, description: 'Let the model use tools.' }),
  'max-cost': Flags.string({ helpValue: 'USD', description: 'Stop a turn before it costs more.' }),
  user: userFlag,
};
