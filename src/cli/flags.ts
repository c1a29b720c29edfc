/** Owns flags that several commands share. */
import { Flags } from '@oclif/core';
import { ClawError } from '../core/kernel/errors.ts';
import { phrase } from '../core/kernel/language/phrase.ts';

/** Whose data the command works on. */
export const userFlag = Flags.string({ description: 'Work as this user instead of the owner of the home.' });

/** A flag that takes the words true and false, so that both can be said. */
export const trueFalse = Flags.custom<boolean>({ options: ['true', 'false'], parse: async (word) => word === 'true' });

/** Which service is meant when both are installed. */
export const systemFlag = Flags.boolean({ description: 'The service of the machine, not the one of this user.' });

/** A chat of a platform. */
export const jidFlag = Flags.custom({ description: 'Id of the chat: tg:-100123, dc:123 or slack:C0123.' });

/** What wakes the assistant in a room. */
export const triggerFlag = Flags.custom({
  description: "What calls the assistant: @Name, or a pattern of RE2 syntax; '' for its own name.",
});

/** A day (its beginning in UTC) or an instant of ISO 8601, as milliseconds UTC. */
export const instantFlag = Flags.custom<number>({
  parse: async (word) => {
    const at = /^\d{4}-\d{2}-\d{2}/.test(word) ? Date.parse(word) : Number.NaN;
    if (!Number.isNaN(at)) return at;
    throw new ClawError('usage-invalid', phrase('noDate', JSON.stringify(word)), {
      hint: phrase('writeDate'),
    });
  },
});
