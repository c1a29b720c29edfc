/** Owns the list of models: the built-in data, and over it the user's own file. A model is found by its exact id or a listed alias, never by a part of it. */
import { readFile } from 'node:fs/promises';
import { ANTHROPIC_MODELS } from './anthropic-models.ts';
import { GOOGLE_MODELS } from './google-models.ts';
import { OPENAI_MODELS } from './openai-models.ts';
import { type CataloguedModel, isNamed, type ModelInfo } from './model-info.ts';

export interface ModelCatalog {
  readonly models: readonly CataloguedModel[];
  /** The model of that exact id or alias; undefined when it is not listed. */
  find(provider: string, id: string): CataloguedModel | undefined;
}

const BUILT_IN: Readonly<Record<string, readonly ModelInfo[]>> = {
  anthropic: ANTHROPIC_MODELS,
  openai: OPENAI_MODELS,
  google: GOOGLE_MODELS,
};

/** Reads the catalog; a missing file adds nothing. Throws `data-invalid` when the file is not what it should be. */
export async function loadModelCatalog(overridesFile: string): Promise<ModelCatalog> {
  const builtIn = Object.entries(BUILT_IN).flatMap(([provider, models]) =>
    models.map((model) => ({ ...model, provider })),
  );
  const text = await readFile(overridesFile, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  const models =
    text === undefined ? builtIn : (await import('./model-overrides.ts')).withOverrides(builtIn, text, overridesFile);
  return {
    models,
    find: (provider, id) => models.find((model) => model.provider === provider && isNamed(model, id)),
  };
}
