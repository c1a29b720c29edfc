/** Owns how a model is named: `provider/model`, where the model's own name may hold slashes. */
import { findProvider } from './registry.ts';

export interface ModelRef {
  readonly provider: string;
  readonly model: string;
}

export function formatRef({ provider, model }: ModelRef): string {
  return `${provider}/${model}`;
}

/** What `text` says: a provider with or without a model, or a model whose provider is for someone else to find. */
export function parseRef(text: string): Partial<ModelRef> {
  const named = text.trim();
  const slash = named.indexOf('/');
  const head = slash === -1 ? named : named.slice(0, slash);
  if (findProvider(head) === undefined) return { model: named };
  const rest = slash === -1 ? '' : named.slice(slash + 1);
  return rest === '' ? { provider: head } : { provider: head, model: rest };
}
