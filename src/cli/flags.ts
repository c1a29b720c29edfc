/** Owns flags that several commands share. */
import { Flags } from '@oclif/core';

/** Whose data the command works on. */
export const userFlag = Flags.string({ description: 'Work as this user instead of the owner of the home.' });

/** A flag that takes the words true and false, so that both can be said. */
export const trueFalse = Flags.custom<boolean>({ options: ['true', 'false'], parse: async (word) => word === 'true' });

/** Which service is meant when both are installed. */
export const systemFlag = Flags.boolean({ description: 'The service of the machine, not the one of this user.' });
