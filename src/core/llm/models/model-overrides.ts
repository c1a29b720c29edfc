/** Owns the user's own file of models, `models.json` in the home: its format, and how an entry changes what is built in. Loaded only when the file is there. */
import { z } from 'zod';
import { ClawError, toError } from '../../kernel/errors.ts';
import { type CataloguedModel, isNamed, type ModelPrice, UNKNOWN_CONTEXT_TOKENS } from './model-info.ts';

const ratesSchema = z.strictObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cache_read: z.number().nonnegative().optional(),
  cache_write: z.number().nonnegative().optional(),
});

/** One entry of `models.json`, a JSON array. Prices are US dollars per million tokens; what is left out stays as it is built in. */
const entrySchema = z.strictObject({
  provider: z.string().min(1),
  id: z.string().min(1),
  aliases: z.array(z.string().min(1)).optional(),
  context: z.int().positive().optional(),
  max_output: z.int().positive().optional(),
  price: ratesSchema.nullable().optional(),
  priced_on: z.iso.date().optional(),
  effort_with_tools: z.literal('none').optional(),
});

type Entry = z.infer<typeof entrySchema>;

/** `builtIn` with the entries of `text` over it. Throws `data-invalid`, naming `file`, when the text is not a list of entries. */
export function withOverrides(builtIn: readonly CataloguedModel[], text: string, file: string): CataloguedModel[] {
  const models = [...builtIn];
  for (const entry of parse(text, file)) {
    const at = models.findIndex((model) => model.provider === entry.provider && isNamed(model, entry.id));
    if (at === -1) models.push(withEntry(undefined, entry));
    else models[at] = withEntry(models[at], entry);
  }
  return models;
}

function parse(text: string, file: string): Entry[] {
  try {
    return z.array(entrySchema).parse(JSON.parse(text));
  } catch (error) {
    const what =
      error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 4).join(' ') : toError(error).message;
    throw new ClawError('data-invalid', `${file} is no list of models: ${what}`, {
      hint: 'An entry looks like {"provider": "openai-compatible", "id": "llama3.3", "context": 32000, "price": {"input": 0, "output": 0}}.',
      cause: error,
    });
  }
}

function withEntry(known: CataloguedModel | undefined, entry: Entry): CataloguedModel {
  const effort = entry.effort_with_tools ?? known?.effortWithTools;
  const contextTokens = entry.context ?? known?.contextTokens ?? UNKNOWN_CONTEXT_TOKENS;
  return {
    provider: entry.provider,
    id: known?.id ?? entry.id,
    aliases: [...new Set([...(known?.aliases ?? []), ...(entry.aliases ?? [])])],
    contextTokens,
    maxOutputTokens: entry.max_output ?? known?.maxOutputTokens ?? contextTokens,
    price: entry.price === undefined ? (known?.price ?? null) : toPrice(entry.price),
    pricedOn: entry.priced_on ?? known?.pricedOn ?? null,
    ...(effort === undefined ? {} : { effortWithTools: effort }),
    ...(known?.isPlain === true ? { isPlain: true } : {}),
  };
}

/** Cached tokens without a rate of their own cost what any other input costs. */
function toPrice(price: z.infer<typeof ratesSchema> | null): ModelPrice | null {
  if (price === null) return null;
  const { input, output, cache_read = input, cache_write = input } = price;
  return { input, output, cacheRead: cache_read, cacheWrite: cache_write };
}
