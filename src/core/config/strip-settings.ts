/** Owns the text of a settings file without its secrets: only what is known to be no secret stays. */
import { parseEnv, rewriteEnv } from './env-file.ts';
import { canonicalName, isSecretName, settingOf } from './settings-table.ts';

/** `text` of `.env` or `config.json` with nothing left of secrets, nor, in `.env`, of names that claw does not know. */
export function stripSettings(name: 'config.json' | '.env', text: string): string {
  return name === '.env' ? stripEnv(text) : stripJson(text);
}

function stripEnv(text: string): string {
  const entries = parseEnv(Buffer.from(text)).filter((entry) => isPlain(entry.name));
  const head: Uint8Array = Buffer.from(
    '# Values of secrets, and of names that claw does not know, are not in a backup.\n',
  );
  return Buffer.from(entries.reduce((file, { name, value }) => rewriteEnv(file, name, value), head)).toString('utf8');
}

function stripJson(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return '{}\n'; // damaged: nobody can say what of it is a secret
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return '{}\n';
  // What a newer claw knows is kept too, unless its name is that of a secret.
  const kept = Object.entries(value).filter(([name]) => isPlain(name) || isUnknown(name));
  return `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`;
}

function isPlain(name: string): boolean {
  const known = canonicalName(name);
  return known !== undefined && settingOf(known).secret !== true && !isSecretName(name);
}

function isUnknown(name: string): boolean {
  return canonicalName(name) === undefined && !isSecretName(name);
}
