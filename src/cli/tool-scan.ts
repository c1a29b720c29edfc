/** Owns the look over all tools of the folder. */
import type { ToolAdmin } from '../core/tools/registry/tool-admin.ts';
import type { ToolRegistry } from '../core/tools/registry/tool-registry.ts';
import { readSource } from '../core/tools/source/read-source.ts';
import type { Finding } from '../core/tools/source/scan-program.ts';
import { languageOf } from './tool-check.ts';
import { readToolSource } from './tool-source.ts';

export interface ScannedTool {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string | null;
  readonly findings: readonly Finding[];
}

/** Reads the source of each tool that is not claw's own. */
export async function scanTools(registry: ToolRegistry, admin: ToolAdmin, signal: AbortSignal): Promise<ScannedTool[]> {
  const found: ScannedTool[] = [];
  for (const entry of await registry.entries()) {
    if (entry.origin === 'builtin') continue;
    const { name, version, state, reason } = entry;
    if (entry.head === undefined) {
      found.push({ name, version, state, reason, findings: [] });
      continue;
    }
    const row = (await admin.versions(name)).find(({ id }) => id === entry.head?.id);
    const text = row ?? (await readToolSource(admin, name));
    const { findings } = await readSource({ source: text.source, language: languageOf(text.file) }, signal);
    found.push({ name, version, state, reason, findings });
  }
  return found;
}
