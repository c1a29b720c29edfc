/** Owns how a package that is not installed is told on the command line. */
import { safeText } from '../core/kernel/terminal-text.ts';
import { inspectedJson } from '../core/marketplace/marketplace-json.ts';
import type { Inspected, Marketplace } from '../core/marketplace/marketplace-service.ts';
import { makeVisible } from '../core/sandbox/exec/show-act.ts';
import { permissionWords } from '../core/tools/permissions.ts';
import { printErr } from './print.ts';
import type { ToolReport } from './tool-report.ts';

/** Throws `not-found` when no registry has it. */
export async function packageReport(marketplace: Marketplace, name: string, signal: AbortSignal): Promise<ToolReport> {
  const { found, remarks } = await marketplace.inspect(name, signal);
  for (const remark of remarks) printErr(safeText(remark));
  const [only, another] = found.map(inspectedJson);
  const json = another === undefined ? (only ?? {}) : { name, registries: found.map(inspectedJson) };
  return { json, text: safeText(found.map(packageText).join('\n\n')) };
}

function packageText({ entry, from, revoked, installed, candidate, problem }: Inspected): string {
  const { name, version, description, author, permissions, key_id } = entry;
  const words = permissionWords(permissions).map((word) => `  - ${makeVisible(word)}`);
  const source = candidate?.verified.source.split(/\r?\n/) ?? [];
  return [
    `${name} ${version} in the registry ${from.location}, ${installed === null ? 'not installed' : `${installed} is installed`}`,
    ...(revoked === null ? [] : [`Revoked: ${revoked}`]),
    `It says of itself: ${JSON.stringify(description)}`,
    `By ${JSON.stringify(author)}, signed by the key ${key_id}`,
    words.length === 0 ? 'It may only compute.' : `It may:\n${words.join('\n')}`,
    ...(problem === undefined ? [] : [`It cannot be had: ${problem}`]),
    '',
    ...source.map((line) => line.split('\t').map(makeVisible).join('\t')),
  ].join('\n');
}
