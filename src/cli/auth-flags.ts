/** Owns the flags of logging in. */
import { Flags } from '@oclif/core';

export const LOGIN_FLAGS = {
  'accept-risk': Flags.boolean({
    description: 'Agree to the use of a subscription by another program than its own.',
  }),
  'write-claude-file': Flags.boolean({
    description: 'Keep the log-in in the file of the Claude CLI too (CLAUDE_CREDENTIALS_FILE), and renew it there.',
  }),
};

/** A log-in by hand in two steps that may be apart. */
export const STEP_FLAGS = {
  'print-url': Flags.boolean({
    description: 'Print the address to open, and wait for nothing.',
    exclusive: ['code'],
  }),
  code: Flags.string({ description: 'What came back: the code, or the whole address you were sent to.' }),
};
