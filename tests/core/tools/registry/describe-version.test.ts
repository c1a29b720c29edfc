import { expect, it } from 'vitest';
import type { ToolVersionRow } from '../../../../src/core/store/tools-table.ts';
import { describeVersion } from '../../../../src/core/tools/registry/describe-version.ts';

const row = (version: number, source: string): ToolVersionRow =>
  ({
    id: `id-${version}`,
    name: 'dice',
    version,
    hash: 'f'.repeat(64),
    file: 'dice.ts',
    origin: 'ai',
    state: 'pending',
    reason: null,
    source,
    code: source,
    permissions: '{}',
    findings: '[]',
    trials: '[]',
    description: '{}',
    failures: 0,
    created_at: 0,
    decided_at: null,
  }) as unknown as ToolVersionRow;

it('shows each character of the source that a terminal would hide, act on or turn round', () => {
  const { detail } = describeVersion(row(1, 'a\u001b[2J b\u202e\rc\u200b\u{e0041}d\r\n\te'), undefined);
  expect(detail).toContain(String.raw`a\u{1b}[2J b\u{202e}\u{d}c\u{200b}\u{e0041}d` + '\n\te');
});

it('shows them in what changed as well', () => {
  const { detail } = describeVersion(row(2, 'a\n// \u001b[1A\nb'), row(1, 'a\nb'));
  expect(detail).toContain(String.raw`+ // \u{1b}[1A`);
});
