/** Owns how a decision is explained to people and programs. */
import { prepareRoutes, routeRequest, type ScorePart, type Tier } from './route-request.ts';

export interface RouteExplanation {
  readonly tier: Tier;
  readonly reason: string;
  readonly score: number;
  readonly parts: readonly ScorePart[];
  /** Microseconds that the decision took. */
  readonly decision_us: number;
  readonly enabled: boolean;
  /** Model it would go to; null for the one that is configured or chosen. */
  readonly model: string | null;
  readonly remark: string;
}

interface Routing {
  readonly lightModel: string | undefined;
  readonly isEnabled: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly elapsed: () => number;
}

export function explainRoute(text: string, { lightModel, isEnabled, elapsed }: Routing): RouteExplanation {
  prepareRoutes();
  const started = elapsed();
  const { tier, reason, score, parts } = routeRequest({ text });
  const decisionUs = Math.round((elapsed() - started) * 1000);
  const isLight = isEnabled && tier === 'light';
  return {
    tier,
    reason,
    score,
    parts,
    decision_us: decisionUs,
    enabled: isEnabled,
    model: isLight ? (lightModel ?? null) : null,
    remark: isEnabled ? '' : remarkOf(lightModel),
  };
}

function remarkOf(lightModel: string | undefined): string {
  return lightModel === undefined
    ? 'Off: every request goes to the main model. Set LIGHT_MODEL and ROUTER_ENABLED.'
    : 'Off: every request goes to the main model. Set ROUTER_ENABLED.';
}
