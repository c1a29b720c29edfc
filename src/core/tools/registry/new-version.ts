/** Owns the row of a version that was examined and is not active yet. */
import { newId } from '../../kernel/ids.ts';
import type { NewToolVersion } from '../../store/tools-table.ts';
import { NO_PERMISSIONS } from '../permissions.ts';
import type { SourceText } from '../source/read-source.ts';
import type { Examined } from './examine-tool.ts';

export interface NewVersion {
  readonly text: SourceText;
  readonly hash: string;
  readonly file: string;
  readonly origin: 'user' | 'ai' | 'marketplace';
  readonly by: string | null;
  readonly examined: Examined;
}

/** `now`: milliseconds UTC. */
export function newVersionRow({ text, hash, file, origin, by, examined }: NewVersion, now: number): NewToolVersion {
  const { description } = examined;
  return {
    id: newId(now),
    name: description?.name ?? file.replace(/\.[^.]+$/, ''),
    hash,
    file,
    origin,
    // A version that passed waits as a draft until its name is free: see takePlaces.
    state: examined.verdict === 'wants-more' ? 'pending' : 'draft',
    reason: examined.reason,
    source: text.source,
    code: examined.code,
    description: JSON.stringify(description ?? {}),
    permissions: JSON.stringify(description?.permissions ?? NO_PERMISSIONS),
    findings: JSON.stringify(examined.findings),
    trials: JSON.stringify(examined.trials),
    is_approved: examined.verdict === 'passed' ? 1 : 0,
    approval_id: null,
    failures: 0,
    created_by: by,
    created_at: now,
    decided_by: null,
    decided_at: null,
  };
}
