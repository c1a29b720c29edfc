/** Owns how a setting is put right: by a change of config.json where that counts, else by the command for the place it stands in. Pure. */
import type { Settings } from '../../config/load-settings.ts';
import type { SettingName } from '../../config/settings-table.ts';
import { commandText, commentOut } from '../command-text.ts';
import type { Hit } from './finding.ts';

type Mended = Pick<Hit, 'fix' | 'remedies'>;

/** Sets `name` to `value`, or back to its default with null. */
export function mendSetting(settings: Pick<Settings, 'standing'>, name: SettingName, value: unknown): Mended {
  const first = settings.standing.find(({ setting }) => setting === name);
  if (first === undefined || first.source === 'config') {
    const words = value === null ? ['unset', name] : ['set', name, textOf(value)];
    return { fix: commandText('claw', 'config', ...words), remedies: [{ kind: 'setting', name, value }] };
  }
  // What stands above config.json has to go from there first, by the hand that wrote it.
  if (first.source === 'environment') return { fix: commandText('unset', first.written) };
  return { fix: first.source === 'flag' ? null : commentOut(first.place, process.platform) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Several settings at once: the command is that of the first. */
export function mendSettings(
  settings: Pick<Settings, 'standing'>,
  changes: readonly (readonly [name: SettingName, value: unknown])[],
): Mended {
  const mended = changes.map(([name, value]) => mendSetting(settings, name, value));
  const remedies = mended.flatMap((each) => each.remedies ?? []);
  // All or nothing: half a remedy would look like a whole one.
  const isWhole = mended.every((each) => each.remedies !== undefined);
  return { fix: mended[0]?.fix ?? null, ...(isWhole ? { remedies } : {}) };
}
