/** Owns the status line: model, context left, cost, tokens and cache, shortened by importance until it fits. */
import type { TurnUsage } from '../core/kernel/events.ts';
import { ENGLISH, type Catalogue } from '../core/kernel/language/catalogue.ts';
import type { Session } from './repl-state.ts';
import { textWidth, truncate } from '../core/kernel/text-width.ts';

interface Segment {
  readonly text: string;
  /** The highest number gives way first. */
  readonly rank: number;
}

const SEPARATOR = ' · ';

/** The status line of `session` in at most `width` columns. */
export function statusLine(session: Session, width: number, { repl }: Catalogue = ENGLISH): string {
  const whole = joined(segmentsOf(session, modelName(session.model), repl));
  if (textWidth(whole) <= width) return whole;
  // The model's own name says more than its provider's.
  const model = session.model.split('/').slice(1).join('/') || session.model;
  let segments = segmentsOf(session, model, repl);
  while (segments.length > 1 && textWidth(joined(segments)) > width) {
    const last = Math.max(...segments.map(({ rank }) => rank));
    segments = segments.filter(({ rank }) => rank !== last);
  }
  return truncate(joined(segments), width);
}

function joined(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join(SEPARATOR);
}

function segmentsOf(session: Session, model: string, texts: Catalogue['repl']): Segment[] {
  const { lastUsage } = session;
  const segments: Segment[] = [{ text: model, rank: 0 }];
  // The offline mode counts and costs nothing.
  if (lastUsage !== undefined && lastUsage.inputTokens + lastUsage.outputTokens === 0) return segments;
  if (lastUsage !== undefined)
    segments.push({ text: texts.tokens(formatTokens(lastUsage.inputTokens + lastUsage.outputTokens)), rank: 5 });
  if (lastUsage !== undefined && session.turns > 0) {
    segments.push({ text: formatCost(lastUsage.costUsd), rank: 3 });
    segments.push({
      text: texts.total(`${formatCost(session.costUsd)}${session.hasUnknownCost ? '+?' : ''}`),
      rank: 2,
    });
  }
  const cached = cacheRate(lastUsage);
  if (cached !== undefined) segments.push({ text: texts.cache(cached), rank: 4 });
  const left = contextLeft(session);
  if (left !== undefined) segments.push({ text: texts.contextLeft(left), rank: 1 });
  return segments.filter(({ text }) => text !== '');
}

/** `provider/model`; the name once where both are the same. */
export function modelName(ref: string): string {
  const [provider, model] = ref.split('/');
  return provider === model ? (provider ?? ref) : ref;
}

/** Per cent of the input of `usage` that the provider had cached; undefined when nothing was read. */
export function cacheRate(usage: TurnUsage | undefined): number | undefined {
  if (usage === undefined || usage.inputTokens === 0) return undefined;
  return Math.round((usage.cachedTokens / usage.inputTokens) * 100);
}

/** Per cent of the model's context that is free; undefined while unknown. */
export function contextLeft({ usedTokens, contextTokens }: Session): number | undefined {
  if (usedTokens === null || contextTokens === null || contextTokens <= 0) return undefined;
  return Math.max(0, Math.floor((1 - usedTokens / contextTokens) * 100));
}

/** `950`, `1.2k`, `128k`, `1.0M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens);
  if (tokens < 1_000_000) return `${(tokens / 1000).toFixed(tokens < 10_000 ? 1 : 0)}k`;
  return `${(tokens / 1_000_000).toFixed(1)}M`;
}

/** `$0`, `$0.0031`, `$0.25`; `$?` when the price is unknown. */
export function formatCost(usd: number | null): string {
  if (usd === null) return '$?';
  if (usd === 0) return '$0';
  return usd < 0.1 ? `$${Math.max(usd, 0.0001).toFixed(4)}` : `$${usd.toFixed(2)}`;
}
