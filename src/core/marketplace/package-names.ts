/** Owns what a file of a package may be called: a plain name that is the same on every file system. */
import { damaged } from './strict-json.ts';

/** Throws `data-invalid` for the first name that is a path, a trick, or the twin of another. */
export function refuseFileNames(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const reason = refuseName(name);
    if (reason !== undefined) throw damaged(`The package has a file ${JSON.stringify(name)}: ${reason}.`);
    const folded = name.toLowerCase();
    const twin = seen.get(folded);
    if (twin !== undefined) throw damaged(`The package has ${twin} and ${name}, which are one file on some machines.`);
    seen.set(folded, name);
  }
}

function refuseName(name: string): string | undefined {
  if (name === '') return 'it has no name';
  if (name.includes('\0')) return 'its name has a zero byte';
  if (name.includes('\\')) return 'its name has a backslash';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'its name is an absolute path';
  if (name.split('/').some((part) => part === '..' || part === '.')) return 'its name climbs with dots';
  if (name.includes('/')) return 'a package has no folders';
  if (name !== name.normalize('NFC')) return 'its name is not composed (NFC) and could be the twin of another';
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return 'its name has other characters than letters, digits, _ . -';
  return undefined;
}
