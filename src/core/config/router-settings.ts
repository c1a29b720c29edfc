/** Owns the settings of the cheap model: which one it is, and whether light requests go to it first. */
import type { SettingTable } from './setting.ts';

export const ROUTER_SETTINGS = {
  LIGHT_MODEL: {
    kind: 'text',
    description: 'Cheap model for light requests and for sub-tasks that the main model hands over, as provider/name.',
  },
  ROUTER_ENABLED: {
    kind: 'boolean',
    default: false,
    description:
      'Light requests (greetings, thanks, definitions, short translations) go to LIGHT_MODEL first; everything else, and whatever that model cannot answer, to the main model.',
  },
  LIGHT_TIMEOUT: {
    kind: 'number',
    default: 20,
    min: 0.1,
    max: 600,
    description: 'Seconds that LIGHT_MODEL has for a light answer before the main model is asked instead.',
  },
} as const satisfies SettingTable;
