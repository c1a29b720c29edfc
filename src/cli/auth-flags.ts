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
