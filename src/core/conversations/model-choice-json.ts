/** Owns a chosen model as JSON, the same on every surface. */
import type { ModelChoice } from './model-choices.ts';

export function modelChoiceJson({ scope, subject, name, models }: ModelChoice) {
  return { scope, subject, name, models: models.split(',') };
}
