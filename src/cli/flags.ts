/** Owns flags that several commands share. */
import { Flags } from '@oclif/core';

/** Whose data the command works on. */
export const userFlag = Flags.string({ description: 'Work as this user instead of the owner of the home.' });
