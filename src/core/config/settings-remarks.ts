/** Owns what is said about settings that work but look odd: names nobody knows, and doors that a working directory opens. */
import { nearestName } from '../kernel/nearest-name.ts';
import type { Layer } from './layers.ts';
import { isUnset, readValue } from './read-value.ts';
import { canonicalName, isSecretName, SETTING_NAMES, settingOf } from './settings-table.ts';

/** Variables that belong to claw without being settings. */
const OWN_VARIABLES: ReadonlySet<string> = new Set(['CLAW_HOME']);

export interface Oddity {
  /** `unknown`: nobody knows the name; `no-effect`: its value is wrong and left aside; `door`: a file of the working directory opens something. */
  readonly kind: 'unknown' | 'no-effect' | 'door';
  /** As it is written there. */
  readonly name: string;
  readonly source: Layer['source'];
  readonly place: string;
  /** For people. */
  readonly text: string;
}

/** What is odd, in the order of the layers. */
export function odditiesIn(layers: readonly Layer[]): readonly Oddity[] {
  return layers.flatMap(({ source, entries }) =>
    [...entries].flatMap(([name, { raw, place }]): Oddity[] => {
      const known = canonicalName(name);
      if (known !== undefined) {
        const where = { name, source, place };
        const wrong = remarkOnValue(known, raw, place).map((text): Oddity => ({ kind: 'no-effect', ...where, text }));
        const isDoor = source === 'cwd-env' && settingOf(known).sensitive === true;
        const text = `${known} comes from ${place}, a file of the working directory.`;
        return isDoor ? [...wrong, { kind: 'door', ...where, text }] : wrong;
      }
      if (!isOurs(name, source)) return [];
      return [{ kind: 'unknown', name, source, place, text: remarkOnName(name, place) }];
    }),
  );
}

/** Whether an unknown `name` in a layer was meant for claw. */
function isOurs(name: string, source: Layer['source']): boolean {
  if (OWN_VARIABLES.has(name)) return source === 'home-env' || source === 'config';
  if (source === 'config' || source === 'flag') return true;
  if (name.startsWith('CLAW_')) return true;
  return source === 'home-env' && (!isSecretName(name) || nearestName(name, SETTING_NAMES) !== undefined);
}

function remarkOnName(name: string, place: string): string {
  if (OWN_VARIABLES.has(name)) return `${name} in ${place} has no effect: set it in the environment or use --home.`;
  return `${name} in ${place} is no setting and has no effect.${suggestion(name)}`;
}

/** ` Did you mean X?`, or nothing when no setting is near. */
function suggestion(name: string): string {
  const near = nearestName(name.toUpperCase().replace(/^CLAW_/, ''), SETTING_NAMES);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** A wrong value that nothing stops for. */
function remarkOnValue(name: Parameters<typeof settingOf>[0], raw: unknown, place: string): readonly string[] {
  const setting = settingOf(name);
  if (setting.kind !== 'choice' || setting.lenient !== true || isUnset(raw)) return [];
  const reading = readValue(setting, raw);
  return 'expected' in reading ? [`${name} from ${place} must be ${reading.expected}; it has no effect.`] : [];
}
