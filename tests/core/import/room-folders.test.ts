import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roomFolderName } from '../../../src/core/conversations/room-folder.ts';
import { roomFolders } from '../../../src/core/import/room-folders.ts';

test('a name that claw takes stays, any other becomes one that it takes, and no two become one', () => {
  const name = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.constantFrom('main', 'Main', 'MAIN', 'global', '../x', 'x', 'X', 'con', '가족', ''),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 20 }), (names) => {
      const folders = roomFolders(names);
      expect([...folders.keys()].toSorted()).toEqual([...new Set(names)].toSorted());
      expect(new Set(folders.values()).size).toBe(folders.size);
      for (const [before, after] of folders) {
        expect(roomFolderName(after)).toBe(after);
        if (isTaken(before)) expect(after).toBe(before);
      }
    }),
  );
});

function isTaken(name: string): boolean {
  try {
    return roomFolderName(name) === name;
  } catch {
    return false;
  }
}

test('the name does not depend on the others that need one, nor on their order', () => {
  expect(roomFolders(['../x']).get('../x')).toBe(roomFolders(['a', '../x', '../y']).get('../x'));
  expect(roomFolders(['Family']).get('Family')).toBe('family');
  expect(roomFolders(['Family', 'family']).get('Family')).toMatch(/^family-[0-9a-f]{6}$/);
});
