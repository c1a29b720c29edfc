/** Owns the list of the places in which each setting stands: what outranks what. Never tells a value. */
import type { Found, Layer } from './layers.ts';
import { isUnset } from './read-value.ts';
import { canonicalName, namesOf, SETTING_NAMES, type SettingName } from './settings-table.ts';

export interface StandingValue {
  readonly setting: SettingName;
  /** The name under which it is written there. */
  readonly written: string;
  readonly source: Layer['source'];
  readonly place: string;
  /** It is the one in force. */
  readonly isInForce: boolean;
  /** It says something else than the one in force. */
  readonly differs: boolean;
}

/** Every place of every setting that stands anywhere, the strongest first. */
export function standingValues(layers: readonly Layer[]): readonly StandingValue[] {
  return SETTING_NAMES.filter((name) => isAnywhere(layers, name)).flatMap((setting) => {
    const found = layers.flatMap(({ source, entries }) =>
      namesOf(setting).flatMap((written) => {
        const entry = entries.get(written);
        return entry === undefined || isUnset(entry.raw) ? [] : [{ written, source, ...entry }];
      }),
    );
    const said = ({ raw }: Found): string => JSON.stringify(typeof raw === 'string' ? raw.trim() : raw);
    return found.map((each, index) => ({
      setting,
      written: each.written,
      source: each.source,
      place: each.place,
      isInForce: index === 0,
      differs: found[0] !== undefined && said(each) !== said(found[0]),
    }));
  });
}

function isAnywhere(layers: readonly Layer[], name: SettingName): boolean {
  return layers.some(({ entries }) => namesOf(name).some((each) => entries.has(each) && canonicalName(each) === name));
}
