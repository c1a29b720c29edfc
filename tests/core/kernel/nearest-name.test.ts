import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../src/core/kernel/nearest-name.ts';

const names = new Set(['chat', 'config get', 'config set', 'user', 'user key list']);

describe('nearestName', () => {
  it('forgives a slip and offers nothing for something else', () => {
    expect(nearestName('cnofig get', names)).toBe('config get');
    expect(nearestName('caht', names)).toBe('chat');
    expect(nearestName('zebra', names)).toBeUndefined();
  });

  it('names a known name for itself', () => {
    for (const name of names) expect(nearestName(name, names)).toBe(name);
  });
});
