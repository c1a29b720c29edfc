/** Owns the licences of the packages that are copied into a bundle: their authors want them to go along. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Description {
  readonly version: string;
  readonly license?: string;
}

/** The texts of all packages that the files (paths from `root`) belong to. Throws for a package without one. */
export function licencesOf(files: readonly string[], root: string): string {
  const folders = new Map<string, string>();
  for (const file of files) {
    const [folder, name] = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/.exec(file) ?? [];
    if (folder !== undefined && name !== undefined) folders.set(name, join(root, folder));
  }
  const sorted = [...folders].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `claw holds code of these packages.\n\n${sorted.map(([name, folder]) => licenceOf(name, folder)).join('\n')}`;
}

function licenceOf(name: string, folder: string): string {
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Description;
  const texts = readdirSync(folder)
    .filter((file) => /^(?:licen[cs]e|copying|notice)/i.test(file))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  if (texts.length === 0 && license === undefined) throw new Error(`${name} says no licence`);
  return `${'='.repeat(20)} ${name} ${version} (${license ?? 'see below'})\n${texts.join('\n\n')}\n`;
}
