import { describe, expect, it } from 'vitest';
import { APPROVAL_CHOICES, drawApproval } from '../../src/repl/approval-choices.ts';
import { lineWidth, plainText } from '../../src/repl/styled-text.ts';

const approval = {
  approvalId: 'a',
  callId: 'c',
  act: 'run_command: rm -rf build',
  reason: 'it is not in the list of allowed programs',
};
const draw = (width: number, height: number, waiting = [approval]): string[] =>
  drawApproval({ waiting, chosen: 0, since: 0 }, width, height).map(plainText);

describe('a request for approval on the screen', () => {
  it('shows the act, the reason and every answer, "No" first and chosen', () => {
    expect(draw(80, 20)).toEqual([
      '? Allow this?',
      '  run_command: rm -rf build',
      '  it is not in the list of allowed programs',
      '› n  No',
      '  y  Yes, this once',
      '  c  Yes, in this conversation',
      '  a  Yes, this very act always',
      '  d  Show all of it first',
    ]);
  });

  it('says how many wait', () => {
    expect(draw(80, 20, [approval, { ...approval, approvalId: 'b' }])[0]).toBe('? Allow this? (1 of 2)');
  });

  it('keeps every answer visible in a small window, and cuts the act', () => {
    const long = { ...approval, act: Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n') };
    const lines = drawApproval({ waiting: [long], chosen: 0, since: 0 }, 24, 10);
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines.slice(-APPROVAL_CHOICES.length).map(plainText)[0]).toBe('› n  No');
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(24);
  });
});
