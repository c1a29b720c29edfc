/** Owns the schemas that several resources share. */
import { z } from 'zod';

/** An id, or the beginning of one where the command line takes that too. */
export const idParams = z.object({ id: z.string().regex(/^[\w-]{1,64}$/, 'is no id') });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

export const instant = z.iso.datetime();

/** Milliseconds UTC of a day or an instant that was written. */
export const day = z
  .string()
  .max(40)
  .transform((text) => Date.parse(text))
  .refine(Number.isFinite, 'is no day or instant')
  .optional();
