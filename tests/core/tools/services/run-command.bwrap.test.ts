import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call, talk, toolEnds } from './tools-kit.ts';

test('a command that must be asked for runs after the yes, in the same turn', async () => {
  const it = await talk([call('run_command', { command: 'touch made' }), { text: 'Made.' }]);
  const events = await it.send('touch it', ({ approvalId }) => {
    void it.approvals.decide(approvalId, { isApproved: true, scope: 'once', by: it.userId });
  });
  expect(toolEnds(events)).toMatchObject([{ name: 'run_command', status: 'ok' }]);
  expect(existsSync(join(it.home, 'groups', 'main', 'made'))).toBe(true);
});
